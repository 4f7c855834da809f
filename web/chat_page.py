"""The page as Gradio blocks: a head, the conversation, the article; one event for a question, one name in the API.

An answer costs one request. The server returns only the new turn; a script on the page appends it to the chatbot, so
what travels does not grow with the conversation. History is what the page sends along: the server stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.events import api as add_api

from corpus.common.settings import Settings
from retrieval.answerer import READ_FOR_DANGER
from retrieval.ranking.protocols import Answerer
from web import page_texts as texts
from web.middleware.failures import without_details
from web.middleware.throttling import AT_ONCE, WAITING
from web.render import answer_card, page_frame

HISTORY_TURNS = 20
BOX_CHARACTERS = READ_FOR_DANGER  # the answer to a longer question says that it is too long; the box cuts nothing off
FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")

# What the script needs is in `window.askPage`; these only hand Gradio's values over.
_BEFORE = "(question, history) => window.askPage.asking(question, history)"
_ARRIVED = "(turn, chat, history, box) => window.askPage.arrived(turn, chat, history, box)"
_FAILED = "() => window.askPage.failed()"
_AGAIN = "() => window.askPage.again()"


def build(answerer: Answerer, settings: Settings) -> gr.Blocks:
    """Return the whole page for one answerer; it keeps nothing of a conversation on the server."""
    shown = answer_card.Shown(answerer.articles, settings.feedback is not None)
    page = gr.Blocks(title=texts.TITLE, analytics_enabled=False, fill_width=True)
    page.queue(max_size=WAITING)
    page._queue.ANALYTICS_MAX_EVENTS = 1  # else each call through the queue puts the last 10,000 into a table
    with page:
        _html(page_frame.head(answerer.articles), "top")
        with gr.Column(elem_id="talk"):
            chat = _chatbot(answerer)
            _html(page_frame.busy(), "state")
            with gr.Row(elem_id="composer"):
                box = _box()
                ask = gr.Button(texts.ASK, elem_id="ask", variant="primary", scale=0)
            again = gr.Button(texts.START_AGAIN, elem_id="again", size="sm")
        _html(page_frame.article_pane(answerer.articles), "side")
        talk = _Talk(box, ask, chat, gr.JSON([], visible=False), gr.JSON(None, visible=False))
        _on_question(_turn_of(answerer, shown), talk)
        again.click(None, None, [chat, talk.history, box], js=_AGAIN, queue=False, show_progress="hidden")
        _add_api(answerer)
    return page


@dataclass(frozen=True, slots=True)
class _Talk:
    """The components a question passes through; `history` and `turn` are never seen."""

    box: gr.Textbox
    ask: gr.Button
    chat: gr.Chatbot
    history: gr.JSON
    turn: gr.JSON


def _on_question(answer: Callable[[Any, Any], dict[str, Any]], talk: _Talk) -> None:
    event = gr.on(
        [talk.box.submit, talk.ask.click],
        answer,
        [talk.box, talk.history],
        [talk.turn],
        js=_BEFORE,
        queue=False,
        show_progress="hidden",
        trigger_mode="once",
        api_visibility="private",
    )
    changed = [talk.chat, talk.history, talk.box]
    event.success(None, [talk.turn, *changed], changed, js=_ARRIVED, queue=False, show_progress="hidden")
    event.failure(None, None, None, js=_FAILED, queue=False, show_progress="hidden")


def _turn_of(answerer: Answerer, shown: answer_card.Shown) -> Callable[[Any, Any], dict[str, Any]]:
    edition = page_frame.edition(shown.articles)

    def answer(question: Any, history: Any) -> dict[str, Any]:
        with without_details():
            found = answerer.ask(clean_question(question), clean_history(history))
            return {
                "question": found.question,
                "kind": found.kind.value,
                "asked": answer_card.question_html(found.question),
                "shown": answer_card.answer_html(found, shown),
                "spoken": answer_card.spoken(found),
                "places": [place.address for place in answer_card.places(found, shown.articles)],
                "edition": edition,
            }

    return answer


def _add_api(answerer: Answerer) -> None:
    def ask(question: str, history: list[str] | None = None) -> dict[str, Any]:
        """Answer a question from the article; `history` holds the earlier questions, oldest first."""
        with without_details():
            return answerer.ask(clean_question(question), clean_history(history)).to_json()

    add_api(ask, api_name="ask", queue=True, concurrency_limit=AT_ONCE)


def clean_question(question: Any) -> str:
    """Return what was sent as a question; what is no text is an empty question, which the answerer refuses in words."""
    return question if isinstance(question, str) else ""


def clean_history(history: Any) -> list[str]:
    """Return the last earlier questions that are text."""
    return [q for q in history if isinstance(q, str)][-HISTORY_TURNS:] if isinstance(history, list) else []


def _chatbot(answerer: Answerer) -> gr.Chatbot:
    """Return a chatbot that sanitises what is escaped already, and does nothing with a message but show it."""
    return gr.Chatbot(
        label=texts.TALK,
        show_label=False,
        elem_id="chat",
        container=False,
        height=None,
        autoscroll=False,
        placeholder=page_frame.welcome(answerer.starters),
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        line_breaks=False,
        layout="panel",
        buttons=[],
        feedback_options=None,
        group_consecutive_messages=False,
        allow_file_downloads=False,
    )


def _box() -> gr.Textbox:
    return gr.Textbox(
        label=texts.ASK_LABEL,
        placeholder=texts.ASK_PLACEHOLDER,
        elem_id="box",
        max_length=BOX_CHARACTERS,
        lines=1,
        max_lines=5,
        autofocus=False,
        container=False,
        scale=1,
    )


def _html(markup: str, elem_id: str) -> gr.HTML:
    return gr.HTML(markup, elem_id=elem_id, js_on_load=None, apply_default_css=False, padding=False)


def theme() -> gr.themes.Base:
    """Return Gradio's plainest theme with the system's own fonts, so that none is fetched."""
    return gr.themes.Base(font=FONT, font_mono=("ui-monospace", "monospace"))
