"""Request bodies, checked before Gradio sees them: Gradio answers 500 to what here is a plain 400.

A body is a JSON object of whole characters. A call names one of our two events and brings its two values; whoever
calls the API with a question alone gets an empty history added.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

VALUES = 2  # a question and its history
_BY_NAME = re.compile(r"/gradio_api/(run|call)/ask/?")
_BY_NUMBER = re.compile(r"/gradio_api/(run/predict/?|queue/join)")


def fit(path: str, body: bytes, events: Collection[int]) -> tuple[bytes, str]:
    """The body to pass on, and why it is refused (empty: it is not)."""
    try:
        sent = json.loads(body)
        json.dumps(sent, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return body, "the body is not JSON text"
    if not isinstance(sent, dict):
        return body, "the body is not a JSON object"
    if _BY_NAME.fullmatch(path):
        return _complete(sent)
    if _BY_NUMBER.fullmatch(path):
        return body, _unfit(sent, events)
    return body, ""


def _complete(sent: dict[str, Any]) -> tuple[bytes, str]:
    values = sent.get("data")
    if not isinstance(values, list) or not 1 <= len(values) <= VALUES:
        return b"", "“data” must be a list: the question, and the earlier questions if there are any"
    return json.dumps({**sent, "data": [*values, []][:VALUES]}).encode(), ""


def _unfit(sent: dict[str, Any], events: Collection[int]) -> str:
    values, event = sent.get("data"), sent.get("fn_index")
    if type(event) is not int or event not in events:
        return "“fn_index” names no event of this page"
    if not isinstance(values, list) or len(values) != VALUES:
        return f"“data” must be a list of {VALUES} values"
    return ""
