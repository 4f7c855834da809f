"""FAISS against brute force."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.common.errors import IndexDamaged
from index import contents
from index import faiss_vectors as storing
from index.encoder.encode import Floats, unit_rows
from index.faiss_vectors import FaissVectors
from index.vectors import VectorStore


def random_rows(n: int, dim: int, seed: int) -> Floats:
    return unit_rows(np.random.default_rng(seed).standard_normal((n, dim)).astype(np.float32))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60), st.integers(1, 24), st.integers(1, 80), st.integers(0, 2**31))
def test_exact_search_is_brute_force(n: int, dim: int, k: int, seed: int) -> None:
    rows, (query,) = random_rows(n, dim, seed), random_rows(1, dim, seed + 1)
    found = FaissVectors.build(rows).search(query, k)
    cosines = rows @ query
    assert len(found.rows) == min(n, k)
    np.testing.assert_allclose(found.scores, np.sort(cosines)[::-1][:k], atol=1e-5)
    np.testing.assert_allclose(found.scores, cosines[found.rows], atol=1e-5)
    assert len(set(found.rows.tolist())) == len(found.rows)


def test_above_its_size_the_graph_finds_nearly_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, queries = random_rows(3000, 32, 1), random_rows(50, 32, 2)
    monkeypatch.setattr(storing, "EXACT_UP_TO", 2999)
    graph = FaissVectors.build(rows)
    hits = 0
    for query in queries:
        found = graph.search(query, 10)
        hits += len(set(found.rows.tolist()) & set(np.argsort(-(rows @ query))[:10].tolist()))
        np.testing.assert_allclose(found.scores, rows[found.rows] @ query, atol=1e-5)
    assert hits / 500 >= 0.98
    np.testing.assert_allclose(graph.rows(np.array([7, 2999])), rows[[7, 2999]], atol=1e-6)


@pytest.mark.parametrize("k", [10, 600])
def test_a_graph_from_disk_looks_as_far_as_it_is_asked_to(tmp_path: Path, k: int) -> None:
    rows, queries = random_rows(2000, 32, 1), random_rows(10, 32, 2)
    FaissVectors.graph(rows).save(tmp_path / "x.faiss")
    graph, flat = FaissVectors.load(tmp_path / "x.faiss"), FaissVectors.flat(rows)
    held = [len({*graph.search(q, k).rows.tolist()} & {*flat.search(q, k).rows.tolist()}) for q in queries]
    assert sum(held) >= 0.95 * 10 * k


def test_a_file_gives_the_same_back(tmp_path: Path) -> None:
    rows = random_rows(20, 8, 3)
    FaissVectors.build(rows).save(tmp_path / "x.faiss")
    opened = FaissVectors.load(tmp_path / "x.faiss")
    assert len(opened) == 20
    np.testing.assert_array_equal(opened.rows(np.arange(20)), rows)
    assert opened.rows(np.empty(0, np.int64)).shape == (0, 8)


def test_an_empty_one(tmp_path: Path) -> None:
    FaissVectors.build(np.empty((0, 8), np.float32)).save(tmp_path / "x.faiss")
    opened = FaissVectors.load(tmp_path / "x.faiss")
    assert (len(opened), len(opened.search(np.ones(8, np.float32), 3).rows)) == (0, 0)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.faiss").write_bytes(b"no such thing")
    with pytest.raises(IndexDamaged, match=r"x\.faiss cannot be read by FAISS; run: make index"):
        FaissVectors.load(tmp_path / "x.faiss")


def test_a_file_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"FAISS could not write x\.faiss"):
        FaissVectors.build(random_rows(2, 4, 0)).save(tmp_path / "none" / "x.faiss")


def test_it_is_the_store_in_use() -> None:
    store: type[VectorStore] = FaissVectors  # mypy holds it against the protocol
    assert contents.STORE is store
