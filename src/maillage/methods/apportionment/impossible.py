"""What a sharing says when nothing can satisfy what it is asked."""

from __future__ import annotations

from maillage.methods.sentences import Sentence


class Impossible(ValueError):
    """A sharing that no amount can satisfy, and why in words. Nobody's mistake: two wishes contradict each other."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(self.said())

    def said(self, language: str = "en") -> str:
        return self.reason.said(language)
