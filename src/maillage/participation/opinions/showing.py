"""What the page says of a reading, from what is kept and nothing else: words first, then the map, then figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from maillage.core.formats import number, percent
from maillage.participation.consultations.models import Step
from maillage.participation.opinions import drawing
from maillage.participation.opinions.models import Statement
from maillage.participation.results import charts
from maillage.participation.words import words_of
from maillage.ui.charts import PRINT

AGREE, PASS, DISAGREE = 0, 3, 5
"""Shades of the bars, among the six of the grades."""
WORDS_MOST = 3
"""Statements that the first sentences quote."""


def told(step: Step, data: Mapping[str, Any]) -> dict[str, Any]:
    """What ``_result.html`` shows. Two queries more than the words of the consultation."""
    texts = texts_of(step)
    rows = {row["n"]: row for row in data.get("statements") or []}
    shown = _Shown(texts, rows, group_names(data))
    shared = [shown.row(one["n"], one["side"]) for one in data.get("shared") or [] if one["n"] in texts]
    divides = [shown.row(one) for one in data.get("divides") or [] if one in texts]
    groups = [
        {
            "name": shown.names[place],
            "letter": drawing.group_name(place),
            "size": _people(one["size"], data),
            "says": [shown.says(said, place) for said in one["says"] if said["n"] in texts],
        }
        for place, one in enumerate(data.get("groups") or [])
    ]
    return {
        "nothing": nothing(data),
        "headline": headline(data, len(shared), len(divides)),
        "clear": data.get("verdict") == "clear",
        "unclear": "" if data.get("verdict") == "clear" else verdict(data),
        "shared": shared,
        "divides": divides,
        "groups": groups,
        "legend": legend(),
        "map": mark_safe(drawing.map_svg(data, shown.names)),
        "map_words": map_words(data, shown.names),
        "map_table": map_table(data, shown.names),
        "map_header": [pgettext("opinions", "Group"), _("People"), _("Part of the people grouped")],
        "notes": notes(data),
        "refusals": refusals(data),
        "said": limits(data),
        "statements": len(rows),
        "how_name": "", "how_steps": how(), "tie": "", "others": [],
        "empty": bool(nothing(data)), "taken": lambda: _taken(shown), "numeric_from": 2,
        "table_caption": _("Every statement, with what everyone and each group answered."),
        "pictures": _pictures(data, shown, [*shared, *divides]),
    }  # fmt: skip


def _taken(shown: _Shown) -> tuple[list[str], list[list[str]]]:
    """The statements that may be shown, a line for everyone and one for each group."""
    header = [_("Statement"), pgettext("opinions", "Group"), *(label() for _shade, label in SIDES)]
    rows = (shown.row(n) for n in shown.texts if n in shown.rows)
    return header, [[row["text"], *line] for row in rows for line in row["table"]]


def _pictures(
    data: Mapping[str, Any], shown: _Shown, rows: Sequence[Mapping[str, Any]]
) -> list[tuple[str, Callable[[], tuple[str, str]]]]:
    found: list[tuple[str, Callable[[], tuple[str, str]]]] = []
    if rows:
        bands = [charts.Band(row["text"], _parts(shown.rows[row["n"]]["all"])) for row in rows]
        found.append(
            (
                _("what brings together, then what divides"),
                lambda: (charts.picture(bands, half=False), " ".join(f"{charts.words(band)}." for band in bands)),
            )
        )
    if data.get("cells") or data.get("groups"):
        found.append((_("the map"), lambda: (drawing.map_svg(data, shown.names, PRINT), map_words(data, shown.names))))
    return found


def texts_of(step: Step) -> dict[int, tuple[str, str]]:
    """``(text, language)`` of the statements that may be shown, by number."""
    language = (get_language() or "fr")[:2]
    words = words_of(step.consultation, language)
    found = {}
    for one in Statement.objects.filter(step=step, state=Statement.State.SHOWN).order_by("number"):
        translated = words.texts.get(f"statement:{one.uuid}")
        found[one.number] = (translated or one.text, language if translated else one.language)
    return found


def group_names(data: Mapping[str, Any]) -> list[str]:
    return [
        _("Group %(letter)s") % {"letter": drawing.group_name(place)} for place in range(len(data.get("groups") or []))
    ]


def legend() -> list[tuple[int, str]]:
    return [(shade + 1, label()) for shade, label in SIDES]


SIDES: tuple[tuple[int, Callable[[], str]], ...] = (
    (AGREE, lambda: pgettext("opinions", "agree")),
    (PASS, lambda: pgettext("opinions", "pass")),
    (DISAGREE, lambda: pgettext("opinions", "disagree")),
)


class _Shown:
    """Statements with their bars."""

    def __init__(
        self, texts: Mapping[int, tuple[str, str]], rows: Mapping[int, Mapping[str, Any]], names: Sequence[str]
    ) -> None:
        self.texts, self.rows, self.names = texts, rows, names

    def row(self, n: int, side: str = "") -> dict[str, Any]:
        text, language = self.texts[n]
        row = self.rows[n]
        bands = [(_("Everyone"), row["all"])]
        if row["parts"]:
            bands += [(name, part) for name, part in zip(self.names, row["parts"], strict=True) if sum(part)]
        elif self.names:
            bands = bands[:1]
        return {
            "n": n, "text": text, "lang": language, "say": _share_words(row["all"], side),
            "bars": [{"name": name, "drawing": _bar(name, counts)} for name, counts in bands],
            "hidden": bool(self.names) and not row["parts"],
            "table": [[name, *map(percent, _shares(counts))] for name, counts in bands],
        }  # fmt: skip

    def says(self, said: Mapping[str, Any], place: int) -> dict[str, Any]:
        row = self.row(said["n"])
        parts = self.rows[said["n"]]["parts"]
        own, others = parts[place], [sum(column) for column in zip(*(parts[:place] + parts[place + 1 :]), strict=True)]
        at = 0 if said["side"] == "agree" else 2
        figures = {"own": percent(_shares(own)[at]), "others": percent(_shares(others)[at])}
        if said["side"] == "agree":
            row["say"] = _("%(own)s agree; in the others, %(others)s.") % figures
        else:
            row["say"] = _("%(own)s disagree; in the others, %(others)s.") % figures
        row["side"], row["sure"] = said["side"], said["sure"]
        return row


def table(step: Step, data: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """For each statement with figures, how many of everyone agree, pass and disagree, then of each group."""
    texts, names = texts_of(step), group_names(data)
    for row in data.get("statements") or []:
        if row["n"] not in texts:
            continue
        for name, counts in [("", row["all"]), *zip(names, row["parts"] or [], strict=False)]:
            for (_shade, label), n in zip(SIDES, counts, strict=True):
                yield texts[row["n"]][0], f"{name}: {label()}" if name else label(), n


def statement_rows(step: Step, data: Mapping[str, Any], numbers: Sequence[int]) -> list[dict[str, Any]]:
    """These statements with their bars, those without figures told so: the page that lists them all."""
    texts, rows = texts_of(step), {row["n"]: row for row in data.get("statements") or []}
    shown = _Shown(texts, rows, group_names(data))
    return [
        shown.row(n) if n in rows else {"n": n, "text": texts[n][0], "lang": texts[n][1], "say": "", "bars": []}
        for n in numbers
        if n in texts
    ]


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts)
    return [one / total if total else 0.0 for one in counts]


def _bar(name: str, counts: Sequence[int]) -> Any:
    return charts.profile(charts.Band(name, _parts(counts)), half=False)


def _parts(counts: Sequence[int]) -> list[charts.Part]:
    return [charts.Part(label(), count, shade) for (shade, label), count in zip(SIDES, counts, strict=True)]


def _share_words(counts: Sequence[int], side: str = "") -> str:
    agree, passed, disagree = map(percent, _shares(counts))
    if side == "agree":
        return _("%(share)s of the people who answered agree.") % {"share": agree}
    if side == "disagree":
        return _("%(share)s of the people who answered disagree.") % {"share": disagree}
    return _("%(agree)s agree, %(disagree)s disagree, %(passed)s pass.") % {
        "agree": agree, "disagree": disagree, "passed": passed,
    }  # fmt: skip


def _people(count: int, data: Mapping[str, Any]) -> str:
    if data.get("rounded"):
        return _("about %(n)s people") % {"n": number(count)}
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": number(count)}


def nothing(data: Mapping[str, Any]) -> str:
    """Why there is nothing to show, in a sentence; empty where there is something."""
    if not data.get("people"):
        return _("Nobody answered any statement.")
    if not data.get("statements"):
        return _("Too few people answered each statement: nothing is shown, so that nobody is recognised.")
    if not any(row["all"][0] or row["all"][2] for row in data["statements"]):
        return _("Everybody passed: nobody agreed or disagreed with any statement.")
    return ""


def headlines(steps: Sequence[Step]) -> dict[int, Sequence[str]]:
    """What the page says first of each step, by its key. One query, whatever their number."""
    shown: dict[int, set[int]] = {step.pk: set() for step in steps}
    rows = Statement.objects.filter(step__in=shown, state=Statement.State.SHOWN)
    for pk, n in rows.order_by("pk").values_list("step_id", "number"):
        shown[pk].add(n)
    found: dict[int, Sequence[str]] = {}
    for step in steps:
        data, there = step.result.data, shown[step.pk]
        shared = sum(one["n"] in there for one in data.get("shared") or [])
        found[step.pk] = headline(data, shared, sum(n in there for n in data.get("divides") or []))
    return found


def headline(data: Mapping[str, Any], shared: int, divides: int) -> list[str]:
    """Three sentences at most: are there groups, how many statements bring together, how many divide."""
    groups = len(data.get("groups") or [])
    lines = [verdict(data)]
    if shared:
        if groups:
            lines.append(
                ngettext(
                    "There is %(n)s statement on which most people of every group think alike.",
                    "There are %(n)s statements on which most people of every group think alike.",
                    shared,
                ) % {"n": number(shared)}
            )  # fmt: skip
        else:
            lines.append(
                ngettext(
                    "There is %(n)s statement on which most people think alike.",
                    "There are %(n)s statements on which most people think alike.",
                    shared,
                ) % {"n": number(shared)}
            )  # fmt: skip
    else:
        lines.append(_("No statement brings everyone together."))
    if divides:
        lines.append(ngettext("%(n)s statement divides.", "%(n)s statements divide.", divides) % {"n": number(divides)})
    return lines


def verdict(data: Mapping[str, Any]) -> str:
    """Whether there are groups, said as plainly as the evidence allows."""
    groups = len(data.get("groups") or [])
    found = data.get("verdict")
    if found == "clear" and groups:
        return ngettext("%(n)s group of opinion stands out.", "%(n)s groups of opinion stand out.", groups) % {
            "n": number(groups)
        }
    return {
        "no-structure": _("No group of opinion stands out: an answer to one statement tells nothing of the others."),
        "one-cloud": _("No group stands apart: opinions go little by little from one side to the other."),
        "unstable": _("No group stands apart for sure: with half of the people, the groups would be others."),
        "untested": _("These groups are provisional: nothing has tested yet whether they stand apart."),
    }.get(str(found), _("There are too few answers to say whether there are groups."))


def map_words(data: Mapping[str, Any], names: Sequence[str]) -> str:
    """The map for whoever does not see it."""
    sizes = [
        _("%(name)s: %(people)s") % {"name": name, "people": _people(one["size"], data)}
        for name, one in zip(names, data.get("groups") or [], strict=True)
    ]
    return _("Map of the groups. %(groups)s.") % {"groups": "; ".join(sizes)} if sizes else _("Map of the answers.")


def map_table(data: Mapping[str, Any], names: Sequence[str]) -> list[list[str]]:
    groups = data.get("groups") or []
    total = sum(one["size"] for one in groups)
    return [
        [name, _people(one["size"], data), percent(one["size"] / total)]
        for name, one in zip(names, groups, strict=True)
    ]


def notes(data: Mapping[str, Any]) -> list[str]:
    """What was left out, and why."""
    lines = []
    few, refused = len(data.get("few") or []), len(data.get("refused") or [])
    if few:
        lines.append(
            ngettext(
                "%(n)s statement is neither shown nor counted: fewer than %(least)s people answered it.",
                "%(n)s statements are neither shown nor counted: fewer than %(least)s people answered each of them.",
                few,
            ) % {"n": number(few), "least": number(data["least"])}
        )  # fmt: skip
    if refused:
        lines.append(
            ngettext(
                "%(n)s statement was refused after people had answered it: what they answered to it is not counted.",
                "%(n)s statements were refused after people had answered them: what they answered to them is not "
                "counted.",
                refused,
            ) % {"n": number(refused)}
        )  # fmt: skip
    if data.get("ungrouped"):
        lines.append(
            _("%(people)s answered too few statements to be placed in a group; their answers count for everyone.")
            % {"people": _people(data["ungrouped"], data)}
        )
    return lines


def refusals(data: Mapping[str, Any]) -> list[str]:
    """How many statements were refused, by reason: the most frequent first."""
    found = data.get("refusals") or {}
    return [
        _("%(label)s: %(value)s") % {"label": Statement.Reason(reason).label, "value": number(count)}
        for reason, count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
        if reason in Statement.Reason.values
    ]


def limits(data: Mapping[str, Any]) -> list[str]:
    """What the groups do not say."""
    lines = [
        _("Groups are made by a computation: nobody chose one, and nobody is told in which one they are."),
        _("They hold for these statements and these people. Other statements could give other groups."),
    ]
    spread = data.get("spread")
    if spread and data.get("cells"):
        lines.append(
            _("The map shows %(share)s of what tells people apart: two people side by side may still disagree.")
            % {"share": percent(sum(spread))}
        )
    return lines


def how() -> list[tuple[str, str]]:
    """How it is computed, in four sentences."""
    return [
        (_("Each person answers what they wish"),
         _("Agree, disagree or pass. A statement left without an answer counts neither for nor against.")),
        (_("People who answer alike stand near each other"),
         _("The two directions that tell people apart the most make the map.")),
        (_("Groups are looked for"),
         _("From 2 to 5 groups are tried. The number that sets them best apart is kept.")),
        (_("We check that they are not chance"),
         _("Answers are dealt again at random many times. If chance gives as much, we say that no group stands out.")),
    ]  # fmt: skip
