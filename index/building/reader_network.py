"""The reader's network: which of a few sentences answers the question, from what an index holds of both.

Lower layers run apart, upper ones jointly (DeFormer, Cao et al. 2020, arXiv:2005.00697; PreTTR, MacAvaney et al. 2020,
arXiv:2004.14255). The lower three of MiniLM's six layers stay frozen and see question and passage each by itself, so
that a passage's states lie in the index. Two of the upper three then see the question and all candidate sentences
together; the last one is asked only for one marker a sentence. Beside it stands the evidence of token vectors
(MaxSim, Khattab & Zaharia 2020) and of words that are the same (MORES, Gao, Dai & Callan 2020, uses both).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

DIM, HEADS, WIDE = 384, 12, 1536
LOWER, JOINT = 3, 2  # layers run apart; layers that see everything; one more is asked for markers only
FEATURES = 6
FAR = -1e4
NOT_NEAR = -1.0  # below every cosine that counts
# What the evidence weighs before anything is learnt: mostly MaxSim, so that training starts from the ranking.
START = ((6.0, 1.0, 0.0, 6.0, 2.0, 1.0), -6.0)
PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm_up": "output.LayerNorm",
}


class Layer(nn.Module):
    """A BERT layer in which `x` (batch, n, DIM) looks at `seen` (batch, t, DIM)."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(DIM, DIM) for _ in range(4))
        self.up, self.down = nn.Linear(DIM, WIDE), nn.Linear(WIDE, DIM)
        self.norm, self.norm_up = (nn.LayerNorm(DIM, eps=1e-12) for _ in range(2))

    def forward(self, x: Tensor, seen: Tensor, mask: Tensor) -> Tensor:
        """(batch, n, DIM); `mask` (batch, 1, 1, t) is 0 where a token counts and `FAR` where it does not."""
        found = functional.scaled_dot_product_attention(
            _heads(self.query(x)), _heads(self.key(seen)), _heads(self.value(seen)), attn_mask=mask
        )
        x = self.norm(x + self.out(found.transpose(1, 2).flatten(2)))
        return cast(Tensor, self.norm_up(x + self.down(functional.gelu(self.up(x)))))


class ReaderNetwork(nn.Module):
    """One logit a sentence: above 0 it rather answers, and the answer to `none of these` is a logit of 0."""

    def __init__(self) -> None:
        super().__init__()
        self.side = nn.Parameter(torch.zeros(2, DIM))
        self.token_evidence = nn.Linear(2, DIM)
        self.layers = nn.ModuleList(Layer() for _ in range(JOINT))
        self.last = Layer()
        self.weigh, self.pool = nn.Linear(DIM, 1), nn.Linear(DIM, 1)
        self.sentence_evidence = nn.Linear(FEATURES, DIM)
        self.hidden, self.score = nn.Linear(2 * DIM, DIM), nn.Linear(DIM, 1)
        self.direct = nn.Linear(FEATURES, 1)
        nn.init.normal_(self.token_evidence.weight, std=0.02)
        nn.init.normal_(self.score.weight, std=0.05)
        for linear in (self.weigh, self.pool, self.sentence_evidence):
            nn.init.zeros_(linear.weight)
        self.direct.weight.data.copy_(torch.tensor([START[0]]))
        self.direct.bias.data.fill_(START[1])

    def take_layers(self, weights: Mapping[str, Tensor]) -> None:
        """Start from the upper layers of a MiniLM, by the names in its safetensors file."""
        for number, layer in enumerate([*self.layers, self.last], start=LOWER):
            for own, name in PARTS.items():
                for kind in ("weight", "bias"):
                    value = weights[f"encoder.layer.{number}.{name}.{kind}"]
                    cast(Tensor, getattr(getattr(layer, own), kind)).data.copy_(value)

    def forward(
        self,
        question_vectors: Tensor,
        question_states: Tensor,
        vectors: Tensor,
        states: Tensor,
        question_mask: Tensor,
        mask: Tensor,
        owner: Tensor,
        near: Tensor,
        same: Tensor,
        features: Tensor | None = None,
    ) -> Tensor:
        """Logits (batch, n) of n sentences.

        `question_vectors` (batch, q, DIM) and `vectors` (batch, t, DIM) are unit rows, `…_states` those of layer
        `LOWER`, masks 1 or 0. `owner` (batch, n, t) says which tokens a sentence has, `same` (batch, q, t) where word
        pieces are the same, `near` (batch, n, 2) how near a sentence's passage and its heading come. `features`
        (DIM,) leaves out whole features while training (in place of Dropout, whose random numbers cost more than the
        layers).
        """
        asked = question_mask[:, :, None]
        cosines = (question_vectors @ vectors.transpose(1, 2)).masked_fill(mask[:, None, :] == 0, NOT_NEAR)
        weights = self.weigh(question_vectors).squeeze(-1).masked_fill(question_mask == 0, -30.0).softmax(-1)
        own = cosines[:, :, None, :].masked_fill(owner[:, None] == 0, NOT_NEAR).amax(-1)  # (batch, q, n)
        held = (same[:, :, None, :] * owner[:, None]).amax(-1)
        max_sim = (own * weights[:, :, None]).sum(1)
        evidence = torch.stack(
            [
                max_sim,
                (held * weights[:, :, None]).sum(1),
                (own + (asked == 0) * 3).amin(1),
                max_sim - max_sim.amax(1, keepdim=True),
                near[..., 0],
                near[..., 1],
            ],
            dim=-1,
        )
        of_question = torch.stack([cosines.amax(2), same.amax(2)], dim=-1)
        of_tokens = torch.stack([cosines.masked_fill(asked == 0, NOT_NEAR).amax(1), same.amax(1)], dim=-1)
        x = torch.cat(
            [
                question_states + self.side[0] + self.token_evidence(of_question),
                states + self.side[1] + self.token_evidence(of_tokens),
            ],
            dim=1,
        )
        x = x if features is None else x * features
        seen = ((1 - torch.cat([question_mask, mask], dim=1)) * FAR)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, x, seen)
        length = question_vectors.shape[1]
        share = self.pool(x[:, length:]).transpose(1, 2).masked_fill(owner == 0, FAR).softmax(-1)
        markers = self.last(share @ x[:, length:] + self.sentence_evidence(evidence), x, seen)
        meant = (x[:, :length] * weights[:, :, None]).sum(1, keepdim=True).expand_as(markers)
        learnt = self.score(functional.gelu(self.hidden(torch.cat([markers, meant], dim=-1))))
        return cast(Tensor, (learnt + self.direct(evidence)).squeeze(-1))


def _heads(x: Tensor) -> Tensor:
    return x.view(x.shape[0], -1, HEADS, DIM // HEADS).transpose(1, 2)
