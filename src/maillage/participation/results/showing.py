"""What the page says of a count, from what the result keeps and nothing else: words first, then figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext, npgettext, pgettext
from django.utils.translation import gettext as _

from maillage.core.formats import money, number, percent
from maillage.participation.consultations.models import Option, Step
from maillage.participation.ideas import selectors as ideas
from maillage.participation.results import charts, how
from maillage.participation.vocabulary import Grade, Method
from maillage.participation.words import words_of, words_of_each

NAMED_MOST = 3
"""How many options the first sentence names."""
MOST_TABLE = 40
"""Options beyond which the page keeps the rest in the table."""
GRADES = sorted(Grade, reverse=True)


FOR_WORDS = {
    Method.GRADES: gettext_lazy("Part of each group that answers “Very important” or “Essential”."),
    Method.APPROVAL: gettext_lazy("Part of each group that chooses the option."),
    Method.SCORE: gettext_lazy("Part of each group that gives a score in the upper half."),
    Method.RANKING: gettext_lazy("Part of each group that puts the option first."),
    Method.BUDGET: gettext_lazy("Part of each group that chooses the project."),
}


def and_list(names: Sequence[str]) -> str:
    """« a, b et c »."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def quoted(name: str) -> str:
    """A name as a sentence gives it: « a » in French, “a” in English."""
    if (get_language() or "fr").startswith("fr"):
        return f"«\N{NO-BREAK SPACE}{name}\N{NO-BREAK SPACE}»"
    return f"“{name}”"


def or_list(names: Sequence[str]) -> str:
    """« a », « b » ou « c », quoted."""
    said = [quoted(name) for name in names]
    if len(said) < 2:
        return "".join(said)
    return _("%(first)s or %(last)s") % {"first": ", ".join(said[:-1]), "last": said[-1]}


def part_of(some: int, whole: int) -> str:
    """A percentage that never says nobody, nor everybody, where it is not so."""
    ratio = some / whole if whole else 0.0
    if 0 < ratio < 0.005:
        return _("less than %(share)s") % {"share": percent(0.01)}
    if 0.995 <= ratio < 1:
        return _("more than %(share)s") % {"share": percent(0.99)}
    return percent(ratio)


def labels_of(step: Step) -> dict[int, str]:
    """The options' names in the language that is active. No query where options are there already."""
    words = words_of(step.consultation, (get_language() or "fr")[:2])
    return {option.number: words.option(option) for option in step.options.all()}


def told(step: Step, data: Mapping[str, Any]) -> dict[str, Any]:
    """What ``_priorities.html`` shows."""
    labels = labels_of(step)
    options = {option.number: option for option in step.options.all()}
    told_of = _TOLD[Method(data["method"])](data, labels, options)
    return {
        "labels": labels,
        "empty": _is_empty(data),
        "withdrawn": [options[n] for n in data["withdrawn"] if n in options],
        "how_name": how.NAMES[data["counting"]],
        "how_steps": how.STEPS[data["counting"]],
        "others": others(data, labels),
        "sources": sources(labels, options.values()),
        "for_words": FOR_WORDS[Method(data["method"])],
        **told_of,
    }


def _is_empty(data: Mapping[str, Any]) -> bool:
    return not data["ballots"] or data["blank"] == data["ballots"]


def headlines(steps: Iterable[Step]) -> dict[int, Sequence[str]]:
    """What the page says first of each step, by its key. Two queries at most, whatever their number."""
    language = (get_language() or "fr")[:2]
    words = words_of_each((step.consultation for step in steps), language)
    found: dict[int, Sequence[str]] = {}
    for step in steps:
        data, own = step.result.data, words[step.consultation_id]
        if _is_empty(data):
            found[step.pk] = [_("All the ballots are blank: nothing is chosen.")]
            continue
        options = {option.number: option for option in step.options.all()}
        labels = {number: own.option(option) for number, option in options.items()}
        found[step.pk] = _TOLD[Method(data["method"])](data, labels, options)["headline"]
    return found


