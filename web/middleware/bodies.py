"""Request bodies, checked before Gradio sees them: Gradio answers 500 to what here is a plain 400.

A body is a JSON object of whole characters. A call names one of our two events and brings its two values; whoever
calls the API with a question alone gets an empty history added. Nothing else that a body holds is passed on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

VALUES = 2  # a question and its history
SESSION = re.compile(r"[\w-]{1,64}", re.ASCII)
_BY_NAME = re.compile(r"/gradio_api/(run|call)/ask/?")
_BY_NUMBER = re.compile(r"/gradio_api/run/predict/?")
_QUEUED = re.compile(r"/gradio_api/queue/join")


def fit(path: str, body: bytes, events: Collection[int]) -> tuple[bytes, str]:
    """The body to pass on, and why it is refused (empty: it is not)."""
    try:
        sent = json.loads(body)
        json.dumps(sent, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return b"", "the body is not JSON text"
    if not isinstance(sent, dict):
        return b"", "the body is not a JSON object"
    if _BY_NAME.fullmatch(path):
        kept, reason = _named(sent)
    elif _BY_NUMBER.fullmatch(path):
        kept, reason = _numbered(sent, events)
    elif _QUEUED.fullmatch(path):
        kept, reason = _queued(sent, events)
    else:
        kept, reason = sent, ""
    return json.dumps(kept).encode(), reason


def _named(sent: dict[str, Any]) -> tuple[dict[str, Any], str]:
    values = sent.get("data")
    if not isinstance(values, list) or not 1 <= len(values) <= VALUES:
        return {}, "“data” must be a list: the question, and the earlier questions if there are any"
    return {"data": _texts([*values, []][:VALUES])}, ""


def _numbered(sent: dict[str, Any], events: Collection[int]) -> tuple[dict[str, Any], str]:
    values, event = sent.get("data"), sent.get("fn_index")
    if type(event) is not int or event not in events:
        return {}, "“fn_index” names no event of this page"
    if not isinstance(values, list) or len(values) != VALUES:
        return {}, f"“data” must be a list of {VALUES} values"
    return {"data": _texts(values), "fn_index": event}, ""


def _queued(sent: dict[str, Any], events: Collection[int]) -> tuple[dict[str, Any], str]:
    kept, reason = _numbered(sent, events)
    session = sent.get("session_hash")
    if not isinstance(session, str) or not SESSION.fullmatch(session):
        reason = reason or "“session_hash” must be 1 to 64 letters or digits"
    return {**kept, "session_hash": session}, reason


def _texts(values: list[Any]) -> list[Any]:
    """A question and its history, without whatever else they may hold and however deep; no text at all becomes null."""
    question, history = values
    earlier = [text for text in history if isinstance(text, str)] if isinstance(history, list) else []
    return [question if isinstance(question, str) else None, earlier]
