"""What can go wrong on the way to a Space, as errors that name the remedy."""

from __future__ import annotations

from corpus.errors import AskError


class SpaceError(AskError):
    """The Space folder cannot be written or is not fit to be uploaded."""


class SimulationError(AskError):
    """The Space folder does not start or does not answer as it would have to."""


class DeployError(AskError):
    """The Hub refused a step; the message says which, why, and what to do."""
