"""The published ballots of a step of priorities: a file that anyone counts, and the command that does it."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Sequence
from dataclasses import replace

from django.utils import translation

from maillage.methods.budgeting.write import write_pabulib
from maillage.participation.consultations.models import Option, Step
from maillage.participation.kinds import PublishedFile
from maillage.participation.results import reading, tally
from maillage.participation.vocabulary import Counting, Grade, Method

PABULIB_RULES: dict[str, str] = {
    Counting.EQUAL_SHARES: "equalshares/add1",
    Counting.GREEDY: "greedy",
    Counting.PHRAGMEN: "phragmen",
}
IDENTIFIER = "bulletin"
"""First column of the tables. A number of row: ballots come in the order that the urn was shaken into."""

RULES: dict[str, tuple[str, ...]] = {
    Counting.JUDGMENT: ("--rule", "majority-judgment", "--blank", "left-out"),
    Counting.APPROVAL: ("--rule", "approval"),
    Counting.SUM: ("--rule", "score", "--zero", "value"),
    Counting.MEAN: ("--rule", "score", "--measure", "mean", "--zero", "value"),
    Counting.SCHULZE: ("--rule", "schulze", "--ranks"),
    Counting.RANKED_PAIRS: ("--rule", "ranked-pairs", "--ranks"),
    Counting.BORDA: ("--rule", "borda", "--ranks"),
    Counting.RUNOFF: ("--rule", "instant-runoff", "--ranks"),
    Counting.EQUAL_SHARES: ("--rule", "equal-shares", "--completion", "add1"),
    Counting.GREEDY: ("--rule", "greedy"),
    Counting.PHRAGMEN: ("--rule", "phragmen"),
}
"""What ``maillage tally`` is told, by rule of counting."""


def publish(step: Step, options: Sequence[Option], contents: Sequence[str]) -> PublishedFile:
    """Pabulib for a budget, a table for the others. Labels are in the language the consultation was written in."""
    name = f"bulletins-{step.position + 1}"
    if step.method == Method.BUDGET:
        data, name, content_type = _pabulib(step, options, contents), f"{name}.pb", "text/plain"
    else:
        data, name, content_type = _table(step, options, contents), f"{name}.csv", "text/csv"
    return PublishedFile(name, content_type, data, command(step, name))


def command(step: Step, name: str) -> str:
    """``maillage tally bulletins-1.csv --rule …``, as it is typed in a terminal."""
    words = ["maillage", "tally", name, *RULES[step.counting]]
    if step.counting == Counting.JUDGMENT:
        words += ["--grades", ",".join(grade_names(step.consultation.language))]
    if step.method == Method.BUDGET:
        ties = tally.ties_of(step)
        words += ["--ties", str(ties)]
        if ties == "lot":
            words += ["--seed", str(tally.seed_of(step))]
    return shlex.join(words)


def grade_names(language: str) -> list[str]:
    """The six grades, best first, in French unless the consultation is in English."""
    with translation.override("en" if language == "en" else "fr"):
        return [str(grade.label) for grade in sorted(Grade, reverse=True)]


def column(option: Option) -> str:
    """« 3. Se déplacer sans auto »: the number makes it the only one of its name."""
    return f"{option.number}. {' '.join(option.label.split())}"


def _table(step: Step, options: Sequence[Option], contents: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([IDENTIFIER, *map(column, options)])
    numbers = [option.number for option in options]
    lines = _as_they_are(contents, numbers) if step.method in {Method.GRADES, Method.RANKING} else None
    if lines is not None:
        return text.getvalue().encode() + lines
    if step.method == Method.APPROVAL:
        rows = (tally.ratings(step, numbers, contents).values == 1).astype(int)
        blank = None
    else:
        blank = reading.NOTHING if step.method == Method.SCORE else None
        rows = reading.rows(contents, numbers, fill=0 if blank is None else blank)
    for number, row in enumerate(rows.tolist(), start=1):
        cells = map(str, row) if blank is None else ("" if cell == blank else str(cell) for cell in row)
        text.write(f"{number},{','.join(cells)}\n")
    return text.getvalue().encode()


def _as_they_are(contents: Sequence[str], numbers: Sequence[int]) -> bytes | None:
    """The lines of ballots that all say one figure for each option, none withdrawn: what is between their brackets is
    the line already. ``None`` for others."""
    figures = reading.digits(contents, len(numbers))
    if figures is None or list(numbers) != list(range(1, figures.shape[1] + 1)):
        return None
    return "".join([f"{number},{one[1:-1]}\n" for number, one in enumerate(contents, start=1)]).encode()


def _pabulib(step: Step, options: Sequence[Option], contents: Sequence[str]) -> bytes:
    consultation = step.consultation
    election = tally.election_of(step, options, contents)
    when = {
        name: instant.astimezone(consultation.alliance.zone).strftime("%d.%m.%Y")
        for name, instant in (("date_begin", consultation.opened_at), ("date_end", step.closed_at))
        if instant is not None
    }
    meta = {
        "description": " ".join(consultation.title.split()),
        "country": "Canada",
        "unit": consultation.alliance.name,
        "instance": str((step.closed_at or consultation.created_at).year),
        "num_projects": "", "num_votes": "", "budget": "", "vote_type": "approval",
        "rule": PABULIB_RULES[step.counting],
        **when, "language": consultation.language, "currency": "CAD",
    }  # fmt: skip
    return write_pabulib(replace(election, meta=meta))
