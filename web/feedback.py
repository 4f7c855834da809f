"""Ratings people leave: `POST /feedback` stores them, `python -m web.feedback` turns them into candidates.

Off unless the owner sets a folder. One rating is one JSON line in `feedback.jsonl`: question, kind, places of the
quotes, rating, day, versions; never the conversation or an address. A line is written by one `write` to a file opened
for appending and forced to disk; what a full disk takes of a line is cut off again. After a line torn by a loss of
power the next one starts on a line of its own, and reading skips the torn one. The candidates, for the golden questions
and the bank, are for the owner to review.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
import sys
from asyncio import Semaphore
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from filelock import FileLock
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from corpus.article import Article
from corpus.common.cli import run
from corpus.common.errors import AskError, QuestionFileError, SettingError
from corpus.splitter import SPLITTER_VERSION
from retrieval.result import AnswerKind

FILE = "feedback.jsonl"
RATINGS = ("helpful", "not_helpful", "wrong_place")
MAX_QUESTION = 1000
MAX_QUOTES = 20
MAX_FILE = 50_000_000
WAIT_SECONDS = 5.0  # for whoever writes at the same moment
AT_ONCE = 2  # a disk that hangs may hold that many threads; the others answer
NOT_STORED = "the rating could not be stored; your answer is not affected"
_log = logging.getLogger("ask")


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating; `quotes` are verbatim spans, so that the owner can read them without the page."""

    question: str
    kind: str
    rating: str
    quotes: tuple[dict[str, Any], ...]
    day: str
    versions: dict[str, Any]


def feedback_route(folder: Path, articles: Sequence[Article]) -> Route:
    """Return `POST /feedback`: stores one rating; 400 when it is none, 503 when it cannot be stored."""
    places = Semaphore(AT_ONCE)

    async def feedback(request: Request) -> Response:
        try:
            rating = rating_of(await request.json(), articles)
        except AskError as error:
            return JSONResponse({"error": str(error)}, 400)
        try:
            async with places:
                await run_in_threadpool(store, rating, folder)
        except OSError as error:
            _log.error("a rating was not stored: %s", error)  # names the file and what is wrong with it, no more
            return JSONResponse({"error": NOT_STORED}, 503)
        return JSONResponse({"stored": True})

    return Route("/feedback", feedback, methods=["POST"])


def rating_of(sent: Any, articles: Sequence[Article]) -> Rating:
    """Return a rating from what a page sent: `{"question", "kind", "rating", "quotes": [[article, start, end], ...]}`.

    Raises:
        QuestionFileError: a field is missing, of the wrong type, too long or points outside the articles.
    """
    if not isinstance(sent, dict):
        raise QuestionFileError("a rating is a JSON object; send one")
    question, kind, rating, places = (sent.get(name) for name in ("question", "kind", "rating", "quotes"))
    if not isinstance(question, str) or not 0 < len(question) <= MAX_QUESTION:
        raise QuestionFileError(f"“question” must be text of 1 to {MAX_QUESTION} characters")
    if kind not in {k.value for k in AnswerKind} or rating not in RATINGS:
        raise QuestionFileError(f"“kind” must be a kind of answer and “rating” one of {', '.join(RATINGS)}")
    if not isinstance(places, list) or len(places) > MAX_QUOTES:
        raise QuestionFileError(f"“quotes” must be a list of at most {MAX_QUOTES} places")
    quotes = tuple(_quote(place, articles) for place in places)
    day = datetime.now(timezone.utc).date().isoformat()
    versions = {"splitter": SPLITTER_VERSION, "articles": {a.id: _version(a) for a in articles}}
    return Rating(question, str(kind), str(rating), quotes, day, versions)


def store(rating: Rating, folder: Path) -> None:
    """Append one rating and force it to disk.

    Raises:
        OSError: the folder cannot be written to, the disk is full, or the file has reached its greatest size.
    """
    folder.mkdir(parents=True, exist_ok=True)
    line = json.dumps(asdict(rating), ensure_ascii=True) + "\n"
    with FileLock(folder / ".lock", timeout=WAIT_SECONDS):
        file = os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            _append(file, line, folder / FILE)
        finally:
            os.close(file)


