"""Reads agree/disagree/pass votes: a folder exported by Polis, or one of its two files of votes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from maillage.methods.errors import Unreadable
from maillage.methods.opinion.votes import Statement, Votes
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext

MATRIX = ("participants-votes.csv", "participant-votes.csv")
ABOUT_PEOPLE = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", "xid")
"""Columns of the matrix that are no statement."""
LEFT_OUT = "left-out:"
"""Before the name of a column: moderation left this statement out, and the matrix says so without another file."""
VOTE = {"1": 1, "1.0": 1, "0": 0, "0.0": 0, "-1": -1, "-1.0": -1}


@dataclass(frozen=True, eq=False)
class Conversation:
    """Votes, and what their files say of them."""

    votes: Votes
    topic: str = ""
    published_groups: Mapping[str, str] = field(default_factory=dict)
    """Group that the file gives to a person (``group-id``), where it gives one."""
    remarks: tuple[Sentence, ...] = ()
    """What the files say twice and not in the same way; the votes themselves are what is counted."""


def read(path: Path) -> Conversation:
    """A folder (``participants-votes.csv`` or ``votes.csv``, with ``comments.csv`` and ``summary.csv`` if they are
    there), or one of the two files of votes alone.

    In a matrix (``participants-votes.csv``) a line is a person and a column a statement: 1 agrees, −1 disagrees, 0
    passes, empty is no vote; a column ``left-out:12`` is statement 12, which moderation left out. In a list
    (``votes.csv``) a line is a vote; where a person voted twice on a statement, the latest counts, and of two at one
    instant the one written last. ``comments.csv`` gives the texts and what moderation left out (``moderated`` −1).
    Where both files of votes are there the matrix is read. A list whose signs are the reverse of the counts in
    ``comments.csv`` is turned over, and a remark says so.

    Errors: ``Unreadable`` with the line.
    """
    if not path.is_dir():
        return _votes(path, {})
    found = [path / name for name in (*MATRIX, "votes.csv") if (path / name).is_file()]
    if not found:
        raise Unreadable(_("There is no participants-votes.csv or votes.csv in this folder."))
    comments: dict[str, _Comment] = {}
    summary: dict[str, str] = {}
    # Of several files, the refusal names the one.
    with _named("comments.csv"):
        if (path / "comments.csv").is_file():
            comments = _comments(path / "comments.csv")
    with _named("summary.csv"):
        if (path / "summary.csv").is_file():
            summary = dict(_summary(path / "summary.csv"))
    with _named(found[0].name):
        conversation = _votes(found[0], comments)
    return Conversation(
        conversation.votes, summary.get("topic", ""), conversation.published_groups, conversation.remarks
    )


@contextmanager
def _named(file: str) -> Iterator[None]:
    try:
        yield
    except Unreadable as error:
        raise Unreadable(_("%(reason)s (File %(file)s.)", reason=error.reason, file=file), error.line) from error


@dataclass(frozen=True)
class _Comment:
    text: str
    left_out: bool
    agrees: int | None
    disagrees: int | None


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Lines of a CSV file that are not empty, each with the number of its first line in the file."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable(_("The file %(name)s cannot be opened.", name=path.name)) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable(_("This is not UTF-8 text. Save the file as CSV UTF-8."), line) from error
    reader, line = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(_("This line is no CSV: a quotation mark is missing or too much."), line) from error


def _header(path: Path, lines: Iterator[tuple[int, list[str]]]) -> list[str]:
    for line, row in lines:
        header = [name.strip() for name in row]
        twice = next((name for name, times in Counter(header).items() if times > 1), None)
        if twice is not None:
            raise Unreadable(_("The column « %(name)s » is there twice.", name=twice), line)
        return header
    raise Unreadable(_("The file %(name)s is empty.", name=path.name))


def _as_long(header: list[str], row: list[str], line: int) -> None:
    if len(row) != len(header):
        raise Unreadable(
            _("%(found)s columns where the first line has %(wanted)s.", found=len(row), wanted=len(header)), line
        )


def _votes(path: Path, comments: Mapping[str, _Comment]) -> Conversation:
    lines = _lines(path)
    header = _header(path, lines)
    if "participant" in header:
        return _matrix(header, lines, comments)
    missing = [name for name in ("comment-id", "voter-id", "vote") if name not in header]
    if not missing:
        return _list(header, lines, comments)
    raise Unreadable(
        _("The first line has no column « participant » (one line a person) and no columns « comment-id », "
          "« voter-id » and « vote » (one line a vote)."), 1,
    )  # fmt: skip


def _statements(ids: list[str], comments: Mapping[str, _Comment]) -> tuple[Statement, ...]:
    """Those of the votes in their order, then those that only ``comments.csv`` knows."""
    known = dict.fromkeys([*ids, *comments])
    return tuple(
        Statement(name, comments[name].text, comments[name].left_out) if name in comments else Statement(name)
        for name in known
    )


def _matrix(
    header: list[str], lines: Iterator[tuple[int, list[str]]], comments: Mapping[str, _Comment]
) -> Conversation:
    columns = [place for place, name in enumerate(header) if name not in ABOUT_PEOPLE]
    ids = [header[place].removeprefix(LEFT_OUT) for place in columns]
    marked = {header[place].removeprefix(LEFT_OUT) for place in columns if header[place].startswith(LEFT_OUT)}
    if not ids:
        raise Unreadable(_("There is no column for a statement."), 1)
    twice = next((name for name, times in Counter(ids).items() if times > 1), None)
    if twice is not None:
        raise Unreadable(_("The column « %(name)s » is there twice.", name=twice), 1)
    if "" in ids:
        raise Unreadable(_("A column has no name."), 1)
    who, group = header.index("participant"), header.index("group-id") if "group-id" in header else None
    people: dict[str, int] = {}
    groups: dict[str, str] = {}
    person: list[int] = []
    statement: list[int] = []
    value: list[int] = []
    differ = 0
    for line, row in lines:
        _as_long(header, row, line)
        name = row[who].strip()
        place = _person(people, name, line)
        start = len(value)
        for number, column in enumerate(columns):
            if cell := row[column]:
                if cell not in VOTE:
                    if not cell.strip():
                        continue
                    _vote(cell, line, header[column])
                person.append(place)
                statement.append(number)
                value.append(_vote(cell, line, header[column]))
        if group is not None and row[group].strip():
            groups[name] = row[group].strip()
        differ += _differs(header, row, value[start:])
    if not value:
        raise Unreadable(_("There is no vote in this file."))
    statements = tuple(replace(one, left_out=True) if one.id in marked else one for one in _statements(ids, comments))
    votes = Votes.of(tuple(people), statements, person, statement, value)
    remarks = [
        *_remark(differ, "people"),
        *_remark(_counted_otherwise(votes, comments), "statements"),
    ]
    return Conversation(votes, "", groups, tuple(remarks))


def _person(people: dict[str, int], name: str, line: int) -> int:
    if not name:
        raise Unreadable(_("This line names no participant."), line)
    if name in people:
        raise Unreadable(_("The participant « %(name)s » is there twice.", name=name), line)
    return people.setdefault(name, len(people))


def _vote(cell: str, line: int, column: str) -> int:
    vote = VOTE.get(cell.strip())
    if vote is None:
        raise Unreadable(
            _("« %(cell)s » in the column « %(column)s » is no vote: write 1 (agrees), -1 (disagrees), 0 (passes) or "
              "nothing.", cell=cell[:40], column=column), line,
        )  # fmt: skip
    return vote


def _differs(header: list[str], row: list[str], votes: list[int]) -> bool:
    """Whether the counts that the line gives are not those of its votes."""
    counts = {"n-votes": len(votes), "n-agree": votes.count(1), "n-disagree": votes.count(-1)}
    written = dict(zip(header, row, strict=True))
    return any(written.get(name, "").strip() not in ("", str(count)) for name, count in counts.items())


def _list(header: list[str], lines: Iterator[tuple[int, list[str]]], comments: Mapping[str, _Comment]) -> Conversation:
    what, who, which = (header.index(name) for name in ("comment-id", "voter-id", "vote"))
    when = header.index("timestamp") if "timestamp" in header else None
    people: dict[str, int] = {}
    ids: dict[str, int] = {}
    cast: list[tuple[int, int, int, int]] = []
    for line, row in lines:
        _as_long(header, row, line)
        name, number = row[who].strip(), row[what].strip()
        if not name or not number:
            raise Unreadable(_("This line names no participant or no statement."), line)
        cast.append(
            (
                _instant(row[when], line) if when is not None else 0,
                people.setdefault(name, len(people)),
                ids.setdefault(number, len(ids)),
                _vote(row[which], line, "vote"),
            )
        )
    if not cast:
        raise Unreadable(_("There is no vote in this file."))
    cast.sort(key=lambda vote: vote[0])
    _when, person, statement, value = zip(*cast, strict=True)
    statements = _statements(list(ids), comments)
    votes = Votes.of(tuple(people), statements, person, statement, value)
    turned = Votes(votes.people, statements, votes.person, votes.statement, -votes.value)
    remarks: list[Sentence] = []
    if comments and _away(turned, comments) * 2 < _away(votes, comments):
        votes = turned
        remarks.append(_("In the list of votes -1 meant « agrees »: the counts of comments.csv say so."))
    again = len(cast) - len(votes.value)
    if again:
        remarks.append(
            ngettext(
                "%(count)s vote was changed later: the last one counts.",
                "%(count)s votes were changed later: the last ones count.",
                again,
            )
        )
    remarks += _remark(_counted_otherwise(votes, comments), "statements")
    return Conversation(votes, remarks=tuple(remarks))


def _instant(cell: str, line: int) -> int:
    text = cell.strip()
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Unreadable(_("« %(cell)s » is no timestamp: a whole number is needed.", cell=cell[:40]), line)
    return int(text)


def _counts(votes: Votes, of: int) -> np.ndarray:
    return np.bincount(votes.statement[votes.value == of], minlength=len(votes.statements))


def _away(votes: Votes, comments: Mapping[str, _Comment]) -> int:
    """How far the votes are from the counts of ``comments.csv``."""
    agrees, disagrees = _counts(votes, 1), _counts(votes, -1)
    return sum(
        abs(int(agrees[place]) - (comments[one.id].agrees or 0))
        + abs(int(disagrees[place]) - (comments[one.id].disagrees or 0))
        for place, one in enumerate(votes.statements)
        if one.id in comments and comments[one.id].agrees is not None
    )


def _counted_otherwise(votes: Votes, comments: Mapping[str, _Comment]) -> int:
    """Statements for which ``comments.csv`` gives other counts."""
    agrees, disagrees = _counts(votes, 1), _counts(votes, -1)
    return sum(
        comments[one.id].agrees not in (None, agrees[place])
        or comments[one.id].disagrees not in (None, disagrees[place])
        for place, one in enumerate(votes.statements)
        if one.id in comments
    )


def _remark(count: int, of: str) -> list[Sentence]:
    if not count:
        return []
    if of == "people":
        return [
            ngettext(
                "For %(count)s person the file gives other counts than their votes.",
                "For %(count)s people the file gives other counts than their votes.",
                count,
            )
        ]
    return [
        ngettext(
            "For %(count)s statement comments.csv gives other counts: it may count votes that were changed later.",
            "For %(count)s statements comments.csv gives other counts: it may count votes that were changed later.",
            count,
        )
    ]


def _comments(path: Path) -> dict[str, _Comment]:
    lines = _lines(path)
    header = _header(path, lines)
    if "comment-id" not in header:
        raise Unreadable(_("comments.csv has no column « comment-id »."), 1)
    found: dict[str, _Comment] = {}
    for line, row in lines:
        _as_long(header, row, line)
        cell = dict(zip(header, row, strict=True))
        name = cell["comment-id"].strip()
        if not name or name in found:
            raise Unreadable(_("In comments.csv « %(name)s » is no new number of a statement.", name=name[:40]), line)
        moderated = cell.get("moderated", "").strip()
        if moderated not in ("", "-1", "0", "1"):
            raise Unreadable(_("« %(cell)s » is no moderation: -1, 0 or 1 is needed.", cell=moderated[:40]), line)
        found[name] = _Comment(
            " ".join(cell.get("comment-body", "").split()),
            moderated == "-1",
            _count(cell.get("agrees", ""), line),
            _count(cell.get("disagrees", ""), line),
        )
    return found


def _count(cell: str, line: int) -> int | None:
    text = cell.strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Unreadable(_("« %(cell)s » is no number of votes.", cell=cell[:40]), line)
    return int(text)


def _summary(path: Path) -> Iterator[tuple[str, str]]:
    for _line, row in _lines(path):
        yield row[0].strip(), " ".join(",".join(row[1:]).split())
