"""How a run ends when it does not end well: the caller's mistakes, and failures of the algorithm."""
from __future__ import annotations


class Refused(Exception):
    """What the caller sent can not be used. Nothing has run."""

    def __init__(self, name: str | None, message: str) -> None:
        super().__init__(message)
        self.mistakes = [{'input': name, 'message': message}]


class Failed(Exception):
    """The algorithm did not succeed, or was cancelled. `kind` as in the protocol."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