def _append(file: int, line: str, path: Path) -> None:
    size = os.fstat(file).st_size
    if size + len(line) > MAX_FILE:
        raise OSError(f"{path} has reached {MAX_FILE:,} bytes; move it away")
    whole = size == 0 or os.pread(file, 1, size - 1) == b"\n"
    data = (line if whole else "\n" + line).encode()
    if os.write(file, data) != len(data):
        os.ftruncate(file, size)
        raise OSError(f"{path}: the disk took only a part of a line")
    os.fsync(file)


def load(folder: Path) -> tuple[list[Rating], int]:
    """Return all whole ratings of a folder, and how many torn lines were skipped.

    Raises:
        QuestionFileError: there is no feedback file in the folder.
    """
    file = folder / FILE
    if not file.is_file():
        raise QuestionFileError(f"{file}: no such file; is this the folder ASK_FEEDBACK names, and was anything rated?")
    ratings, torn = [], 0
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            fields = json.loads(line)
            ratings.append(Rating(**{**fields, "quotes": tuple(fields["quotes"])}))
        except (ValueError, TypeError, KeyError):
            torn += 1
    return ratings, torn


def bank_candidates(ratings: Iterable[Rating]) -> str:
    """Return questions rated helpful, in the bank's form, one group for each quote."""
    groups: dict[str, list[str]] = {}
    for rating in ratings:
        if rating.rating == "helpful" and rating.quotes and rating.kind == AnswerKind.ANSWER.value:
            asked = groups.setdefault(str(rating.quotes[0]["text"]), [])
            if _one_line(rating.question) not in asked:
                asked.append(_one_line(rating.question))
    return "\n".join(
        "\n".join(["## Review: rated helpful", *(f"- {q}" for q in asked), f"> {quote}", ""])
        for quote, asked in groups.items()
    )


def golden_candidates(ratings: Iterable[Rating]) -> list[dict[str, Any]]:
    """Return questions answered badly, as golden questions whose quotes the owner has still to fill in."""
    bad = {_one_line(r.question): r for r in ratings if r.rating != "helpful"}
    return [
        {
            "id": f"feedback-{number}",
            "question": question,
            "kind": rating.kind,
            "quotes": [],
            "rated": rating.rating,
            "shown": [quote["text"] for quote in rating.quotes],
        }
        for number, (question, rating) in enumerate(bad.items(), start=1)
    ]


def main(arguments: list[str]) -> int:
    """Print candidates for review."""
    parser = argparse.ArgumentParser(
        prog="python -m web.feedback", description="Turn ratings into bank and golden-question candidates."
    )
    parser.add_argument("folder", type=Path, nargs="?", help="the folder of ASK_FEEDBACK (default: that variable)")
    parser.add_argument("--golden", action="store_true", help="golden-question candidates, one JSON object a line")
    chosen = parser.parse_args(arguments)
    folder = chosen.folder or Path(os.environ.get("ASK_FEEDBACK", ""))
    if not str(folder).strip(". "):
        raise SettingError("no folder given; name one or set ASK_FEEDBACK")
    ratings, torn = load(folder)
    if chosen.golden:
        out = "".join(json.dumps(c, ensure_ascii=False) + "\n" for c in golden_candidates(ratings))
    else:
        out = bank_candidates(ratings)
    sys.stdout.write(out)
    sys.stderr.write(f"{len(ratings)} ratings read, {torn} torn lines skipped\n")
    return 0


def _quote(place: Any, articles: Sequence[Article]) -> dict[str, Any]:
    whole = isinstance(place, list) and len(place) == 3 and all(type(part) is int for part in place)
    if whole and 0 <= place[0] < len(articles):
        number, start, end = place
        article = articles[number]
        if 0 <= start < end <= len(article.text):
            return {"article": article.title, "start": start, "end": end, "text": article.text[start:end]}
    raise QuestionFileError("a quote's place is [article number, start, end] inside that article")


def _version(article: Article) -> str:
    """Return what tells this text from another: offsets hold for it alone."""
    return hashlib.sha256(article.text.encode()).hexdigest()[:12]


def _one_line(question: str) -> str:
    return " ".join(question.split())


if __name__ == "__main__":
    sys.exit(run(main))
