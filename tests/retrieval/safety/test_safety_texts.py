"""Every judgement has its text, and the texts that matter most say what they must."""

import pytest

from retrieval.safety import (
    SIGNS,
    Emergency,
    Personal,
    SmallTalk,
    emergency,
    emergency_advice,
    emergency_lead,
    first_aid_advice,
    personal_text,
    smalltalk_text,
    telephone_numbers,
)
from retrieval.safety.phrase_files import DATA
from retrieval.safety.phrases import read_sections


def advised(found: Emergency) -> str:
    return "\n".join(line for piece in emergency_advice(found) for line in piece.lines)


def test_calling_comes_first() -> None:
    assert emergency_lead("144") == "Call your local emergency number now (144)."


@pytest.mark.parametrize("sign", SIGNS)
def test_general_first_aid_says_that_it_is_no_quote_and_whom_to_call(sign: str) -> None:
    first, *more = first_aid_advice(sign, "144")
    assert first.text.startswith("General first aid, not from the article.")
    assert "call your local emergency number first (144)" in first.text
    assert more
    assert tuple(more) == emergency_advice(Emergency(sign, (sign,)))


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("112, 911 or 999", ("112", "911", "999")),
        ("144 (Ambulanz)", ("144",)),
        ("+41 44 251 51 51", ("+41 44 251 51 51",)),
        ("your doctor", ()),
    ],
)
def test_the_numbers_of_a_sentence(said: str, numbers: tuple[str, ...]) -> None:
    assert telephone_numbers(said) == numbers


def test_what_to_do_stands_before_what_not_to_do() -> None:
    text = advised(Emergency("seizure_now", ("seizure_now",)))
    order = [text.index(said) for said in ("1. Stay with them", "- Do not hold", "- it lasts more")]
    assert order == sorted(order)


@pytest.mark.parametrize("kind", ["need_help", "relief", "real_person"])
def test_small_talk_that_may_hide_a_danger_names_the_number(kind: str) -> None:
    assert "(144)" in smalltalk_text(SmallTalk(kind), "144")


def test_seizure_first_aid_is_complete_and_names_its_sources() -> None:
    found = emergency("my daughter is having a seizure")
    assert found is not None
    text = advised(found)
    for said in (
        "Stay with them",
        "under the head",
        "Do not hold them down",
        "nothing in the mouth",
        "time the seizure",
        "on their side",
        "5 minutes",
        "first seizure",
        "pregnant",
        "NHS",
        "CDC",
        "Epilepsy Foundation",
    ):
        assert said in text


def test_the_naming_sign_comes_first() -> None:
    text = advised(Emergency("unconscious", ("not_breathing", "unconscious")))
    assert text.index("does not respond") < text.index("not breathing normally")


@pytest.mark.parametrize("decision", read_sections(DATA / "personal" / "decisions.txt"))
def test_every_decision_points_to_somebody(decision: str) -> None:
    text = personal_text(Personal(decision))
    assert "cannot decide" in text
    assert any(who in text for who in ("clinician", "pharmacist", "prescriber"))


@pytest.mark.parametrize("kind", [name for name in read_sections(DATA / "smalltalk.txt") if name != "filler"])
def test_every_kind_of_small_talk_has_a_reply(kind: str) -> None:
    assert smalltalk_text(SmallTalk(kind))
