"""One question through the public endpoint of a running Space, over Gradio's documented HTTP API.

https://www.gradio.app/guides/querying-gradio-apps-with-curl : a POST opens the call, a GET streams its events.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2

from deploy.errors import DeployError

WAIT_SECONDS = 60


def smoke(address: str, question: str, token: str) -> dict[str, Any]:
    """Ask the chat at `address`; the token lets a private Space in.

    Raises:
        DeployError: no answer, or one without a quote; the message says how to look further.
    """
    call = f"{address.rstrip('/')}/gradio_api/call/ask"
    headers = {"authorization": f"Bearer {token}"}
    try:
        with httpx2.Client(headers=headers, timeout=WAIT_SECONDS, follow_redirects=True) as client:
            opened = client.post(call, json={"data": [question, []]}).raise_for_status()
            with client.stream("GET", f"{call}/{opened.json()['event_id']}") as events:
                answer = _result(events.raise_for_status().iter_lines())
    except (httpx2.HTTPError, ValueError, KeyError) as error:
        said = str(error).splitlines()[0]
        raise DeployError(
            f"the Space runs but does not answer at {call} ({said}); look at its log on its page"
        ) from error
    if not isinstance(answer, dict) or not answer.get("quotes"):
        raise DeployError(
            f"the Space answers {question!r} without a quote: {json.dumps(answer)[:200]}; run: make space"
        )
    return answer


def _result(lines: Iterator[str]) -> Any:
    """The data of the event `complete`; `error` is one of ours."""
    event = ""
    for line in lines:
        if line.startswith("event:"):
            event = line.removeprefix("event:").strip()
        elif line.startswith("data:") and event == "complete":
            return json.loads(line.removeprefix("data:"))[0]
        elif line.startswith("data:") and event == "error":
            raise ValueError(f"event error {line.removeprefix('data:').strip()}")
    raise ValueError("the stream ended without an answer")
