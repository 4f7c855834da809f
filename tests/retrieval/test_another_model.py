"""Another model, from the hub and pinned, by the commands alone: build, be told to calibrate, calibrate, ask.

The hub is a cache folder with one snapshot, as the hub's own library keeps it; the network is switched off.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from corpus.common.settings import ROOT
from tests.index import by_hand
from tests.index.tiny import save_tiny_model

pytestmark = pytest.mark.model
COMMIT = "0123456789abcdef0123456789abcdef01234567"
ANSWERED = {
    "what helps the blood": "Iron helps the blood.",
    "does iron help the blood": "Iron helps the blood.",
    "what do beans hold": "Beans hold much of it.",
    "do beans hold much of it": "Beans hold much of it.",
    "what is not it": "Tea is not it.",
    "why is tea not safe": "Tea lowers the uptake.",
    "what lowers the uptake": "Tea lowers the uptake.",
    "is it safe for all": "It is safe for all.",
}
NOT_ANSWERED = ("how tall is a giraffe", "who won the race", "when does the train leave", "which paint dries fast")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """An article, and a model in the hub's cache."""
    folder = tmp_path_factory.mktemp("hub")
    settings = by_hand.settle(folder)
    repository = folder / "cache" / "hub" / "models--an-org--tiny"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(COMMIT)
    (repository / "snapshots").mkdir()
    save_tiny_model(folder).rename(repository / "snapshots" / COMMIT)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ASK_", "HF_"))},
        "HF_HOME": str(folder / "cache"),
        "HF_HUB_OFFLINE": "1",
        "ASK_MODEL": "an-org/tiny",
        "ASK_ARTICLES": str(settings.articles[0]),
        "ASK_QUESTIONS": str(settings.questions),
        "ASK_INDEX": str(settings.index),
    }


def run(module: str, *arguments: str, env: Mapping[str, str]) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def calibration(path: Path) -> Path:
    rows = [{"question": question, "kind": "worded", "quotes": [quote]} for question, quote in ANSWERED.items()]
    rows += [{"question": question, "kind": "far_off", "quotes": []} for question in NOT_ANSWERED]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_build_calibrate_ask(environment: Mapping[str, str], tmp_path: Path) -> None:
    pinned = {**environment, "ASK_MODEL_REVISION": COMMIT}
    code, out, err = run("index.build", env=pinned)
    assert (code, err) == (0, "")
    assert "embedded 3 passages with an-org/tiny" in out

    question = "What helps the blood?"
    code, out, err = run("retrieval.ask", question, "--json", env=pinned)
    assert (code, out) == (2, "")
    assert err.startswith("error: the thresholds are for model ")
    assert err.endswith("(an-org/tiny); run: python -m retrieval.evaluate.calibrate\n")
    assert err.count("\n") == 1

    code, out, err = run("retrieval.evaluate.calibrate", str(calibration(tmp_path / "asked.jsonl")), env=pinned)
    assert (code, err) == (0, "")
    assert out.startswith("with_bank: 12 questions; ")

    code, out, err = run("retrieval.ask", question, "--json", env=pinned)
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert (answer["kind"], answer["quotes"][0]["text"]) == ("answer", "Iron helps the blood.")