def sources(labels: Mapping[int, str], options: Iterable[Option]) -> list[tuple[str, str]]:
    """``(name, address of the idea)`` of each option that people brought themselves."""
    return [(labels[number], idea.get_absolute_url()) for number, idea in sorted(ideas.sources_of(options).items())]


def _places(data: Mapping[str, Any]) -> list[tuple[str, int]]:
    """``(rank, number)`` of each option, best first: equal options have the same rank."""
    found, rank = [], 1
    for group in data["order"]:
        found += [(str(rank), one) for one in group]
        rank += len(group)
    return found


def _first(data: Mapping[str, Any], labels: Mapping[int, str]) -> str:
    group = data["order"][0] if data["order"] else []
    if len(group) > NAMED_MOST:
        return _("%(n)s options come first, equal.") % {"n": number(len(group))}
    if len(group) > 1:
        return _("%(names)s come first, equal.") % {"names": and_list([quoted(labels[n]) for n in group])}
    return _("%(name)s comes first.") % {"name": quoted(labels[group[0]])} if group else ""


def _people(count: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": number(count)}


# Grades


def _grades(data: Mapping[str, Any], labels: Mapping[int, str], options: Mapping[int, Option]) -> dict[str, Any]:
    rows = [_grade_row(rank, one, data["profiles"][str(one)], labels[one]) for rank, one in _places(data)]
    top = [row for row in rows if row["median"] is not None and row["median"] == rows[0]["median"]] if rows else []
    headline = [_first(data, labels)]
    if top and len(top) <= NAMED_MOST and len(data["order"][0]) == 1:
        names = and_list([quoted(row["label"]) for row in top])
        headline[0] = npgettext("result", "%(names)s comes first.", "%(names)s come first.", len(top)) % {
            "names": names
        }
    if top:
        grade = GRADES[top[0]["median"]]
        if grade == Grade.ESSENTIAL:
            headline.append(_("More than half of the people said that it is essential."))
        else:
            headline.append(
                _("More than half of the people answered “%(grade)s” or stronger.") % {"grade": grade.label}
            )
    return {
        "headline": headline, "rows": rows, "legend": [(place + 1, grade.label) for place, grade in enumerate(GRADES)],
        "half": True, "tie": _grade_tie(data, labels),
        "table_header": [pgettext("of a ballot", "Option"), *(str(grade.label) for grade in GRADES), _("Answers")],
        "table": [
            [row["label"], *map(number, row["counts"]), number(sum(row["counts"]))] for row in rows
        ],
        "table_caption": _("Number of answers by option. Options left without an answer are not counted."),
        "ranking_intro": _(
            "Each band shows all the answers. Look at the colour under the line of the middle: half of the people are "
            "on its left, half on its right."
        ),
    }  # fmt: skip


def _grade_row(rank: str, one: int, profile: Mapping[str, Any], label: str) -> dict[str, Any]:
    counts = profile["counts"]
    total, median = sum(counts), profile["median"]
    parts = [charts.Part(str(grade.label), counts[place], place) for place, grade in enumerate(GRADES)]
    band = charts.Band(label, parts)
    say = _("Nobody answered for this option.")
    if median is not None:
        at_least = percent(sum(counts[: median + 1]) / total)
        grade = str(GRADES[median].label)
        if median == 0:
            say = _("%(share)s of the people answered “%(grade)s”.") % {"share": at_least, "grade": grade}
        else:
            say = _("%(share)s of the people answered “%(grade)s” or stronger.") % {"share": at_least, "grade": grade}
    return {
        "rank": rank, "number": one, "label": label, "say": say, "counts": counts, "median": median,
        "strong": "" if median is None else GRADES[median].label, "band": band,
        "drawing": charts.profile(band) if total else "",
    }  # fmt: skip


def _grade_tie(data: Mapping[str, Any], labels: Mapping[int, str]) -> str:
    """What told apart the two first options that have the same grade, in figures."""
    order = [one for _rank, one in _places(data)][:2]
    if len(order) < 2 or len(data["order"][0]) > 1:
        return ""
    first, second = (data["profiles"][str(one)] for one in order)
    if first["median"] is None or first["median"] != second["median"]:
        return ""
    said = [
        _("“%(first)s” and “%(second)s” have the grade “%(grade)s”.")
        % {"first": labels[order[0]], "second": labels[order[1]], "grade": GRADES[first["median"]].label}
    ]
    if first["median"]:
        said.append(
            _("Stronger answers: %(first)s against %(second)s.")
            % {"first": percent(first["above"]), "second": percent(second["above"])}
        )
    if first["median"] < len(GRADES) - 1:
        said.append(
            _("Weaker answers: %(first)s against %(second)s.")
            % {"first": percent(first["under"]), "second": percent(second["under"])}
        )
    return " ".join(said)


# Approval, scores, rankings


def _approval(data: Mapping[str, Any], labels: Mapping[int, str], options: Mapping[int, Option]) -> dict[str, Any]:
    total = data["ballots"] or 1
    rows = []
    for rank, one in _places(data):
        votes = data["votes"][str(one)]
        say = _("%(people)s chose it, %(share)s.") % {"people": _people(votes), "share": percent(votes / total)}
        rows.append(_row(rank, one, labels[one], say, [(_("chose it"), votes, 0), (_("did not"), total - votes, 3)]))

    def votes_of(row: Mapping[str, Any]) -> int:
        return int(data["votes"][str(row["number"])])

    best = max(data["votes"].values(), default=0)
    headline = [_first(data, labels)]
    if best:
        headline.append(_("%(share)s of the people chose it.") % {"share": percent(best / total)})
    return {
        "headline": headline, "rows": rows, "legend": [(1, _("chose it")), (4, _("did not"))], "half": False,
        "tie": "", "ranking_intro": _("Each band shows the part of the people who chose the option."),
        "table_header": [pgettext("of a ballot", "Option"), _("Choices"), _("Part of the ballots")],
        "table": [
            [row["label"], number(votes_of(row)), percent(votes_of(row) / total)]
            for row in rows
        ],
        "table_caption": _("Number of choices by option."),
    }  # fmt: skip


def _row(rank: str, one: int, label: str, say: str, parts: Sequence[tuple[str, int, int]]) -> dict[str, Any]:
    band = charts.Band(label, [charts.Part(*part) for part in parts])
    return {
        "rank": rank, "number": one, "label": label, "say": say, "strong": "", "band": band,
        "drawing": charts.profile(band, half=False) if band.total else "",
    }  # fmt: skip


def _score(data: Mapping[str, Any], labels: Mapping[int, str], options: Mapping[int, Option]) -> dict[str, Any]:
    most, rows = data["most"], []
    for rank, one in _places(data):
        key = str(one)
        mean = data["means"][key]
        if mean is None:
            say = _("Nobody scored it.")
        else:
            say = _("Mean of %(mean)s out of %(most)s, from %(people)s. Total: %(sum)s.") % {
                "mean": number(round(mean, 2)), "most": number(most), "people": _people(data["scored"][key]),
                "sum": number(data["sums"][key]),
            }  # fmt: skip
        rows.append(_row(rank, one, labels[one], say, _score_parts(data["spread"][key], most)))
    shades = _score_parts([1] * (most + 1), most)
    return {
        "headline": [_first(data, labels)], "rows": rows, "half": False, "tie": "",
        "legend": [(shade + 1, label) for label, _count, shade in shades],
        "ranking_intro": _("Each band shows all the scores, from the highest to the lowest."),
        "table_header": [pgettext("of a ballot", "Option"), _("Mean"), _("Total"), _("Scores given")],
        "table": [
            [
                row["label"],
                _mean(data["means"][str(row["number"])]),
                number(data["sums"][str(row["number"])]), number(data["scored"][str(row["number"])]),
            ]
            for row in rows
        ],
        "table_caption": _("Scores by option. Options left without a score are not counted in the mean."),
    }  # fmt: skip


def _mean(mean: float | None) -> str:
    return "" if mean is None else number(round(mean, 2))


def _score_parts(spread: Sequence[int], most: int) -> list[tuple[str, int, int]]:
    """Six shades at most: scores from the highest, gathered where there are more."""
    shades = min(6, most + 1)
    gathered: dict[int, list[int]] = {}
    for value in range(most, -1, -1):
        gathered.setdefault((most - value) * shades // (most + 1), []).append(value)
    parts = []
    for shade, values in gathered.items():
        label = number(values[0]) if len(values) == 1 else f"{number(values[-1])}–{number(values[0])}"
        parts.append((label, sum(spread[value] for value in values), shade))
    return parts


def _ranking(data: Mapping[str, Any], labels: Mapping[int, str], options: Mapping[int, Option]) -> dict[str, Any]:
    total = data["ballots"] or 1
    numbers, rows = data["options"], []
    place_of = {one: place for place, one in enumerate(numbers)}
    for rank, one in _places(data):
        firsts = data["firsts"][str(one)]
        duels = data["duels"][place_of[one]]
        against = [row[place_of[one]] for row in data["duels"]]
        won = sum(mine > theirs for mine, theirs in zip(duels, against, strict=True))
        say = _("Put first by %(people)s. Wins %(won)s of its %(duels)s duels.") % {
            "people": _people(firsts), "won": number(won), "duels": number(len(numbers) - 1),
        }  # fmt: skip
        rows.append(_row(rank, one, labels[one], say, [(_("put first"), firsts, 0), (_("did not"), total - firsts, 3)]))
    language = (get_language() or "fr")[:2]
    return {
        "headline": [_first(data, labels)], "rows": rows, "half": False, "tie": "",
        "legend": [(1, _("put first")), (4, _("did not"))],
        "ranking_intro": _("Each band shows the part of the people who put the option first."),
        "table_header": [pgettext("of a ballot", "Option"), *(str(place + 1) for place in range(len(rows)))],
        "table": [
            [
                f"{place + 1}. {row['label']}",
                *(
                    "" if other is row else number(data["duels"][place_of[row["number"]]][place_of[other["number"]]])
                    for other in rows
                ),
            ]
            for place, row in enumerate(rows)
        ],
        "table_caption": _("Duels: how many people put the option of the line above that of the column."),
        "details": data.get("words", {}).get("en" if language == "en" else "fr", []),
    }  # fmt: skip


# Participatory budget


def _budget(data: Mapping[str, Any], labels: Mapping[int, str], options: Mapping[int, Option]) -> dict[str, Any]:
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    total = data["ballots"] or 1
    won = set(data["winners"])
    # What everybody received begins each story: it is said once, above them.
    share = data.get("share")
    others_left = sorted((one for one in data["options"] if one not in won), key=lambda one: -data["votes"][str(one)])
    rows = []
    for rank, one in enumerate([*data["winners"], *others_left], start=1):
        votes = data["votes"][str(one)]
        figures = data.get("figures", {}).get(str(one), {})
        say = _("%(people)s chose it, %(share)s.") % {"people": _people(votes), "share": percent(votes / total)}
        if one in won and "paid_at_most" in figures:
            say += " " + _("Each of them paid %(amount)s at most.") % {
                "amount": money(round(figures["paid_at_most"] * 100), exact=True)
            }
        rows.append(
            {
                "rank": str(rank), "number": one, "label": labels[one], "won": one in won, "say": say,
                "cost": money(options[one].cost_cents or 0), "cost_cents": options[one].cost_cents or 0, "votes": votes,
                "story": data.get("stories", {}).get(str(one), {}).get(language, [])[1 if share else 0 :],
            }
        )  # fmt: skip
    spent, envelope = data["spent_cents"], data["envelope_cents"]
    headline = [
        npgettext("result", "%(n)s project is chosen.", "%(n)s projects are chosen.", len(won))
        % {"n": number(len(won))},
        _("They cost %(spent)s of the %(envelope)s of the envelope.")
        % {"spent": money(spent), "envelope": money(envelope)},
    ]  # fmt: skip
    if 0 < len(won) <= 6:
        headline.insert(1, _("%(names)s.") % {"names": and_list([quoted(labels[one]) for one in data["winners"]])})
    if not won:
        headline = [_("No project is chosen.")]
    return {
        "headline": headline, "budget": True, "rows": rows,
        "winners": [row for row in rows if row["won"]], "losers": [row for row in rows if not row["won"]],
        "spent_share": spent / envelope if envelope else 0, "spent": money(spent), "envelope": money(envelope),
        "left": money(envelope - spent), "tie": "",
        "share": _share(share) if share and data["ballots"] else "",
        "table_header": [_("Project"), _("Cost"), _("Votes"), _("Part of the ballots"), _("Outcome")],
        "table": [
            [
                row["label"], row["cost"], number(row["votes"]), percent(row["votes"] / total),
                _("chosen") if row["won"] else _("not chosen"),
            ]
            for row in rows
        ],
        "table_caption": _("Every project, with its cost and its votes."),
        "ranking_intro": "",
    }  # fmt: skip


def _share(share: Mapping[str, Any]) -> str:
    """What each person had to spend, and why it is more than an equal part of the envelope."""
    amounts = {"start": money(round(share["start_cents"])), "end": money(round(share["end_cents"]))}
    if not share["rounds"]:
        return _("Each person who took part held %(end)s of the envelope, for the projects they chose.") % amounts
    more = money(100 * share["rounds"])
    return _(
        "Each person who took part held %(start)s of the envelope, for the projects they chose. Money was left, "
        "because nobody spends on what they did not choose: each then received %(more)s more, a dollar at a time, as "
        "far as the envelope pays. That makes %(end)s each."
    ) % {**amounts, "more": more}


_TOLD = {
    Method.GRADES: _grades, Method.APPROVAL: _approval, Method.SCORE: _score, Method.RANKING: _ranking,
    Method.BUDGET: _budget,
}  # fmt: skip


# Other rules


def others(data: Mapping[str, Any], labels: Mapping[int, str]) -> list[tuple[Any, str]]:
    """``(rule, what it would have changed)`` for the other rules that these ballots can be counted by."""
    found = []
    for other in data["others"]:
        name: Any = how.OTHERS[other["counting"]]
        if data["method"] == Method.SCORE and other["counting"] == "mean":
            name = _("By the mean of the scores")
        if data["method"] == Method.BUDGET:
            found.append((name, _other_projects(data, other, labels)))
        else:
            found.append((name, _other_order(data, other, labels)))
    return found


def _other_order(data: Mapping[str, Any], other: Mapping[str, Any], labels: Mapping[int, str]) -> str:
    if other["order"] == data["order"]:
        return _("The same order.")
    if not other["order"] or not data["order"]:
        return _("The same order.")
    first, theirs = sorted(data["order"][0]), sorted(other["order"][0])
    if first == theirs:
        return _("The same first place; the order changes below it.")
    return _("%(names)s would be first.") % {"names": and_list([quoted(labels[one]) for one in theirs[:NAMED_MOST]])}


def _other_projects(data: Mapping[str, Any], other: Mapping[str, Any], labels: Mapping[int, str]) -> str:
    mine, theirs = set(data["winners"]), set(other["winners"])
    more, fewer = sorted(theirs - mine), sorted(mine - theirs)
    if not more and not fewer:
        return _("The same projects.")
    parts = []
    if more:
        parts.append(_("In: %(names)s.") % {"names": _some(more, labels)})
    if fewer:
        parts.append(_("Out: %(names)s.") % {"names": _some(fewer, labels)})
    return " ".join([*parts, _("Spent: %(amount)s.") % {"amount": money(other["spent_cents"])}])


def _some(numbers: Sequence[int], labels: Mapping[int, str]) -> str:
    names = [quoted(labels[one]) for one in numbers]
    if len(names) > 4:
        rest = len(names) - 3
        names = [*names[:3], ngettext("%(n)s other", "%(n)s others", rest) % {"n": number(rest)}]
    return and_list(names)
