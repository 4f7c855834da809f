"""An encoder that keeps what it encoded last: texts that differ in one sentence share most of their passages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from tokenizers import Tokenizer

from index.encoder.encode import Encoder, Encoding, Role

KEPT = 256  # a passage's token vectors take a few hundred kilobytes


class Remembering(Encoder):
    """Encodes as another encoder does, each of the last `KEPT` texts once."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder.card, Tokenizer.from_str(encoder.tokenizer_json()), encoder.network)
        self._kept: OrderedDict[tuple[Role, str], Encoding] = OrderedDict()

    def encode(self, texts: Sequence[str], role: Role = "passage") -> list[Encoding]:
        """See `Encoder.encode`."""
        fresh = [text for text in dict.fromkeys(texts) if (role, text) not in self._kept]
        self._kept.update(((role, text), e) for text, e in zip(fresh, super().encode(fresh, role), strict=True))
        found = [self._kept[role, text] for text in texts]
        for text in texts:
            self._kept.move_to_end((role, text))
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found
