from __future__ import annotations

import pytest

from corpus.article import Article, Draft, Kind, Source, assemble
from retrieval.evaluate.minimal_pairs import Insertion, says_nothing, stands, with_inserted, without


def article(*drafts: tuple[Kind, str]) -> Article:
    return assemble("a", Source("A"), [Draft(kind, text, 2 if kind is Kind.HEADING else 0) for kind, text in drafts])


IRON = article(
    (Kind.HEADING, "Iron is red."),
    (Kind.PARAGRAPH, "Iron is red. Beans hold it:"),
    (Kind.ITEM, "Black beans."),
    (Kind.ITEM, "Beans."),
    (Kind.PARAGRAPH, "Tea is safe. Iron is red."),
)


def test_every_occurrence_goes_and_what_is_empty_with_it() -> None:
    left = without(IRON, ["Iron is red.", "Beans."])
    assert left.text == "Beans hold it:\n\n• Black beans.\n\nTea is safe."
    assert [left.text[b.start : b.end] for b in left.blocks] == ["Beans hold it:", "Black beans.", "Tea is safe."]
    assert (left.id, left.source) == ("a", Source("A"))


def test_a_sentence_that_holds_another_goes_first() -> None:
    text = article((Kind.PARAGRAPH, "Tea is safe. Some say: Tea is safe. It is hot."))
    assert without(text, ["Tea is safe.", "Some say: Tea is safe."]).text == "It is hot."


def test_white_space_and_a_list_mark_make_no_difference() -> None:
    assert stands(IRON, "- Black \n beans.")
    assert without(IRON, ["* Black beans."]).text.count("Black") == 0
    assert not stands(IRON, "Black beans. Beans.")
    assert not stands(IRON, "")
    assert without(IRON, ["Not there."]) == IRON


def test_a_sentence_is_put_behind_the_one_named_in_what_is_said_not_in_a_heading() -> None:
    told = with_inserted(IRON, Insertion("Iron is red.", "It\nrusts."))
    assert told.text == (
        "Iron is red.\n\nIron is red. It rusts. Beans hold it:\n\n• Black beans.\n• Beans.\n\nTea is safe. Iron is red."
    )
    last = with_inserted(IRON, Insertion("- Beans.", "So do peas."))
    assert last.text.splitlines()[5] == "• Beans. So do peas."


def test_without_a_place_it_opens_the_first_paragraph() -> None:
    told = with_inserted(IRON, Insertion("", "It rusts."))
    assert told.text.startswith("Iron is red.\n\nIt rusts. Iron is red. Beans hold it:")
    listed = article((Kind.HEADING, "Food"), (Kind.ITEM, "Beans."))
    assert with_inserted(listed, Insertion("", "It rusts.")).text == "Food\n\n• It rusts. Beans."


def test_only_a_heading_can_hold_it_where_nothing_else_does() -> None:
    text = article((Kind.HEADING, "Why tea?"), (Kind.PARAGRAPH, "It is hot."))
    assert with_inserted(text, Insertion("Why tea?", "Since.")).text == "Why tea? Since.\n\nIt is hot."
    with pytest.raises(ValueError, match="Why not"):
        with_inserted(text, Insertion("Why not?", "Since."))


def test_headings_alone_say_nothing() -> None:
    text = article((Kind.HEADING, "Tea"), (Kind.PARAGRAPH, "It is hot."))
    assert not says_nothing(text)
    assert says_nothing(without(text, ["It is hot."]))
