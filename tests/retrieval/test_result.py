"""The texts of an answer are made from its fields, in one place."""

from __future__ import annotations

from retrieval.ask import plain
from retrieval.result import Advice, Answer, AnswerKind, Quote

QUOTE = Quote("It is rare.", "T", "H", 3, 14, 1.0)
AID = (Advice("Aid:", ("Stay.", "Wait."), numbered=True), Advice("Not:", ("Hold.",)), Advice("That is all."))
AID_TEXT = "Aid:\n1. Stay.\n2. Wait.\n\nNot:\n- Hold.\n\nThat is all."


def test_text_is_lead_quotes_and_advice() -> None:
    answer = Answer("q", AnswerKind.RELATED, "Nearest:", quotes=(QUOTE,), advice=AID)
    assert answer.text == f"Nearest:\n\nIt is rare.\n\n{AID_TEXT}"
    assert Answer("q", AnswerKind.ANSWER, "", quotes=(QUOTE, QUOTE)).text == "It is rare.\n\nIt is rare."
    assert (Answer("q", AnswerKind.SMALLTALK, "Hello.").text, Answer("q", AnswerKind.ANSWER, "").aid) == ("Hello.", "")


def test_json_holds_the_fields_and_what_is_made_from_them() -> None:
    data = Answer("q", AnswerKind.EMERGENCY, "Call.", advice=AID[1:2], numbers=("112",)).to_json()
    assert (data["kind"], data["lead"], data["text"]) == ("emergency", "Call.", "Call.\n\nNot:\n- Hold.")
    assert (data["aid"], data["numbers"]) == ("Not:\n- Hold.", ("112",))
    assert data["advice"] == ({"text": "Not:", "items": ("Hold.",), "numbered": False},)


def test_a_terminal_shows_each_quote_with_its_place_and_then_what_to_do() -> None:
    answer = Answer("q", AnswerKind.RELATED, "Nearest:", quotes=(QUOTE,), advice=AID, disclaimer="Mind this.")
    where = "  — T, H (characters 3–14)"
    assert plain(answer).split("\n") == [
        *("Nearest:", "It is rare.", where),
        *("Aid:", "1. Stay.", "2. Wait.", "Not:", "- Hold.", "That is all.", "Mind this.", ""),
    ]
