"""Short texts are remembered, the last of them; long ones are not."""

from __future__ import annotations

from corpus.common.caching import remembered


def test_only_the_last_short_ones_are_remembered() -> None:
    read: list[str] = []

    @remembered(texts=2, longest=3)
    def shout(text: str) -> str:
        """Loudly."""
        read.append(text)
        return text.upper()

    assert [shout(text) for text in ("abc", "abc", "abcd", "abcd", "x", "y", "abc")] == [
        "ABC", "ABC", "ABCD", "ABCD", "X", "Y", "ABC",
    ]  # fmt: skip
    assert read == ["abc", "abcd", "abcd", "x", "y", "abc"]
    assert (shout.__name__, shout.__doc__) == ("shout", "Loudly.")
