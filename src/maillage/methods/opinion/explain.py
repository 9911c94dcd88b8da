"""A reading in words: are there groups, what each says, what brings together."""

from __future__ import annotations

from dataclasses import dataclass

from maillage.methods.opinion.consensus import Shared
from maillage.methods.opinion.evidence import Evidence, Verdict
from maillage.methods.opinion.reading import Reading
from maillage.methods.opinion.represent import Representative
from maillage.methods.opinion.votes import Side
from maillage.methods.sentences import Number, Sentence
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext

FEW = 10
"""Below so many votes of a group, the words say to be careful."""

VERDICTS = {
    Verdict.NO_STRUCTURE: _(
        "There are no clear groups: as far as these votes tell, what people answer to one statement says nothing of "
        "what they answer to the others."
    ),
    Verdict.ONE_CLOUD: _(
        "There are no clear groups: opinions differ, but they go little by little from one side to the other."
    ),
    Verdict.UNSTABLE: _("There are no clear groups: half of the people, taken at random, give other groups."),
    Verdict.TOO_FEW: _("There are too few people or votes to say whether there are groups."),
    Verdict.UNTESTED: _("Whether there are clear groups was not tested."),
}


@dataclass(frozen=True)
class Explanation:
    verdict: Sentence
    evidence: tuple[Sentence, ...]
    groups: tuple[Sentence, ...]
    """One a group, the largest first."""
    says: tuple[tuple[Sentence, ...], ...]
    """For each group, one for each statement that represents it, in the same order as ``Representation.chosen``."""
    together: tuple[Sentence, ...]
    """One for each statement that every group takes the same side on, in the order of ``Consensus.every_group``."""
    most: tuple[Sentence, ...]
    """One for each statement that most people take the same side on: ``Consensus.agree``, then ``disagree``."""


def explain(reading: Reading) -> Explanation:
    """The words of a reading; nothing is computed here."""
    groups = reading.groups
    shared = reading.consensus
    return Explanation(
        verdict=_verdict(reading.evidence, groups.count),
        evidence=tuple(_evidence(reading)),
        groups=tuple(
            ngettext("Group %(number)s: %(count)s person", "Group %(number)s: %(count)s people", size, number=number)
            for number, size in enumerate(groups.sizes, 1)
        ),
        says=tuple(tuple(_representative(one) for one in chosen) for chosen in reading.representation.chosen),
        together=tuple(_shared(one) for one in shared.every_group),
        most=tuple(_shared(one) for one in (*shared.agree, *shared.disagree)),
    )


def _verdict(evidence: Evidence, count: int) -> Sentence:
    if evidence.verdict is Verdict.CLEAR:
        return ngettext("There is %(count)s clear group.", "There are %(count)s clear groups.", count)
    return VERDICTS[evidence.verdict]


def _evidence(reading: Reading) -> list[Sentence]:
    evidence, lines = reading.evidence, []
    for split in reading.groups.tried:
        lines.append(
            ngettext(
                "With %(count)s group, the silhouette is %(silhouette)s (1: groups well apart; 0: mixed).",
                "With %(count)s groups, the silhouette is %(silhouette)s (1: groups well apart; 0: mixed).",
                split.count,
                silhouette=Number(split.silhouette, 2, exact=True),
            )
        )
    if evidence.p_structure is not None:
        lines.append(
            _("The first direction of the map carries %(seen)s of the differences; %(chance)s if the answers had no "
              "link with one another (as strong in %(times)s of %(redraws)s random deals of the votes).",
              seen=_percent(evidence.spread), chance=_percent(evidence.spread_by_chance),
              times=_times(evidence.p_structure, evidence), redraws=evidence.redraws)
        )  # fmt: skip
    if evidence.p_gap is not None:
        lines.append(
            _("The best silhouette is %(seen)s; %(cloud)s if opinions were as strong but went little by little from "
              "one side to the other (as high in %(times)s of %(redraws)s random deals of the votes).",
              seen=_two(evidence.silhouette), cloud=_two(evidence.silhouette_in_one_cloud),
              times=_times(evidence.p_gap, evidence), redraws=evidence.redraws)
        )  # fmt: skip
    if evidence.stability is not None:
        lines.append(
            _("Half of the people, taken at random, give groups alike at %(rand)s (1: the same; 0: as by chance).",
              rand=_two(evidence.stability))
        )  # fmt: skip
    return lines


def _times(p: float, evidence: Evidence) -> int:
    return round(p * (evidence.redraws + 1)) - 1


def _percent(value: float | None) -> Number:
    return Number(value or 0.0, 0, percent=True)


def _two(value: float | None) -> Number:
    return Number(value or 0.0, 2, exact=True)


def _representative(one: Representative) -> Sentence:
    figures = {
        "took": one.took, "voted": one.voted, "others_took": one.others_took, "others_voted": one.others_voted,
    }  # fmt: skip
    if one.side is Side.AGREE:
        said = _("Agree: %(took)s of %(voted)s (other groups: %(others_took)s of %(others_voted)s).", **figures)
    else:
        said = _("Disagree: %(took)s of %(voted)s (other groups: %(others_took)s of %(others_voted)s).", **figures)
    if one.voted < FEW:
        return _("%(said)s Few votes: to be read with care.", said=said)
    if not one.significant:
        return _("%(said)s This could be chance.", said=said)
    return said


def _shared(one: Shared) -> Sentence:
    if one.side is Side.AGREE:
        return _("Agree: %(took)s of %(voted)s.", took=one.took, voted=one.voted)
    return _("Disagree: %(took)s of %(voted)s.", took=one.took, voted=one.voted)
