"""Train the reader: public pairs first, then our own questions.

    python -m training.reader [--data DIR] [--windows N] [--seed S] [--without SOURCE]... [--start FILE] [--ship]

The share of either moves from the one to the other while training. The
loss is the cross entropy of choosing an answering sentence, or none (logit 0), and beside it that of each sentence by
itself. Weights are written where the product keeps them, with the figures on articles never trained on.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from corpus.common.settings import ROOT
from index.building.reader_export import save_reader
from index.building.reader_network import DIM, ReaderNetwork
from index.building.torch_network import load_torch_encoder
from index.encoder.limits import limits
from index.encoder.weights import READER_WEIGHTS, find_weights
from training import sources
from training.figures import figures
from training.sources import Item, Pool
from training.windows import Windows, encode_all

HERE = ROOT / "training" / "data"
FIRST = "can-hypomagnesemia-cause-seizures"
BATCH = 32
RATE = 2e-4
NEW = 3.0  # how much faster what does not come from MiniLM learns
WARM = 80  # steps
KEPT = 0.9  # share of features kept
EACH = 0.3  # weight of the loss of each sentence by itself
VALIDATION = 8  # one article in so many is never trained on
OWN_FROM, OWN_TO = 0.45, 0.95  # share of our own questions (not public) at the start and at the end
CHECKPOINT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Plan:
    """One run: how many windows, in which order (by `seed`), without which sources, from which trained weights on.

    A run that goes on from trained weights sees our own questions only, as many as it ends with otherwise.
    """

    windows: int
    seed: int
    without: tuple[str, ...] = ()
    start: Path | None = None


def read_all(data: Path) -> Pool:
    """Everything there is to learn from."""
    encoder = load_torch_encoder(find_weights())
    pool = Pool(limits(encoder))
    reading = data / "reading"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        health = reading / "health-articles.jsonl.gz", reading / "health-questions.jsonl.gz"
        sources.written(pool, *health, "health", folder)
        if (HERE / "general-articles.jsonl").is_file():
            sources.written(pool, HERE / "general-articles.jsonl", HERE / "general-questions.jsonl", "general", folder)
        article = ROOT / "corpus" / "articles" / f"{FIRST}.md"
        sources.bank(pool, article, ROOT / "corpus" / "questions", folder)
    sources.squad(pool, data / "squad-answers-dev.json")
    sources.covid(pool, data / "covid-qa-dev.json")
    sources.public(pool, reading / "public-passages.jsonl.gz", reading / "public-questions.jsonl.gz")
    return pool


def held_out(items: Sequence[Item]) -> set[str]:
    """The groups that are never trained on: one in `VALIDATION` of each source, in order of appearance."""
    groups: dict[str, list[str]] = {}
    for group in dict.fromkeys(item.group for item in items):
        groups.setdefault(group.split(":")[0], []).append(group)
    return {group for source, of in groups.items() if source != "bank" for group in of[::VALIDATION]}


def own(item: Item) -> bool:
    """Whether an item is on a whole article with questions of our own making, rather than a public pair."""
    return item.group.split(":")[0] in ("health", "general", "bank", "squad")


class Shuffled:
    """Items in random order, again and again."""

    def __init__(self, items: Sequence[Item], chance: random.Random) -> None:
        self._items, self._chance = list(items), chance
        self._left: list[Item] = []

    def take(self) -> Item:
        """The next one."""
        if not self._left:
            self._left = list(self._items)
            self._chance.shuffle(self._left)
        return self._left.pop()


def batches(items: Sequence[Item], plan: Plan) -> Iterator[list[Item]]:
    """Batches of `BATCH` items, those of like length together."""
    chance = random.Random(plan.seed)  # noqa: S311 - reproducible, not secret
    ours, public = Shuffled([i for i in items if own(i)], chance), Shuffled([i for i in items if not own(i)], chance)
    most = plan.windows // BATCH
    for start in range(0, most, 16):
        count = min(16, most - start) * BATCH
        share = OWN_TO if plan.start else OWN_FROM + (OWN_TO - OWN_FROM) * start / most
        drawn = [(ours if chance.random() < share else public).take() for _ in range(count)]
        drawn.sort(key=lambda item: min(6, sum(map(len, item.labels))) + chance.random())
        group = [drawn[n : n + BATCH] for n in range(0, count, BATCH)]
        chance.shuffle(group)
        yield from group


def loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross entropy of choosing an answering sentence or none, and of each sentence by itself."""
    real, right = labels >= 0, labels == 1
    logits = logits.masked_fill(~real, -1e4)
    every = torch.cat([logits, torch.zeros(len(logits), 1)], dim=1).logsumexp(1)
    chosen = torch.where(right.any(1), logits.masked_fill(~right, -1e4).logsumexp(1), torch.zeros(len(logits)))
    each = functional.binary_cross_entropy_with_logits(logits, labels.clamp(min=0), reduction="none") * real
    return (every - chosen).mean() + EACH * each.sum(1).mean()


