from pathlib import Path

import numpy as np
import pytest
import torch

from corpus.common.errors import ModelError
from index.building.reader_export import INPUTS, MOST_APART, example, load_reader, reader_onnx, save_reader
from index.building.reader_network import ReaderNetwork
from index.encoder.onnx_network import open_session, session_options
from index.encoder.weights import READER_WEIGHTS


def test_the_weights_are_small() -> None:
    assert READER_WEIGHTS.stat().st_size <= 8_000_000


def test_a_matrix_comes_back_within_half_a_step_of_its_row(tmp_path: Path) -> None:
    torch.manual_seed(3)
    network = ReaderNetwork()
    save_reader(network, tmp_path / "r.safetensors", {})
    read = load_reader(tmp_path / "r.safetensors").state_dict()
    matrix = network.state_dict()["last.up.weight"]
    step = matrix.abs().amax(dim=1, keepdim=True) / 127
    assert bool(((read["last.up.weight"] - matrix).abs() <= step * 0.501).all())
    torch.testing.assert_close(read["direct.weight"], network.state_dict()["direct.weight"])


def test_another_file_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.safetensors: no weights of this reader"):
        load_reader(tmp_path / "none.safetensors")


def test_padding_changes_nothing() -> None:
    network = load_reader(READER_WEIGHTS)
    question, question_states, vectors, states, owner, near, same = example(5, 40, 3)

    def padded(x: torch.Tensor, *more: int) -> torch.Tensor:
        return torch.nn.functional.pad(x, [n for size in reversed(more) for n in (0, size)])[None]

    masks = torch.ones(5), torch.ones(40)
    alone = network(*(x[None] for x in (question, question_states, vectors, states, *masks, owner, near, same)))
    wide = network(
        padded(question, 4, 0),
        padded(question_states, 4, 0),
        padded(vectors, 9, 0),
        padded(states, 9, 0),
        padded(masks[0], 4),
        padded(masks[1], 9),
        padded(owner, 0, 9),
        padded(near, 0, 0),
        padded(same, 4, 9),
    )
    torch.testing.assert_close(wide, alone, atol=1e-4, rtol=0)


@pytest.mark.model
def test_the_exported_reader_gives_the_same_probabilities() -> None:
    network = load_reader(READER_WEIGHTS)
    inputs = example(9, 77, 4)
    question, question_states, vectors, states, owner, near, same = (x[None] for x in inputs)
    ones = torch.ones(1, 9), torch.ones(1, 77)
    with torch.inference_mode():
        expected = network(question, question_states, vectors, states, *ones, owner, near, same)[0].sigmoid().numpy()
    session = open_session(reader_onnx(), session_options())
    found = session.run(None, {name: x.numpy() for name, x in zip(INPUTS, inputs, strict=True)})[0]
    np.testing.assert_allclose(found, expected, atol=MOST_APART)
