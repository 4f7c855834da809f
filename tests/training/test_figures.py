import numpy as np
import torch

from training.figures import auroc, figures
from training.reader import EACH, loss
from training.sources import Item


def item(number: int, kind: str, group: str = "health:a") -> Item:
    return Item(f"q{number}", group, kind, "?", (0,), ((0,),))


def test_auroc_by_hand() -> None:
    # Of the six pairs four are in order and one is a tie: 4.5 of 6.
    assert auroc(np.array([3.0, 2.0]), np.array([2.0, 1.0, 2.5])) == 4.5 / 6


def test_figures_by_hand() -> None:
    items = [item(1, "as given +"), item(1, "twin -"), item(2, "as given -"), item(2, "contrast +"), item(2, "decoy -")]
    found = [(1.0, True), (2.0, False), (0.0, False), (5.0, True), (-1.0, False)]
    assert figures(items, found) == {
        "health": {
            "as_given": 1.0,
            "balanced": 0.75,
            "with_without": 0.0,
            "contrast_decoy": 1.0,
            "paired": 0.5,
            "first_right": 1.0,
        }
    }


def test_public_pairs_by_hand() -> None:
    items = [item(1, "qed-nq +", "qed-nq:x"), item(2, "qed-nq +", "qed-nq:x"), item(3, "qed-nq -", "qed-nq:x")]
    found = [(1.0, True), (3.0, False), (2.0, False)]
    assert figures(items, found) == {"qed-nq": {"first_right": 0.5, "n": 3.0, "auroc": 0.5}}


def test_the_loss_by_hand() -> None:
    # Logits ln 2 and ln 3 beside 0 for none: shares 2/6, 3/6, 1/6. A place without a sentence counts for nothing.
    logits = torch.tensor([[2.0, 3.0, 9.0]]).log()
    answered, none = torch.tensor([[1.0, 0.0, -1.0]]), torch.tensor([[0.0, 0.0, -1.0]])
    each_answered = -np.log(2 / 3) - np.log(1 / 4)
    each_none = -np.log(1 / 3) - np.log(1 / 4)
    torch.testing.assert_close(
        loss(logits, answered).item(), float(-np.log(2 / 6) + EACH * each_answered), rtol=1e-5, atol=0
    )
    torch.testing.assert_close(loss(logits, none).item(), float(-np.log(1 / 6) + EACH * each_none), rtol=1e-5, atol=0)
