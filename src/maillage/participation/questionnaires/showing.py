"""What the page of results says of a questionnaire: words first, then figures; what is hidden is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from maillage.core.formats import number, percent
from maillage.participation.consultations.models import Step
from maillage.participation.questionnaires import selectors, structure
from maillage.participation.questionnaires.counting import NONE
from maillage.participation.questionnaires.models import Erratum, Question
from maillage.participation.results.showing import or_list
from maillage.participation.words import Words, words_of, words_of_each
from maillage.ui.charts import Bar, bars, bars_words

K = Question.Kind


def told(step: Step, data: Mapping[str, Any]) -> dict[str, Any]:
    """Seven queries at most, whatever the number of questions."""
    words = words_of(step.consultation, (get_language() or "fr")[:2])
    blocks = structure.blocks_of(step)
    by_id = {one.pk: one for one in structure.questions_in(blocks)}
    excerpts = selectors.excerpts_of(step)
    parts: list[dict[str, Any]] = []
    for block in blocks:
        rows = []
        for question in block.questions:
            counted = data["questions"].get(structure.key_of(question))
            if counted is not None:
                row = _row(question, counted, words, by_id)
                row["excerpts"] = excerpts.get(structure.key_of(question), [])
                rows.append(row)
        if rows:
            parts.append({"title": words.get(f"section:{block.section.uuid}:title", block.section.title), "rows": rows})
    return {
        "parts": parts,
        "titled": len(parts) > 1,
        "headline": _headline(parts, data),
        "hidden": any(row["hidden"] for part in parts for row in part["rows"]),
        "empty": not parts,
        "taken": lambda: _taken(parts),
        "numeric_from": 2,
        "pictures": _pictures(parts),
        "table_caption": _("Every question, with its answers."),
        "errata": list(Erratum.objects.filter(question__section__step=step).order_by("pk")),
    }


def _taken(parts: list[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    """A line an answer; what is said of a question that has no choices is its only line."""
    header = [_("Question"), pgettext("of a table", "Answer"), _("People"), _("Part")]
    rows = []
    for row in (row for part in parts for row in part["rows"]):
        if row["withheld"]:
            rows.append([row["label"], _("not published"), "", ""])
        elif row["table"]:
            rows += [[row["label"], *line] for line in row["table"]]
        else:
            rows.append([row["label"], row["say"], "", ""])
    return header, rows


def _pictures(parts: list[dict[str, Any]]) -> list[tuple[str, Callable[[], tuple[str, str]]]]:
    items = [
        Bar(f"{row['label']} {label}", share, value)
        for part in parts
        for row in part["rows"]
        for label, share, value in row["bars"]
        if share is not None
    ]
    return [(_("the answers to each question"), lambda: (bars(items, top=1), bars_words(items)))] if items else []


def _headline(parts: list[dict[str, Any]], data: Mapping[str, Any]) -> list[str]:
    answered = data["ballots"]
    lines = [
        ngettext("%(n)s person answered.", "%(n)s people answered.", answered) % {"n": number(answered)}
    ]  # fmt: skip
    first = next((row for part in parts for row in part["rows"] if row["first"]), None)
    if first is not None:
        lines.append(
            _("“%(question)s” %(share)s answered “%(choice)s”.")
            % {"question": first["label"], "share": first["first"][1], "choice": first["first"][0]}
        )
    return lines


def _row(question: Question, counted: Mapping[str, Any], words: Words, by_id: Mapping[int, Question]) -> dict[str, Any]:
    key = f"question:{question.uuid}:label"
    parent = by_id.get(question.depends_on_id) if question.depends_on_id else None
    row: dict[str, Any] = {
        "label": words.get(key, question.label), "kind": question.kind, "withheld": bool(counted.get("withheld")),
        "bars": [], "say": "", "hidden": bool(counted.get("withheld")), "first": None, "table": [], "condition": "",
    }  # fmt: skip
    if parent is not None:
        labels = _labels(parent, words)
        row["condition"] = _("Asked of those who answered %(choices)s to “%(question)s”.") % {
            "choices": or_list([labels[code] for code in question.depends_in if code in labels]),
            "question": words.get(f"question:{parent.uuid}:label", parent.label),
        }
    if row["withheld"]:
        return row
    if question.kind in structure.CLOSED:
        _choices(row, question, counted, words)
    elif question.kind == K.NUMBER and counted["n"]:
        row["say"] = _("Half of the people wrote %(median)s or less, half %(median)s or more.") % {
            "median": number(counted["median"])
        }
        if "quartiles" in counted:
            low, high = counted["quartiles"]
            row["say"] += " " + _("Half of them are between %(low)s and %(high)s.") % {
                "low": number(low), "high": number(high),
            }  # fmt: skip
        row["say"] += " " + ngettext("%(n)s answer.", "%(n)s answers.", counted["n"]) % {"n": number(counted["n"])}
    else:
        row["say"] = _texts_said(counted["n"]) if question.kind == K.TEXT else _("Nobody answered this question.")
    return row


def headlines(steps: Sequence[Step]) -> dict[int, Sequence[str]]:
    """What the page says first of each step, by its key. Three queries, whatever their number."""
    words = words_of_each((step.consultation for step in steps), (get_language() or "fr")[:2])
    questions: dict[int, list[Question]] = {step.pk: [] for step in steps}
    rows = Question.objects.filter(section__step__in=questions).select_related("section")
    for question in rows.order_by("section__position", "section_id", "position", "pk"):
        questions[question.section.step_id].append(question)
    found: dict[int, Sequence[str]] = {}
    for step in steps:
        counted, by_id = step.result.data["questions"], {one.pk: one for one in questions[step.pk]}
        told_rows = [
            _row(one, counted[structure.key_of(one)], words[step.consultation_id], by_id)
            for one in questions[step.pk] if structure.key_of(one) in counted
        ]  # fmt: skip
        found[step.pk] = _headline([{"rows": told_rows}], step.result.data)
    return found


def table(step: Step, data: Mapping[str, Any]) -> Iterator[tuple[str, str, int | float | None]]:
    """For each question, how many gave each answer; for a number its median; for texts how many wrote."""
    words = words_of(step.consultation, (get_language() or "fr")[:2])
    for question in structure.questions_of(step):
        counted = data.get("questions", {}).get(structure.key_of(question))
        if counted is None:
            continue
        label = words.get(f"question:{question.uuid}:label", question.label)
        if counted.get("withheld"):
            yield label, _("not published"), None
        elif question.kind in structure.CLOSED:
            for code, name in _labels(question, words).items():
                yield label, name, counted["counts"].get(code)
            if question.kind != K.SEVERAL:
                yield label, _("No answer"), counted["counts"].get(NONE)
        else:
            yield label, _("Answers"), counted["n"]
            if "median" in counted:
                yield label, _("Median"), counted["median"]


def _texts_said(count: int) -> str:
    if not count:
        return _("Nobody answered this question.")
    return ngettext(
        "%(n)s person wrote something. The team reads it; texts are not published: who wrote could be recognised.",
        "%(n)s people wrote something. The team reads it; texts are not published: who wrote could be recognised.",
        count,
    ) % {"n": number(count)}


def _labels(question: Question, words: Words) -> dict[str, str]:
    return {row["code"]: words.get(f"choice:{question.uuid}:{row['code']}", row["label"]) for row in question.choices}


def _choices(row: dict[str, Any], question: Question, counted: Mapping[str, Any], words: Words) -> None:
    counts, total = counted["counts"], counted["asked"] or 1
    labels = _labels(question, words)
    shown: list[tuple[str, str, int | None]] = [(code, labels[code], counts.get(code)) for code in labels]
    if question.kind != K.GRADE:
        shown.sort(key=lambda one: (one[2] is None, -(one[2] or 0)))
    if question.kind != K.SEVERAL:
        shown.append((NONE, _("No answer"), counts.get(NONE)))
    for code, label, count in shown:
        if count is None:
            row["hidden"] = True
            row["table"].append([label, _("not published"), _("not published")])
            row["bars"].append((label, None, _("not published")))
            continue
        share = count / total
        row["table"].append([label, number(count), percent(share)])
        if code != NONE or count:
            row["bars"].append((label, share, percent(share)))
    best = [one for one in shown if one[2] and one[0] != NONE]
    if best and not row["hidden"]:
        top = max(best, key=lambda one: one[2] or 0)
        row["first"] = (top[1], percent((top[2] or 0) / total))
    row["say"] = ngettext(
        "%(n)s person was asked.", "%(n)s people were asked.", counted["asked"]
    ) % {"n": number(counted["asked"])}  # fmt: skip
    if question.kind == K.SEVERAL:
        row["say"] += " " + _("Each could tick several choices: the total goes over 100 %.")
