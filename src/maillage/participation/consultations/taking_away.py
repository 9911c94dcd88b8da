"""What the team takes away of a consultation: one archive of plain tables, that may be read without the product.

It holds what was asked and what was answered in all, never a ballot with its instant, its code or its author, never the
words of a testimony nor a text answer: a file travels, and cannot be withdrawn. Small numbers are withheld as on the
pages, with what would give them back. Each part adds its tables from its ``contributions.py``::

    taking_away.register(tables)
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from maillage.actors.sheets import plain
from maillage.core import audit
from maillage.core.access import require
from maillage.core.formats import date
from maillage.participation import kinds
from maillage.participation.consultations.giving import channels_of, shown_count
from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.selectors import steps_of
from maillage.participation.results.models import Result
from maillage.participation.vocabulary import Channel


@dataclass(frozen=True)
class Table:
    """``name``: of the file, without its ending; ``title``: what it holds, in a few words."""

    name: str
    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]


Provider = Callable[[Consultation], Iterable[Table]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """``provider(consultation)`` yields the tables of its part; none where it has nothing to say of this one."""
    _providers.append(provider)
    return provider


def page_url(consultation: Consultation) -> str:
    return reverse("participation_in:consultation_export", args=[consultation.alliance.slug, consultation.uuid])


def results_of(consultation: Consultation) -> list[Result]:
    """The results that are there and may be told, step by step. One query."""
    found = Result.objects.filter(step__consultation=consultation, state=Result.State.READY, withheld=False)
    return list(found.select_related("file", "receipts_file").order_by("step__position", "pk"))


def tables(consultation: Consultation) -> Iterator[Table]:
    """Everything, in order."""
    steps = steps_of(consultation)
    yield Table("consultation", _("What was told to people"), (_("What"), _("Words")), _words(consultation))
    yield Table(
        "etapes", _("The steps, and how each is counted"),
        (_("Step"), _("Kind"), _("Title"), _("What is asked"), _("Ballot"), _("Rule of counting"), _("State")),
        [
            (row.position + 1, str(row.get_kind_display()), row.title, row.intro, str(row.get_method_display()),
             str(row.get_counting_display()), str(row.get_state_display()))
            for row in steps
        ],
    )  # fmt: skip
    options = [(row.position + 1, one) for row in steps for one in row.options.all()]
    if options:
        yield Table(
            "choix", _("What people chose from"),
            (_("Step"), _("Number"), _("Name"), _("In plain words"), _("Cost in cents"), _("Why it is withdrawn")),
            [(n, one.number, one.label, one.text, one.cost_cents, one.withdrawn_why) for n, one in options],
        )  # fmt: skip
    results = {row.step_id: row for row in results_of(consultation)}
    known = [(row, results[row.pk]) for row in steps if row.pk in results]
    if known:
        yield Table(
            "participation", _("How many people answered, and by which way"),
            (_("Step"), _("Way"), _("Ballots")),
            [line for step, result in known for line in _channels(step.position + 1, result, consultation.threshold)],
        )  # fmt: skip
        yield Table(
            "reponses", _("What was answered, in all"),
            (_("Step"), _("What was asked"), pgettext("of a table", "Answer"), _("Count")),
            [
                (step.position + 1, *line)
                for step, result in known if (table := kinds.of(step).table) is not None
                for line in table(step, result.data)
            ],
        )  # fmt: skip
    for provider in _providers:
        yield from provider(consultation)


def _words(row: Consultation) -> list[tuple[str, Any]]:
    return [
        (_("Title"), row.title), (_("What it is about"), row.intro), (_("Purpose"), row.purpose),
        (_("Who decides with it"), row.space.name if row.space else row.decided_by), (_("Promise"), row.promise),
        (_("Who may answer"), str(row.get_access_display())), (_("Opened"), row.opened_at and _day(row, row.opened_at)),
        (_("Closed"), row.closed_at and _day(row, row.closed_at)), (_("Why it closed before its time"), row.closed_why),
        (_("Results published"), row.published_at and _day(row, row.published_at)),
        (_("Population"), row.population), (_("Source of that number"), row.population_source),
        (_("Smallest group shown"), row.threshold), (_("What was done with it"), row.feedback),
    ]  # fmt: skip


def _day(row: Consultation, moment: dt.datetime) -> str:
    return row.alliance.today(moment).isoformat()


def _channels(number: int, result: Result, threshold: int) -> Iterator[tuple[int, str, int | None]]:
    yield number, _("all"), shown_count(result.ballots, threshold)
    for code, count in (channels_of(result, threshold) or {}).items():
        yield number, str(Channel(code).label), count


def archive(*, consultation: Consultation, by: Any, now: dt.datetime, via: str = "web") -> tuple[str, bytes]:
    """``(name of the file, the archive)``. The log says who took it. Errors: ``PermissionDenied``."""
    require(by, "participation.run", consultation)
    made = io.BytesIO()
    lines = []
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:

        def put(name: str, data: bytes) -> None:
            # One same instant for all: nothing of when a row came.
            book.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)

        for table in tables(consultation):
            put(f"{table.name}.csv", _csv(table))
            lines.append(f"{table.name}.csv : {table.title}")
        if consultation.state == Consultation.State.PUBLISHED:
            for result in results_of(consultation):
                for document in filter(None, (result.file, result.receipts_file)):
                    with document.file.open("rb") as handle:
                        put(f"publies/{document.name}", handle.read())
                    lines.append(f"publies/{document.name} : {_('as everyone downloads it')}")
        put("LISEZ-MOI.txt", _read_me(consultation, lines, now).encode("utf-8-sig"))
    audit.record("participation.consultation_exported", consultation, by=by, alliance=consultation.alliance, via=via)
    return f"consultation-{slugify(consultation.title)[:60] or consultation.short}.zip", made.getvalue()


def _csv(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([str(title) for title in table.header])
    writer.writerows(["" if value is None else plain(value) for value in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def _read_me(consultation: Consultation, lines: Sequence[str], now: dt.datetime) -> str:
    least = _(
        "An empty cell: not known, or withheld. Groups of fewer than %(n)s people are never shown, nor what would give "
        "their number back."
    ) % {"n": consultation.threshold}
    parts = [
        consultation.title,
        _("Taken away on %(day)s.") % {"day": date(consultation.alliance.today(now))},
        "\n".join(lines),
        least,
        _(
            "No ballot is tied to anyone here. The words of testimonies and text answers are not in it: their authors "
            "may withdraw them, and a file cannot be withdrawn."
        ),
    ]  # fmt: skip
    return "\r\n\r\n".join(part.replace("\n", "\r\n") for part in parts) + "\r\n"
