"""What the page of results says of testimonies: how many, what they speak of, and words quoted with consent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from maillage.core.formats import number, percent
from maillage.participation.consultations.models import Step
from maillage.participation.testimonies.models import BookCode, Quote
from maillage.ui.charts import Bar, bars, bars_words


def told(step: Step, data: Mapping[str, Any]) -> dict[str, Any]:
    """Two queries. Passages are read as they stand now: one that is withdrawn is gone at once."""
    total = data.get("n", 0)
    quotes = Quote.objects.filter(testimony__step=step, testimony__may_quote=True, agreed_by__isnull=False)
    groups = _groups(BookCode.objects.filter(step=step).order_by("kind", "position", "pk"), data)
    return {
        "total": total,
        "headline": _headline(total, groups),
        "groups": groups,
        "hidden": any(row["share"] is None for group in groups for row in group["rows"]),
        "quotes": list(quotes.select_related("testimony").order_by("position", "pk")),
        "agreement": agreement(data.get("agreement")) if data.get("codes") else "",
        "empty": not groups,
        "taken": lambda: _taken(groups),
        "numeric_from": 2,
        "pictures": _pictures(groups),
        "table_caption": _("What the testimonies speak of."),
    }


def headlines(steps: Sequence[Step]) -> dict[int, Sequence[str]]:
    """What the page says first of each step, by its key. One query, whatever their number."""
    books: dict[int, list[BookCode]] = {step.pk: [] for step in steps}
    for code in BookCode.objects.filter(step__in=books).order_by("step_id", "kind", "position", "pk"):
        books[code.step_id].append(code)
    return {
        step.pk: _headline(step.result.data.get("n", 0), _groups(books[step.pk], step.result.data)) for step in steps
    }


def _groups(book: Iterable[BookCode], data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The codes of a book, in their order, by kind: how many speak of each, the most told first."""
    groups: list[dict[str, Any]] = []
    total, counts = data.get("n", 0), data.get("codes") or {}
    for code in book if counts else ():
        if not groups or groups[-1]["kind"] != code.kind:
            groups.append({"kind": code.kind, "title": HEADINGS[code.kind](), "rows": []})
        said = counts.get(str(code.uuid))
        share = None if said is None else said / total
        groups[-1]["rows"].append(
            {
                "label": code.label, "definition": code.definition, "share": share, "said": said,
                "value": _("not published") if share is None else _people(said or 0, total),
            }
        )  # fmt: skip
    groups.sort(key=lambda group: list(HEADINGS).index(group["kind"]))
    for group in groups:
        group["rows"].sort(key=lambda row: (row["share"] is None, -(row["share"] or 0)))
    return groups


def _taken(groups: list[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    header = [_("List"), pgettext("testimonies", "Code"), pgettext("setup", "Testimonies")]
    return header, [
        [group["title"], row["label"], _("not published") if row["said"] is None else row["said"]]
        for group in groups
        for row in group["rows"]
    ]


def _pictures(groups: list[dict[str, Any]]) -> list[tuple[str, Callable[[], tuple[str, str]]]]:
    items = [
        Bar(row["label"], row["share"], row["value"])
        for group in groups
        for row in group["rows"]
        if row["share"] is not None
    ]
    return [(_("what they speak of"), lambda: (bars(items, top=1), bars_words(items)))] if items else []


def table(step: Step, data: Mapping[str, Any]) -> Iterator[tuple[str, str, int | None]]:
    """How many testified, then how many speak of each code of the book."""
    yield pgettext("setup", "Testimonies"), _("people who testified"), data.get("n")
    counts = data.get("codes") or {}
    for code in BookCode.objects.filter(step=step).order_by("kind", "position", "pk") if counts else ():
        yield str(code.get_kind_display()), code.label, counts.get(str(code.uuid))


HEADINGS: dict[str, Callable[[], str]] = {
    BookCode.Kind.PROBLEM: lambda: _("The problems that they tell"),
    BookCode.Kind.FIELD: lambda: _("The fields that they touch"),
    BookCode.Kind.GROUP: lambda: _("The people that they speak of"),
}


def _people(said: int, total: int) -> str:
    return _("%(n)s of %(total)s, %(share)s") % {
        "n": number(said), "total": number(total), "share": percent(said / total),
    }  # fmt: skip


def _headline(total: int, groups: list[dict[str, Any]]) -> list[str]:
    if not total:
        return [_("Few people testified: how many is not said, nor what they speak of.")]
    lines = [ngettext("%(n)s person testified.", "%(n)s people testified.", total) % {"n": number(total)}]
    problems: list[dict[str, Any]] = next(
        (group["rows"] for group in groups if group["kind"] == BookCode.Kind.PROBLEM), []
    )
    first = next((row for row in problems if row["said"]), None)
    if first is not None:
        lines.append(
            _("What comes back most: %(label)s (%(value)s).") % {"label": first["label"], "value": first["value"]}
        )
    return lines


def agreement(found: Mapping[str, Any] | None) -> str:
    """In words, with its coefficient, its range and how many; whether there is something to tell or not."""
    if found is None:
        return _("No testimony was read by two people apart: how far they agree cannot be said.")
    told = {"n": number(found["n"]), "codes": number(found["codes"])}
    if found["alpha"] is None:
        return (
            _(
                "Two people read %(n)s testimonies apart and put the same codes on all of them. As nothing differs "
                "from one to another, no coefficient can say whether that is by chance."
            )
            % told
        )
    told["alpha"] = number(found["alpha"], 2)
    if found["alpha"] == 1:
        return (
            _(
                "Two people read %(n)s testimonies apart, and put the very same codes on each: Krippendorff’s alpha "
                "%(alpha)s, on %(codes)s codes."
            )
            % told
        )
    if found["low"] is None:
        return (
            _(
                "Two people read %(n)s testimonies apart, then settled where they differed. Krippendorff’s alpha: "
                "%(alpha)s, on %(codes)s codes; they are too few to say how sure it is."
            )
            % told
        )
    told["level"] = LEVELS[next(level for least, level in STEPS if found["alpha"] >= least)]()
    return _(
        "Two people read %(n)s testimonies apart, then settled where they differed. Their agreement before was "
        "%(level)s: Krippendorff’s alpha %(alpha)s, between %(low)s and %(high)s (95 %%), on %(codes)s codes."
    ) % {**told, "low": number(found["low"], 2), "high": number(found["high"], 2)}


STEPS = ((0.8, "high"), (0.667, "middling"), (1e-9, "low"), (float("-inf"), "chance"))
"""Krippendorff’s own bounds; at zero or under, no better than by chance."""
LEVELS: dict[str, Callable[[], str]] = {
    "high": lambda: _("high"),
    "middling": lambda: _("middling"),
    "low": lambda: _("low"),
    "chance": lambda: _("no better than by chance"),
}
