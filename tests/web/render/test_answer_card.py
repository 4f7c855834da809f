from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from retrieval.result import Advice, Answer, AnswerKind, Highlight, Quote, SourceHit
from tests.web.fake import DISCLAIMER, real_answerer
from web.render.answer_card import Shown, answer_html, lead, places, question_html, spoken
from web.render.places import Place, locate
from web.render.source_card import decorate

FAKE = real_answerer()
SHOWN = Shown(FAKE.articles)
ANSWER = FAKE.ask("What are the symptoms of low magnesium levels?")
QUOTE = Quote("It is rare.", "T", "H", 0, 11, 1.0)


def words(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", markup))


def test_each_quote_is_numbered_linked_and_to_the_letter() -> None:
    markup = answer_html(ANSWER, SHOWN)
    for number, quote in enumerate(ANSWER.quotes, start=1):
        assert f'href="#at-0-{quote.start}-{quote.end}"' in markup
        assert f'<span class="seen">{number}</span>' in markup
        assert quote.text in words(markup)


def test_places_follow_the_quotes() -> None:
    assert places(ANSWER, FAKE.articles) == [Place(0, q.start, q.end) for q in ANSWER.quotes]
    assert Place(2, 3, 9).address == "at-2-3-9"


def test_a_quote_of_an_article_not_shown_has_no_link() -> None:
    quote = replace(ANSWER.quotes[0], article="Another")
    assert locate(quote, FAKE.articles) is None
    markup = answer_html(replace(ANSWER, quotes=(quote,), sources=()), SHOWN)
    assert "#at-" not in markup
    assert '<span class="cite">1</span>' in markup


@pytest.mark.parametrize("kind", list(AnswerKind))
def test_quotes_are_shown_only_for_kinds_that_may_quote(kind: AnswerKind) -> None:
    markup = answer_html(replace(ANSWER, kind=kind), SHOWN)
    quoted = kind in (AnswerKind.ANSWER, AnswerKind.RELATED, AnswerKind.PERSONAL)
    assert ("<blockquote" in markup) == quoted
    assert f'class="answer kind-{kind.value}"' in markup
    assert words(markup).count(DISCLAIMER) == 1


def test_the_lead_stands_before_the_quotes_or_the_pages_own_words_do() -> None:
    told = Answer("q", AnswerKind.RELATED, "Nearest:", quotes=(QUOTE,), disclaimer="Mind this.")
    assert lead(told) == ["Nearest:"]
    assert lead(replace(told, lead="")) == ["The article does not say this. The nearest it says is:"]


def test_what_looks_like_a_quote_a_list_or_the_disclaimer_stays_what_it_is() -> None:
    quote = replace(QUOTE, text="It is rare.\n1. Very.")
    told = Answer("q", AnswerKind.RELATED, "Is “It is rare.\n1. Very.” said?", quotes=(quote,), disclaimer="Mind this.")
    assert lead(told) == ["Is “It is rare.\n1. Very.” said?"]
    assert "<li" not in answer_html(told, SHOWN)
    aid = replace(told, lead="Nearest:", advice=(Advice("It is rare.\n1. Very."), Advice("Mind this.")))
    shown = words(answer_html(aid, SHOWN))
    assert shown.count("It is rare.\n1. Very.") == 3  # as a quote, beside it to be copied, and in the advice
    assert shown.count("Mind this.") == 2


def test_a_personal_answer_tells_what_is_quoted_from_what_is_said_to_the_person() -> None:
    told = replace(ANSWER, kind=AnswerKind.PERSONAL, lead="Ask a clinician.")
    assert lead(told) == ["Ask a clinician.", "In general, the article says:"]
    assert lead(replace(told, quotes=())) == ["Ask a clinician."]


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (AnswerKind.ANSWER, "The article also answers"),
        (AnswerKind.RELATED, "The article does answer"),
        (AnswerKind.NOT_COVERED, "The article does answer"),
        (AnswerKind.SMALLTALK, "You could ask"),
        (AnswerKind.INVALID, "You could ask"),
    ],
)
def test_suggestions_are_introduced_by_what_was_said(kind: AnswerKind, title: str) -> None:
    quotes = ANSWER.quotes if kind in (AnswerKind.ANSWER, AnswerKind.RELATED) else ()
    told = replace(ANSWER, kind=kind, quotes=quotes, suggestions=("What is hypomagnesemia?",))
    assert f'<div class="suggestions"><p class="small">{title}</p>' in answer_html(told, SHOWN)