def train(windows: Windows, items: Sequence[Item], plan: Plan, checkpoint: Path) -> ReaderNetwork:
    """Train from MiniLM's upper layers, or on from a checkpoint of the same plan."""
    torch.manual_seed(plan.seed)
    network = ReaderNetwork()
    if plan.start:
        network.load_state_dict(torch.load(plan.start, weights_only=True))
    else:
        network.take_layers(load_file(Path(find_weights().place) / "model.safetensors"))
    old = [p for name, p in network.named_parameters() if name.startswith(("layers.", "last."))]
    new = [p for name, p in network.named_parameters() if not name.startswith(("layers.", "last."))]
    optimiser = torch.optim.AdamW([{"params": old, "of": 1.0}, {"params": new, "of": NEW}], lr=RATE, weight_decay=0.01)
    total, done = plan.windows // BATCH, 0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        done = state["step"]
    shake = random.Random(plan.seed + done)  # noqa: S311 - reproducible, not secret
    saved, seen = time.monotonic(), 0.0
    bar = tqdm(total=total, initial=done, desc="training", mininterval=20)
    for step, batch in enumerate(batches(items, plan)):
        if step < done:
            continue
        rate = RATE * min(1.0, (step + 1) / WARM) * max(0.02, min(1.0, 1.1 * (1 - step / total)))
        for group in optimiser.param_groups:
            group["lr"] = rate * group["of"]
        inputs, labels = windows.batch(batch, shake)
        kept = (torch.rand(DIM) < KEPT).float() / KEPT
        value = loss(network(**inputs, features=kept), labels)
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        seen = 0.98 * seen + 0.02 * float(value.detach()) if seen else float(value.detach())
        bar.set_postfix(loss=f"{seen:.3f}", refresh=False)
        bar.update()
        if time.monotonic() - saved > CHECKPOINT_SECONDS:
            _save(checkpoint, {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "step": step + 1})
            saved = time.monotonic()
    return network.eval()


def _save(path: Path, state: dict[str, object]) -> None:
    fresh = path.with_suffix(".tmp")
    torch.save(state, fresh)
    fresh.replace(path)


def logits(windows: Windows, network: ReaderNetwork, items: Sequence[Item]) -> list[tuple[float, bool]]:
    """For each item the best logit, and whether its sentence answers."""
    out: list[tuple[float, bool]] = []
    for start in range(0, len(items), 64):
        inputs, labels = windows.batch(items[start : start + 64])
        with torch.inference_mode():
            found = network(**inputs).masked_fill(labels < 0, -1e4)
        best = found.argmax(1, keepdim=True)
        right = labels.gather(1, best).squeeze(1) == 1
        out += list(zip(found.amax(1).tolist(), right.tolist(), strict=True))
    return out


def main(arguments: Sequence[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m training.reader", description="Train the reader.")
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="where the question sets lie"
    )
    parser.add_argument("--work", type=Path, default=ROOT / "data" / "training", help="where what is encoded is kept")
    parser.add_argument("--windows", type=int, default=40_000, help="windows to train on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", action="append", default=[], metavar="SOURCE", help="leave a source out")
    parser.add_argument("--start", type=Path, metavar="FILE", help="trained weights to go on from")
    parser.add_argument("--name", default="reader", help="what the weights are called in --work")
    parser.add_argument("--ship", action="store_true", help="write the weights that come with the product")
    asked = parser.parse_args(arguments)
    plan = Plan(asked.windows, asked.seed, tuple(asked.without), asked.start)
    pool = read_all(asked.data)
    items = [item for item in pool.items if item.kind.rsplit(" ", 1)[0] not in plan.without]
    items = [item for item in items if item.group.split(":")[0] not in plan.without]
    questions = sorted({item.question for item in items})
    encoded = encode_all([t.lead + t.text for t in pool.texts], asked.work / "texts", "texts")
    windows = Windows(
        pool.texts,
        encoded,
        dict(zip(questions, encode_all(questions, asked.work / "questions", "questions"), strict=True)),
    )
    apart = held_out(items)
    learnt = [item for item in items if item.group not in apart]
    kept = [item for item in items if item.group in apart]
    sys.stderr.write(f"{len(learnt)} windows to learn from: {dict(Counter(item.kind for item in learnt))}\n")
    network = train(windows, learnt, plan, asked.work / f"{asked.name}-{plan.seed}.pt")
    torch.save(network.state_dict(), asked.work / f"{asked.name}-{plan.seed}-trained.pt")
    if asked.ship:
        save_reader(network, READER_WEIGHTS, {"windows": str(plan.windows), "seed": str(plan.seed)})
    report = figures(kept, logits(windows, network, kept))
    sys.stdout.write(
        json.dumps({"windows": plan.windows, "seed": plan.seed, "without": plan.without, **report}, indent=1) + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
