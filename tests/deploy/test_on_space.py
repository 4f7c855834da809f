"""What changes on a Space, and that nothing changes elsewhere."""

from __future__ import annotations

import pytest

from deploy import on_space


def test_elsewhere_nothing_happens() -> None:
    environment = {"GRADIO_SERVER_NAME": "0.0.0.0", "SPACES_ZERO_GPU": "true"}
    before = dict(environment)
    on_space.settle(environment)
    assert environment == before


def test_a_space_listens_everywhere_and_may_be_framed_by_hugging_face() -> None:
    environment = {"SPACE_ID": "someone/chat"}
    on_space.settle(environment)
    assert environment["ASK_HOST"] == "0.0.0.0"
    assert environment["ASK_PORT"] == "7860"
    assert environment["ASK_FRAME_ANCESTORS"] == "'self' https://huggingface.co"


def test_what_the_owner_set_stays() -> None:
    environment = {
        "SPACE_ID": "someone/chat",
        "ASK_FRAME_ANCESTORS": "https://example.org",
        "GRADIO_SERVER_PORT": "8000",
    }
    on_space.settle(environment)
    assert environment["ASK_FRAME_ANCESTORS"] == "https://example.org"
    assert environment["ASK_PORT"] == "8000"


@pytest.mark.parametrize(("value", "reports"), [("true", 1), ("1", 1), ("", 0), ("false", 0)])
def test_only_zero_gpu_gets_a_report(monkeypatch: pytest.MonkeyPatch, value: str, reports: int) -> None:
    called: list[bool] = []
    monkeypatch.setattr(on_space, "report_to_zero_gpu", lambda: called.append(True))
    on_space.settle({"SPACE_ID": "someone/chat", "SPACES_ZERO_GPU": value})
    assert len(called) == reports