def test_a_copied_quote_names_its_article_once() -> None:
    quote = replace(ANSWER.quotes[0], heading=ANSWER.quotes[0].article)
    copied = words(answer_html(replace(ANSWER, quotes=(quote,)), SHOWN)).split("“")[1]
    assert copied.split("—")[1].strip().startswith(quote.article)
    assert "›" not in copied


def test_an_emergency_calls_first() -> None:
    answer = FAKE.ask("My son is having a seizure now")
    markup = answer_html(answer, SHOWN)
    assert words(markup).split()[:5] == ["Call", "112,", "911", "or", "999"]
    assert words(markup).count("112, 911 or 999") == 1
    assert spoken(answer).startswith("Call 112, 911 or 999 now. Seizures that last")
    assert re.findall('href="(tel:[^"]*)"', markup) == ["tel:112", "tel:911", "tel:999"]


def test_the_numbers_to_call_are_those_of_the_answer() -> None:
    told = Answer("q", AnswerKind.EMERGENCY, "Call now.", advice=(Advice("In 15 minutes:", ("Wait.",)),))
    assert "tel:" not in answer_html(told, SHOWN)
    assert re.findall('href="(tel:[^"]*)"', answer_html(replace(told, numbers=("+44 999",)), SHOWN)) == ["tel:+44999"]
    assert spoken(told) == "Call now. In 15 minutes: - Wait."


def test_steps_are_lists_and_what_to_do_stands_behind_the_quotes() -> None:
    advice = (Advice("Aid:", ("Stay.", "Wait."), numbered=True), Advice("Not:", ("Hold.",)))
    told = Answer("q", AnswerKind.ANSWER, "", quotes=(QUOTE,), advice=advice)
    markup = answer_html(told, SHOWN)
    assert re.findall(r"<(ol|ul) class=\"lead steps\">(.*?)</", markup) == [
        ("ol", '<li dir="auto">Stay.'),
        ("ul", '<li dir="auto">Hold.'),
    ]
    assert markup.count("<ol") == markup.count("</ol>") == 1
    assert markup.index("It is rare.") < markup.index("Aid:") < markup.index("Wait.") < markup.index("Hold.")
    assert spoken(told) == "The article says: Quote 1: It is rare. Aid: 1. Stay. 2. Wait. Not: - Hold."


def test_sources_carry_words_not_numbers() -> None:
    markup = answer_html(ANSWER, SHOWN)
    why = markup[markup.index('<details class="why">') :]
    assert "strong word match" in why
    assert "0.9" not in why
    assert "<u>" in why


def test_a_source_that_is_not_its_span_is_shown_without_marks() -> None:
    source = SourceHit(1, "shorter", ANSWER.sources[0].article, "H", 0, 900, 1.0)
    answer = replace(ANSWER, sources=(source,), matches=(Highlight("x", source.article, 1, 4, 1.0),), quotes=())
    assert '<p class="source-text" dir="auto">shorter</p>' in answer_html(answer, SHOWN)


def test_marks_may_overlap() -> None:
    marked = decorate("abcdef", [(0, 4, "mark"), (2, 6, "u")])
    assert marked == "<mark>ab</mark><mark><u>cd</u></mark><u>ef</u>"
    assert decorate("a<b", []) == "a&#60;b"


def test_feedback_is_shown_only_when_it_is_on() -> None:
    assert "feedback" not in answer_html(ANSWER, SHOWN)
    assert 'value="wrong_place"' in answer_html(ANSWER, replace(SHOWN, feedback=True))


def test_a_question_is_shown_as_typed() -> None:
    assert words(question_html("  <b>Hi</b>  ")).split() == ["You", "asked:", "<b>Hi</b>"]
    assert "nothing typed" in question_html(" ")
