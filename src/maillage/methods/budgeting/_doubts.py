"""What is doubtful in a Pabulib file that could be read: it is said, and changes nothing to the count."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from maillage.methods.budgeting._cells import short
from maillage.methods.budgeting._head import Head
from maillage.methods.budgeting._layout import BallotLines
from maillage.methods.errors import Unreadable
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext

WHOLE = re.compile(r"[0-9]{1,9}")


def doubts_of(head: Head, read: BallotLines) -> list[Sentence]:
    """The sentences, in the order of the parts. Errors: ``Unreadable`` where a limit of META is no number."""
    return [
        *head.warnings,
        *_counts(head, read),
        *_lengths(head, read),
        *(_passed_over(kind, *found) for kind, found in sorted(read.doubts.items())),
    ]


def _counts(head: Head, read: BallotLines) -> list[Sentence]:
    """What META announces, beside what the file has."""
    said = []
    for key, found in (("num_projects", len(head.projects)), ("num_votes", len(read.counts))):
        announced = _whole(head, key)
        if announced is not None and announced != found:
            marks = {"announced": announced, "found": found}
            said.append(
                _("META announces “%(key)s” %(announced)s; the file has %(found)s. Is it whole?", key=key, **marks)
            )
    return said


def _lengths(head: Head, read: BallotLines) -> list[Sentence]:
    """Ballots that name fewer or more projects than the rules of the vote said."""
    least, most = _whole(head, "min_length"), _whole(head, "max_length")
    said = []
    if least is not None:
        said += _beyond(read.counts < least, "min_length", least, read)
    if most is not None:
        said += _beyond(read.counts > most, "max_length", most, read)
    return said


def _beyond(wrong: NDArray[np.bool_], key: str, limit: int, read: BallotLines) -> list[Sentence]:
    if not wrong.any():
        return []
    return [
        ngettext(
            "One ballot does not respect “%(key)s” (%(limit)s): line %(line)s.",
            "%(count)s ballots do not respect “%(key)s” (%(limit)s), the first on line %(line)s.",
            int(wrong.sum()),
            key=key,
            limit=limit,
            line=str(read.lines[np.argmax(wrong)]),
        )
    ]


def _passed_over(kind: str, count: int, first: int) -> Sentence:
    line = str(first)
    if kind == "commas":
        return ngettext(
            "One ballot has a comma too many (line %(line)s).",
            "%(count)s ballots have a comma too many (the first on line %(line)s).",
            count,
            line=line,
        )
    if kind == "short":
        return ngettext(
            "One ballot has fewer cells than the header (line %(line)s): the others are read as empty.",
            "%(count)s ballots have fewer cells than the header (the first on line %(line)s): "
            "the others are read as empty.",
            count,
            line=line,
        )
    return ngettext(
        "One ballot has no voter’s id (line %(line)s).",
        "%(count)s ballots have no voter’s id (the first on line %(line)s).",
        count,
        line=line,
    )


def _whole(head: Head, key: str) -> int | None:
    written = head.meta.get(key, "")
    if not written:
        return None
    if not WHOLE.fullmatch(written):
        raise Unreadable(
            _("“%(written)s” is not a whole number for “%(key)s”.", written=short(written), key=key), head.lines[key]
        )
    return int(written)
