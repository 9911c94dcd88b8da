"""What a reader of files says when it cannot read one."""

from __future__ import annotations

from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _


class Unreadable(ValueError):
    """A file that cannot be read, the line where it goes wrong (from 1; ``None``: the file as a whole) and why."""

    def __init__(self, reason: Sentence, line: int | None = None) -> None:
        self.reason = reason
        self.line = line
        super().__init__(self.said())

    def said(self, language: str = "en") -> str:
        """The line and the reason, in words."""
        if self.line is None:
            return self.reason.said(language)
        return _("Line %(line)s: %(reason)s", line=str(self.line), reason=self.reason).said(language)
