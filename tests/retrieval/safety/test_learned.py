"""The second opinion: hand arithmetic of the model, what may be guessed at, and that learning repeats itself."""

import math
from pathlib import Path

import pytest

from retrieval.safety import SIGNS
from retrieval.safety.emergency import may_be_told
from retrieval.safety.examples import read_examples
from retrieval.safety.learn import main
from retrieval.safety.learned import NONE, Model, features, load
from retrieval.safety.personal import DECISIONS, may_ask
from retrieval.safety.phrase_files import DATA
from retrieval.safety.tokenise import read_words

MODEL = Model(("none", "a", "b"), (0.0, 0.0, 0.0), {"x": {"a": 2.0}, "x z": {"b": 4.0}, "0": {"none": 3.0}}, 0.6)


def test_features_are_words_and_neighbours_with_numbers_as_zero() -> None:
    assert features(read_words("took 40 pills")) == {"took", "0", "pills", ". took", "took 0", "0 pills", "pills ."}


def test_the_probability_is_the_softmax_of_scaled_weights() -> None:
    words = read_words("x z")  # features: x, z, ". x", "x z", "z ."
    scale = 1 / math.sqrt(5)
    odds = [1.0, math.exp(2 * scale), math.exp(4 * scale)]
    opinion = MODEL.opinion(words)
    assert opinion.kind == "b"
    assert opinion.probability == pytest.approx(1 - odds[0] / sum(odds))


def test_it_believes_only_above_its_threshold() -> None:
    assert MODEL.believes(read_words("x z")) == "b"
    assert MODEL.believes(read_words("7")) is None


def test_nothing_said_is_judged_by_the_bias_alone() -> None:
    assert MODEL.opinion(read_words("")).probability == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("message", "may"),
    [
        ("my aunt is poorly and looks odd", True),
        ("if my aunt is poorly and looks odd", False),
        ("my aunt was poorly two years ago", False),
        ("my laptop is not responding to me", False),
        ("magnesium levels of many patients fall", False),
        ("my aunt", False),
    ],
)
def test_an_emergency_is_guessed_only_where_nothing_speaks_against_it(message: str, may: bool) -> None:
    assert may_be_told(read_words(message)) is may


@pytest.mark.parametrize(
    ("message", "may"),
    [
        ("is an infusion for my aunt a thing", True),
        ("why is my aunt on infusions", False),
        ("my homework is on infusions", False),
    ],
)
def test_a_decision_is_guessed_only_where_one_could_be_asked(message: str, may: bool) -> None:
    assert may_ask(read_words(message)) is may


@pytest.mark.parametrize(("name", "kinds"), [("emergency", SIGNS), ("personal", DECISIONS)])
def test_the_stored_models_know_exactly_the_kinds(name: str, kinds: tuple[str, ...]) -> None:
    model = load(DATA / "learned" / f"{name}.json")
    assert model.kinds[0] == NONE
    assert set(model.kinds[1:]) == set(kinds)
    assert 0.5 < model.threshold < 1


@pytest.mark.model
def test_learning_again_gives_the_stored_models(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    for name in ("emergency", "personal"):
        again, stored = load(tmp_path / f"{name}.json"), load(DATA / "learned" / f"{name}.json")
        assert again.threshold == pytest.approx(stored.threshold, abs=0.02)
        assert set(again.weights) == set(stored.weights)


def test_examples_hold_no_message_of_the_held_out_batches() -> None:
    held_out = {
        text for file in (Path(__file__).parent.parent / "data").glob("*.txt") for _, text in read_examples(file)
    }
    learned = {text for file in (DATA.parent / "examples").glob("*.txt") for _, text in read_examples(file)}
    assert len(held_out) == 240
    assert held_out & learned == set()
