"""Why majority judgment puts one option before another, in words."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from maillage.methods.grades._sequences import compare, runs_of
from maillage.methods.grades.judgment import Blank, MajorityJudgment
from maillage.methods.sentences import Number, Sentence
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext


def explain_judgment(result: MajorityJudgment, option: int | None = None) -> tuple[Sentence, ...]:
    """What was done with blanks, each option's median, and what separates it from the next one.

    ``option``: only its own median, and what separates it from those just before and just after.
    """
    lines = list(_about_blanks(result))
    for rank, group in enumerate(result.groups):
        near = option is None or option in group
        for place in group:
            if option in (None, place):
                lines.append(_median(result, place))
        if near and len(group) > 1:
            names = ", ".join(result.options[place] for place in group)
            lines.append(_("%(names)s are tied: each grade has the same share for all of them.", names=names))
        if rank + 1 < len(result.groups) and (near or option in result.groups[rank + 1]):
            following = result.groups[rank + 1]
            lines += _separation(result, _of(group, option), _of(following, option))
    return tuple(lines)


def _of(group: tuple[int, ...], option: int | None) -> int:
    return option if option is not None and option in group else group[0]


def _about_blanks(result: MajorityJudgment) -> list[Sentence]:
    blanks = sum(profile.blanks for profile in result.profiles)
    if not blanks:
        return []
    if result.blank is Blank.WORST:
        return [
            ngettext("%(count)s missing grade counts as “%(grade)s”.", "%(count)s missing grades count as “%(grade)s”.",
                     blanks, grade=result.grades[-1])
        ]  # fmt: skip
    lines = [ngettext("%(count)s missing grade is left out.", "%(count)s missing grades are left out.", blanks)]
    if result.unequal:
        lines.append(_("Options do not have the same number of grades: they are compared by shares."))
    return lines


def _median(result: MajorityJudgment, place: int) -> Sentence:
    profile = result.profiles[place]
    name = result.options[place]
    if profile.median is None:
        return _("%(name)s has no grade.", name=name)
    return _(
        "%(name)s has the median grade “%(grade)s”: %(above)s of the grades are better and %(under)s are worse.",
        name=name,
        grade=result.grades[profile.median],
        above=Number(profile.above, 1, percent=True),
        under=Number(profile.under, 1, percent=True),
    )


def _separation(result: MajorityJudgment, before: int, after: int) -> list[Sentence]:
    """Why ``before`` is before ``after``, which is in the next group."""
    a, b = result.profiles[before], result.profiles[after]
    names = {"first": result.options[before], "second": result.options[after]}
    if b.median is None or a.median is None:
        return []
    if a.median != b.median:
        return [_("%(first)s is before %(second)s: its median grade is better.", **names)]
    everyone = lcm(a.total, b.total)
    one, other = runs_of(a.counts, everyone), runs_of(b.counts, everyone)
    _order, passed, side = compare(one, other)
    better = next(run for run in one if run[0] > passed)[1 + side]
    worse = next(run for run in other if run[0] > passed)[1 + side]
    grades = {"better": result.grades[better], "worse": result.grades[worse]}
    if a.total != b.total:
        share = Number(Fraction(passed, everyone), 1, percent=True)
        return [
            _(
                "%(first)s is before %(second)s: their medians are equal, and after taking away the same %(share)s of "
                "the grades of each, from the median, it becomes “%(better)s” for %(first)s and “%(worse)s” for "
                "%(second)s.",
                share=share,
                **names,
                **grades,
            )
        ]
    # In copies twice over, as ``everyone`` is then the number of grades: see ``_sequences``.
    taken = (2 * (passed // 2) if a.total % 2 == 0 else 2 * ((passed + 1) // 2) - 1) + side
    return [
        ngettext(
            "%(first)s is before %(second)s: their medians are equal, and after taking away %(count)s median grade, "
            "the same for both, it becomes “%(better)s” for %(first)s and “%(worse)s” for %(second)s.",
            "%(first)s is before %(second)s: their medians are equal, and after taking away %(count)s median grades, "
            "the same for both, it becomes “%(better)s” for %(first)s and “%(worse)s” for %(second)s.",
            taken,
            **names,
            **grades,
        )
    ]
