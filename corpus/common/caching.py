"""Remembering what was found for short texts only: what people type must not fill the memory, however long it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")


def remembered(texts: int, longest: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Let a function of a text remember its last `texts` results, of texts of up to `longest` characters."""

    def decorate(function: Callable[[str], T]) -> Callable[[str], T]:
        kept = lru_cache(maxsize=texts)(function)

        @wraps(function)
        def found(text: str) -> T:
            return kept(text) if len(text) <= longest else function(text)

        return found

    return decorate
