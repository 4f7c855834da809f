"""The questions a reader learns from: each question beside the passages it is asked of, and which sentences answer.

Every question of our own occurs with both labels, and so does every invented sentence:

    as given +   an answerable question, its article as it is
    twin -       the same question, the article without the sentences that answer it
    as given -   a near miss, its article as it is
    contrast +   the same near miss, the article with an invented sentence that answers it
    decoy -      the same near miss, the article with another question's invented sentence

so that neither question nor sentence alone tells the label. Public sets come as question and passage pairs.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.article import Passage
from corpus.bank import bank_files, read_bank
from corpus.readers.registry import read_articles
from corpus.sentences import sentence_spans
from corpus.splitter import Limits, split
from index.contents import lead

# Pairs taken of each public set; what is noisy (policyqa), narrative (fairytaleqa) or marks no span counts for less.
PUBLIC = {
    "condaqa": 8310,
    "selqa": 3500,
    "fairytaleqa": 2500,
    "qed-nq": 2500,
    "timeqa-human": 2000,
    "policyqa": 1000,
    "covid-faq-jhu": 500,
    "stackfaq": 500,
}
LONGEST = 1_600  # characters of a public passage; what is longer is cut, or left out where its answer stands behind
TOGETHER = 5  # sentences of a COVID-QA article that make a passage
MATCHED = 25  # characters from which a sentence inside an accepted one counts as it
TWINS_OF_BANK = 0.5  # of the bank's covered wordings, that share is also asked of the article without the answer
SEED = 1

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A passage as it is encoded: `lead` is its heading line, `spans` are its sentences in `text`."""

    lead: str
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A question asked of some passages (numbers of `Pool.texts`): `labels` are 0 or 1 for each of their sentences."""

    id: str
    group: str
    kind: str
    question: str
    passages: tuple[int, ...]
    labels: tuple[tuple[int, ...], ...]

    @property
    def answerable(self) -> bool:
        """Whether the kind says that the passages answer."""
        return self.kind.endswith("+")


@dataclass(slots=True)
class Pool:
    """Items and the texts they share; each text is held, and later encoded, once."""

    limits: Limits
    items: list[Item] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def text(self, text: Text) -> int:
        """The number of a text."""
        number = self._numbers.setdefault((text.lead, text.text), len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
        return number

    def article(self, markdown: str, folder: Path) -> tuple[int, ...]:
        """The passages of an article in Markdown."""
        file = folder / "article.md"
        file.write_text(markdown, encoding="utf-8")
        return tuple(self.text(_text(p)) for p in split(read_articles([file])[0].article, self.limits))

    def add(self, row: Row, group: str, kind: str, passages: tuple[int, ...], accepted: Iterable[str] = ()) -> None:
        """Add a question; every sentence that is one of `accepted` answers it. One whose answer is lost is left out."""
        keys = [_key(sentence) for sentence in accepted]
        labels = tuple(tuple(int(_is(s, keys)) for s in _sentences(self.texts[n])) for n in passages)
        self.put(Item(row["id"], group, kind, row["question"], passages, labels))

    def put(self, item: Item) -> None:
        """Add an item, unless it claims an answer that no sentence gives."""
        if not item.answerable or any(map(any, item.labels)):
            self.items.append(item)


def written(pool: Pool, articles: Path, questions: Path, name: str, folder: Path) -> None:
    """Add questions of our own form (`../shared/data/reading`, `training/data`)."""
    asked: dict[str, list[Row]] = {}
    for row in lines(questions):
        asked.setdefault(row["article"], []).append(row)
    for article in lines(articles):
        markdown, group = article["markdown"], f"{name}:{article['id']}"
        whole = pool.article(markdown, folder)
        for row in asked.get(article["id"], []):
            if row["answerable"]:
                pool.add(row, group, "as given +", whole, row["sentences"])
                twin = markdown
                for sentence in row["sentences"]:
                    twin = twin.replace(sentence, "")
                pool.add(row, group, "twin -", pool.article(twin, folder))
                continue
            pool.add(row, group, "as given -", whole)
            for part, kind in (("contrast", "contrast +"), ("decoy", "decoy -")):
                if part in row:
                    other = pool.article(put_in(markdown, row[part]["after"], row[part]["text"]), folder)
                    pool.add(row, group, kind, other, [row[part]["text"]] if part == "contrast" else ())


def put_in(markdown: str, after: str, sentence: str) -> str:
    """The article with a sentence put after another, or at the start of its first paragraph."""
    if after:
        return markdown.replace(after, f"{after} {sentence}", 1)
    head = re.match(r"---\n.*?\n---\n", markdown, re.DOTALL)
    start = head.end() if head else 0
    first = re.compile(r"^(?!#)(?=\S)", re.MULTILINE).search(markdown, start)
    at = first.start() if first else len(markdown)
    return f"{markdown[:at]}{sentence} {markdown[at:]}"


def public(pool: Pool, passages: Path, questions: Path) -> None:
    """Add pairs of the public sets, whole groups at a time, up to `PUBLIC` of each."""
    texts = {row["id"]: row["text"] for row in lines(passages)}
    groups: dict[str, dict[str, list[Row]]] = {}
    for row in lines(questions):
        if row["source"] in PUBLIC:
            groups.setdefault(row["source"], {}).setdefault(row["group"], []).append(row)
    chance = random.Random(SEED)  # noqa: S311 - reproducible, not secret
    for source, by_group in groups.items():
        order, taken = sorted(by_group), 0
        chance.shuffle(order)
        for row in (row for group in order for row in by_group[group]):
            if taken < PUBLIC[source] and _pair(pool, row, texts[row["passage"]]):
                taken += 1


def _pair(pool: Pool, row: Row, text: str) -> bool:
    if len(text) > LONGEST and row["answerable"] and row["spans"][0][1] > LONGEST:
        return False
    spans = tuple(sentence_spans(text[:LONGEST], 0, len(text[:LONGEST])))
    labels = tuple(int(any(a < end and b > start for a, b in row["spans"])) for start, end in spans)
    kind = f"{row['source']} {'+' if row['answerable'] else '-'}"
    before = len(pool.items)
    if spans:
        number = pool.text(Text("", text[:LONGEST], spans))
        pool.put(Item(row["question"], row["group"], kind, row["question"], (number,), (labels,)))
    return len(pool.items) > before


def squad(pool: Pool, file: Path) -> None:
    """Add SQuAD paragraphs with their answerable and unanswerable questions."""
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            if len(text) > LONGEST:
                continue
            spans = tuple(sentence_spans(text, 0, len(text)))
            number = pool.text(Text("", text, spans))
            for row in paragraph["qas"]:
                labels = _labels(spans, row.get("answers", []))
                kind = f"squad {'-' if row['is_impossible'] else '+'}"
                pool.put(Item(row["id"], f"squad:{article['title']}", kind, row["question"], (number,), (labels,)))


def covid(pool: Pool, file: Path) -> None:
    """Add COVID-QA: the passage that holds the answer, and the one before or after it, which does not."""
    chance = random.Random(SEED)  # noqa: S311 - reproducible, not secret
    for n, article in enumerate(json.loads(file.read_text(encoding="utf-8"))["data"]):
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            spans = sentence_spans(text, 0, len(text))
            parts = [spans[i : i + TOGETHER] for i in range(0, len(spans), TOGETHER)]
            for row in paragraph["qas"]:
                begin = row["answers"][0]["answer_start"]
                at = next((i for i, part in enumerate(parts) if part[0][0] <= begin < part[-1][1]), None)
                if at is None:
                    continue
                beside = at + chance.choice((-1, 1))
                for i, kind in ((at, "covidqa +"), (beside, "covidqa -")):
                    if 0 <= i < len(parts) and parts[i][-1][1] - parts[i][0][0] <= LONGEST:
                        labels = _labels(parts[i], row["answers"]) if i == at else (0,) * len(parts[i])
                        start = parts[i][0][0]
                        own = tuple((a - start, b - start) for a, b in parts[i])
                        number = pool.text(Text("", text[start : parts[i][-1][1]], own))
                        pool.put(Item(str(row["id"]), f"covidqa:{n}", kind, row["question"], (number,), (labels,)))


def bank(pool: Pool, article: Path, questions: Path, folder: Path) -> None:
    """Add the first article's bank: each wording asked of the whole article, half the covered ones of a twin too."""
    markdown = article.read_text(encoding="utf-8")
    read = read_articles([article])[0].article
    passages = split(read, pool.limits)
    whole = tuple(pool.text(_text(p)) for p in passages)
    chance = random.Random(SEED)  # noqa: S311 - reproducible, not secret
    for n, asked in enumerate(read_bank(bank_files(questions, read.id), passages, read.title)):
        row, answers = {"id": f"bank-{n}", "question": asked.question}, [s.text for _, s in asked.sentences]
        pool.add(row, "bank", f"bank {'+' if answers else '-'}", whole, answers)
        if answers and chance.random() < TWINS_OF_BANK:
            twin = markdown
            for sentence in answers:
                twin = twin.replace(sentence, "")
            pool.add(row, "bank", "bank twin -", pool.article(twin, folder))


def lines(path: Path) -> Iterator[Row]:
    """The objects of a JSON lines file, packed or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    yield from (json.loads(line) for line in text.split("\n") if line.strip())


def _text(passage: Passage) -> Text:
    spans = tuple((s.start - passage.start, s.end - passage.start) for s in passage.sentences)
    return Text(lead(passage), passage.text, spans)


def _sentences(text: Text) -> list[str]:
    return [text.text[start:end] for start, end in text.spans]


def _labels(spans: Sequence[tuple[int, int]], answers: Sequence[Row]) -> tuple[int, ...]:
    found = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in answers]
    return tuple(int(any(a < end and b > start for a, b in found)) for start, end in spans)


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _is(sentence: str, accepted: Sequence[str]) -> bool:
    key = _key(sentence)
    return any(want in key or (key in want and len(key) > MATCHED) for want in accepted if want)
