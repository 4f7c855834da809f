"""Ranking metrics of every question, computed by ir-measures and handed on as one number a question.

recall@k: see `cases.Recall`. mrr@10: reciprocal rank of the first gold passage, 0 beyond rank 10 (Voorhees 1999).
ndcg@10: Järvelin & Kekäläinen 2002 with trec_eval's linear gain. A question for which a system returns nothing, or
whose answer no passage holds, counts as 0 in all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import RR, R, Success, nDCG

from retrieval.evaluate.cases import Recall

Floats = npt.NDArray[np.float64]

RANKING = ("recall@1", "recall@3", "recall@5", "mrr@10", "ndcg@10")


def scores_of(ranked: Sequence[str]) -> dict[str, float]:
    """Return strictly decreasing scores for passages given best first.

    Evaluation tools sort by score and break ties by id, some in 32 bits; whole numbers keep our order everywhere.
    """
    return {id_: float(len(ranked) - n) for n, id_ in enumerate(ranked)}


def per_question(
    ranked: Mapping[str, Sequence[str]], gold: Mapping[str, Mapping[str, int]], recall: Recall
) -> dict[str, Floats]:
    """Return metric ▶ an array of shape (questions,), in the order of `gold`.

    Args:
        ranked: question id ▶ passage ids, best first; questions may be absent.
        gold: question id ▶ passage id ▶ grade above 0; may be empty for a question.
        recall: what `recall@k` counts.
    """
    position = {id_: n for n, id_ in enumerate(gold)}
    values = {name: np.zeros(len(position)) for name in RANKING}
    measures = _measures(recall)
    judged = {id_: dict(grades) for id_, grades in gold.items() if grades}
    run = {id_: scores_of(ids) for id_, ids in ranked.items() if ids and id_ in judged}
    for found in ir_measures.iter_calc(list(measures), judged, run) if run else ():
        values[measures[found.measure]][position[found.query_id]] = found.value
    return values


def _measures(recall: Recall) -> dict[ir_measures.Measure, str]:
    counted = {Recall.ANY: Success, Recall.SHARE: R}[recall]
    wanted = (counted @ 1, counted @ 3, counted @ 5, RR @ 10, nDCG @ 10)
    return dict(zip(wanted, RANKING, strict=True))
