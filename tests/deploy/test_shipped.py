"""What is shipped to a Space: all that the app imports there, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.common.settings import ROOT
from deploy import shipped
from deploy.shipped import SpaceError


@pytest.fixture(scope="module")
def names() -> set[str]:
    return {path.as_posix() for path in shipped.files()}


def test_what_answers_goes_along_and_what_builds_or_measures_stays(names: set[str]) -> None:
    assert {"app.py", "LICENSE", "deploy/on_space.py", "web/chat_page.py"} <= names
    assert {"page.css", "thresholds.json", "first_aid.txt"} <= {Path(name).name for name in names}
    for room in (
        "corpus/articles/",
        "corpus/golden/",
        "corpus/questions/",
        "retrieval/evaluate/",
        "training/",
        "tests/",
    ):
        assert not [name for name in names if name.startswith(room)]
    assert not names & {"deploy/hub.py", "deploy/shipped.py", "index/build.py", "retrieval/ask.py"}
    assert not [name for name in names if name.endswith((".pyc", "-curve.csv")) or "/examples/" in name]


def copied(names: set[str], root: Path) -> Path:
    """A folder with what is shipped, and the module that finds it out."""
    for name in {*names, "deploy/shipped.py"}:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes((ROOT / name).read_bytes())
    return root


def test_what_is_shipped_imports_by_itself_and_nothing_in_it_is_left_over(names: set[str], tmp_path: Path) -> None:
    """Found out anew in a folder that holds nothing else, with the packages of a Space alone."""
    assert {path.as_posix() for path in shipped.files(copied(names, tmp_path))} == names


def test_imports_inside_functions_go_along_unless_they_need_what_a_space_lacks(names: set[str], tmp_path: Path) -> None:
    root = copied(names, tmp_path)
    (root / "web" / "extra").mkdir()
    for name, text in {
        "web/__init__.py": "def serve() -> None:\n    from web import extra\n    from web.heavy import build\n",
        "web/extra/__init__.py": "WORDS = 'words.txt'\n",
        "web/extra/words.txt": "",
        "web/extra/weights.safetensors": "",  # nothing that is shipped names it
        "web/heavy.py": "import web.found_on_the_way\nimport torch\n",
        "web/found_on_the_way.py": "",
    }.items():
        (root / name).write_text(text, encoding="utf-8")
    found = {path.as_posix() for path in shipped.files(root)}
    assert found - names == {"web/extra/__init__.py", "web/extra/words.txt"}
    assert names <= found


def test_the_serving_path_may_not_need_what_a_space_lacks(names: set[str], tmp_path: Path) -> None:
    root = copied(names, tmp_path)
    (root / "web" / "__init__.py").write_text("import torch\n", encoding="utf-8")
    with pytest.raises(SpaceError, match=r"torch is not on a Space\); import it inside the function that builds"):
        shipped.files(root)


def test_the_requirements_are_the_projects_own_pins_without_torch_and_gradio() -> None:
    listed = [line for line in shipped.requirements_text().splitlines() if not line.startswith("#")]
    pinned = shipped.pins()
    assert listed == [f"{name}=={pinned[name]}" for name in shipped.SERVING]
    assert not {"torch", "gradio", "sentence-transformers", "transformers"} & set(shipped.SERVING)


def test_pins_are_read_without_their_comments(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text("# head\na==1.0   # why\n\n-r other.txt\nb==2\n", encoding="utf-8")
    assert shipped.pins(path) == {"a": "1.0", "b": "2"}
