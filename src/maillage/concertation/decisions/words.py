"""What people read of a decision: the rule, the outcome and what explains it. In the reader's language."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from maillage.concertation.decisions import outcome
from maillage.concertation.decisions.models import Decision
from maillage.concertation.decisions.outcome import Result
from maillage.concertation.vocabulary import Stand
from maillage.core.formats import number, share

FIGURES = tuple(field.name for field in fields(Result))


def result_of(tally: dict[str, Any]) -> Result:
    """The result kept at the closing."""
    return Result(**{name: tally[name] for name in FIGURES})


def share_words(percent: int | None) -> str:
    """« deux tiers », « 75 % »."""
    return _("two thirds") if outcome.share_of(percent) == (2, 3) else share(percent or 0)


def rule_words(decision: Decision) -> str:
    """How it is decided, in sentences."""
    wanted = {"share": share_words(decision.share_percent)}
    if decision.rule == outcome.CONSENSUS:
        first = _("Rule: consensus. Everyone who takes a side agrees, with or without reservations.")
        if decision.fallback:
            after = _("Failing that, %(share)s of those who take a side decide.") % wanted
            objection = _("A maintained objection is published with the decision.")
        else:
            after = _("A reasoned objection sends the proposal back to work.")
            objection = ""
        return " ".join(part for part in (first, after, objection) if part)
    sentences = {
        outcome.CONSENT: _("Rule: consent. The proposal is adopted when nobody maintains a reasoned objection."),
        outcome.MAJORITY: _("Rule: simple majority. More agree than object; abstentions are on neither side."),
        outcome.QUALIFIED: _("Rule: qualified majority. At least %(share)s of those who take a side agree.") % wanted,
    }
    return sentences[decision.rule]


def headline(result: Result, *, some_apart: bool = False) -> str:
    """« 13 membres sur 15 sont d’accord, dont 2 avec réserves »: of those who took a position.

    ``some_apart``: the figures leave citizens out (``decisions.disclosed``), and the words speak of what is told.
    """
    if not result.answered:
        return _("No position is told here") if some_apart else _("Nobody has taken a position")
    told = {"n": number(result.in_favour), "all": number(result.answered)}
    if some_apart:
        main = ngettext(
            "Of the %(all)s positions told here, %(n)s agrees",
            "Of the %(all)s positions told here, %(n)s agree",
            result.in_favour,
        )
    elif result.in_favour == result.answered:
        main = ngettext(
            "The only member who took a position agrees",
            "The %(n)s members who took a position agree",
            result.in_favour,
        )
    else:
        main = ngettext("%(n)s member out of %(all)s agrees", "%(n)s members out of %(all)s agree", result.in_favour)
    if not result.reservation:
        return main % told
    with_some = ngettext("%(n)s with reservations", "%(n)s with reservations", result.reservation)
    if result.reservation == result.in_favour:
        return _("%(main)s, with reservations") % {"main": main % told}
    return _("%(main)s, including %(some)s") % {
        "main": main % told,
        "some": with_some % {"n": number(result.reservation)},
    }


def explanation(result: Result, percent: int | None, *, figures: bool = True) -> str:
    """Why the rule gives this outcome, with the figures it rests on, or without where they would tell about someone."""
    if not figures:
        return _without_figures(result.reason, percent)
    told = {
        "for": number(result.in_favour),
        "against": number(result.against),
        "sides": number(result.in_favour + result.against),
        "share": share_words(percent),
        "present": number(result.present),
        "quorum": number(result.quorum),
        "left": number(result.withdrawn),
    }
    sentences = {
        "unopposed": _("Nobody objects: there is consensus."),
        "no-objection": _("No objection is maintained: there is consent."),
        "majority": _("%(for)s for, %(against)s against: the majority agrees."),
        "share": _("%(for)s out of %(sides)s who took a side agree: at least %(share)s."),
        "fallback": _("No consensus, but %(for)s out of %(sides)s who took a side agree: at least %(share)s."),
        "objections": _("A reasoned objection is maintained: the proposal goes back to work."),
        "tie": _("As many for as against: nothing is adopted."),
        "minority": _("%(for)s for, %(against)s against: the majority does not agree."),
        "below-share": _("%(for)s out of %(sides)s who took a side agree: less than %(share)s."),
        "fallback-below": _("No consensus, and %(for)s out of %(sides)s who took a side agree: less than %(share)s."),
        "nobody-agrees": _("Nobody agrees."),
        "nobody": _("Nobody took a position."),
        "quorum": _("The quorum is not reached: %(present)s out of the %(quorum)s wanted."),
        "quorum-lost": _(
            "The quorum is lost by a withdrawal: without those who withdrew (%(left)s), %(present)s are left "
            "out of the %(quorum)s wanted."
        ),
    }
    return sentences[result.reason] % told


def _without_figures(reason: str, percent: int | None) -> str:
    told = {"share": share_words(percent)}
    sentences = {
        "unopposed": _("Nobody objects: there is consensus."),
        "no-objection": _("No objection is maintained: there is consent."),
        "majority": _("More agree than object."),
        "share": _("At least %(share)s of those who took a side agree."),
        "fallback": _("No consensus, but at least %(share)s of those who took a side agree."),
        "objections": _("A reasoned objection is maintained: the proposal goes back to work."),
        "tie": _("As many for as against: nothing is adopted."),
        "minority": _("Fewer agree than object."),
        "below-share": _("Less than %(share)s of those who took a side agree."),
        "fallback-below": _("No consensus, and less than %(share)s of those who took a side agree."),
        "nobody-agrees": _("Nobody agrees."),
        "nobody": _("Nobody took a position."),
        "quorum": _("The quorum is not reached."),
        "quorum-lost": _("The quorum is not reached."),
    }
    return sentences[reason] % told


def apart(count: int) -> str:
    """Said beside figures that leave citizens out."""
    return ngettext(
        "These figures do not hold the position of one citizen, which counts in the outcome: she could be recognised.",
        "These figures do not hold the positions of %(n)s citizens, which count in the outcome: told by number, they "
        "would let one of them be recognised.",
        count,
    ) % {"n": number(count)}


def presence(result: Result) -> str:
    """Quorum and denominators, told both ways: with and without those who withdrew."""
    told = {
        "present": number(result.present),
        "able": number(result.able),
        "all": number(result.seats),
        "quorum": number(result.quorum),
        "left": number(result.withdrawn),
    }
    if result.withdrawn:
        main = ngettext(
            "%(present)s of %(able)s members took part; with the %(left)s who withdrew, %(all)s sit here.",
            "%(present)s of %(able)s members took part; with the %(left)s who withdrew, %(all)s sit here.",
            result.withdrawn,
        )
    else:
        main = ngettext(
            "%(present)s of %(able)s members took part.", "%(present)s of %(able)s members took part.", result.able
        )
    asked = _("Quorum: %(quorum)s.") if result.quorum else _("No quorum is asked for.")
    return f"{main} {asked}" % told


def tally_words(result: Result) -> str:
    """The tally for those who do not see it."""
    return ", ".join(
        words
        for words in (
            ngettext("%(n)s in agreement", "%(n)s in agreement", result.agree) % {"n": result.agree},
            ngettext("%(n)s with reservations", "%(n)s with reservations", result.reservation)
            % {"n": result.reservation}
            if result.reservation
            else "",
            ngettext("%(n)s reasoned objection", "%(n)s reasoned objections", result.objection)
            % {"n": result.objection}
            if result.objection
            else "",
            ngettext("%(n)s abstention", "%(n)s abstentions", result.abstain) % {"n": result.abstain}
            if result.abstain
            else "",
            ngettext("%(n)s withdrew", "%(n)s withdrew", result.withdrawn) % {"n": result.withdrawn}
            if result.withdrawn
            else "",
        )
        if words
    )


def stand_words(code: str) -> str:
    """« D’accord », « D’accord avec réserves »…, as a title."""
    return {
        Stand.AGREE: _("In agreement"),
        Stand.RESERVATION: _("In agreement, with reservations"),
        Stand.OBJECTION: _("Reasoned objection"),
        Stand.ABSTAIN: _("Abstention"),
        Stand.WITHDRAWN: pgettext("position", "Withdrew"),
    }[Stand(code)]


def stand_help(code: str) -> str:
    """What choosing it means."""
    return {
        Stand.AGREE: _("You agree with the proposal as it is."),
        Stand.RESERVATION: _("You can live with it; your words are published beside."),
        Stand.OBJECTION: _("You cannot live with it as it is. Say why: it must be answered."),
        Stand.ABSTAIN: _("You take neither side."),
        Stand.WITHDRAWN: _("You have a conflict of interest: you will see nothing more of this decision."),
    }[Stand(code)]


def members(count: int) -> str:
    return ngettext("%(n)s member", "%(n)s members", count) % {"n": number(count)}
