"""A report as one small Markdown table after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

FIELDS = {"seconds": "s", "cpu_seconds": "s of processor", "megabytes": "MB at most"}


def table(report: dict[str, Any]) -> str:
    """What was measured, for the docs; a part that was not is left out."""
    sections = {
        ("starts", "queries", "building"): _compared,
        ("queries", "soak"): _parts,
        ("http",): _http,
        ("growth",): _growth,
    }
    shown = [
        f"{'; '.join(f'{part}: ' + report['when'][part] for part in needed)}\n\n{section(report)}"
        for needed, section in sections.items()
        if report.keys() >= set(needed)
    ]
    return "\n".join(shown)


def _compared(report: dict[str, Any]) -> str:
    rows = [
        (f"{what}: {unit}", *(report["starts"][part][who][field] for who in ("product", "plain", "ratio")))
        for part, what in (("ask", "start to first answer"), ("page", "start to first page"))
        for field, unit in FIELDS.items()
    ]
    encode, built = report["queries"], report["building"]
    p50 = [encode["encode"][who]["p50"] for who in ("product", "plain")]
    rows.append(("encoding a question: ms (p50)", *p50, encode["ratio"]))
    rows.append(("encoding 1,000 passages: s", built["product"], built["plain"], built["ratio"]))
    return _rows(("", "product", "plain script", "ratio"), rows)


def _parts(report: dict[str, Any]) -> str:
    rows = [(part, each["p50"], each["p99"]) for part, each in report["queries"]["parts"].items()]
    soak = report["soak"]
    memory = ", ".join(f"{held:,}" for held in soak["megabytes"])
    lead = f"\nMB after each tenth of {soak['questions']:,} questions: {memory}.\n"
    return _rows(("part of a question", "p50 ms", "p99 ms"), rows) + lead


def _http(report: dict[str, Any]) -> str:
    rows = [
        (
            who,
            each["clients"],
            each["per_second"],
            each["milliseconds"]["p50"],
            each["milliseconds"]["p99"],
            each["failed"],
        )
        for who, every in report["http"].items()
        for each in every
    ]
    return _rows(("over HTTP", "clients", "answers/s", "p50 ms", "p99 ms", "failed"), rows)


def _growth(report: dict[str, Any]) -> str:
    heads = (
        f"passages ({report['growth']['text']})",
        "build s",
        "of processor",
        "MB at most",
        "folder MB",
        "open ms",
        "MB to answer",
        "search p50 ms",
        "p99",
        "answer p50 ms",
        "p99",
        "recall@10",
    )
    sizes = _rows(heads, (_grown(each) for each in report["growth"]["sizes"]))
    return f"{sizes}\n{_kinds(report['growth']['kinds'])}"


def _grown(each: dict[str, Any]) -> tuple[Any, ...]:
    size = f"{each['passages']:,}" + (" perturbed, build without embedding" if each["perturbed"] else "")
    plain = (each[name] for name in ("folder_megabytes", "open_milliseconds", "peak_megabytes"))
    times = (each[part][share] for part in ("search", "answer") for share in ("p50", "p99"))
    return (size, *each["built"].values(), *plain, *times, each["recall_at_10"])


def _kinds(compared: list[dict[str, Any]]) -> str:
    heads = ("sentence vectors", "nearest", "graph: build s", "graph: p50 ms", "flat: p50 ms", "recall of the graph")
    rows = [
        (k["vectors"], k["neighbours"], k["graph_build_seconds"], k["graph"]["p50"], k["flat"]["p50"], k["recall"])
        for k in compared
    ]
    return _rows(heads, rows)


def _rows(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(_shown(cell) for cell in line) + " |\n" for line in lines)


def _shown(cell: Any) -> str:
    return f"{cell:,}" if isinstance(cell, int | float) else str(cell)
