"""Gradio's queue, from the side of whoever fetches an answer: which answers wait, and what nobody will fetch any more.

Gradio keeps a mailbox for each of the last 2,000 sessions and, beside it, a set of unanswered calls for every session
there ever was. The second would grow as long as the server runs; here it is cut down to what the first still holds.
"""

from __future__ import annotations

import gradio as gr

ROOM = 4_000


class Mailboxes:
    """The answers of one page's queue."""

    def __init__(self, page: gr.Blocks) -> None:
        self._queue = page._queue

    def waiting(self, name: str) -> bool:
        """Whether an answer waits, or is being made, under the name of a call or a session."""
        return bool(self._queue.pending_event_ids_session.get(name))

    def tidy(self) -> None:
        """Forget the sessions whose answers were all fetched, or can be fetched no more."""
        calls = self._queue.pending_event_ids_session
        if len(calls) > ROOM:
            held = self._queue.pending_messages_per_session
            for name in [name for name, ids in calls.items() if not ids or name not in held]:
                del calls[name]
