"""What a result does not say, in plain words: an honest figure names its limits."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core.formats import number
from maillage.participation.consultations.models import Consultation
from maillage.participation.paper import keeping
from maillage.participation.paper.models import Batch
from maillage.participation.results import groups
from maillage.participation.results.models import Result
from maillage.participation.results.showing import and_list, part_of
from maillage.participation.vocabulary import WEAK, Access, Channel


def weak_mark(consultation: Consultation) -> str:
    """The mark that a result carries where anyone could answer more than once; empty elsewhere."""
    if consultation.imported_from or consultation.access not in WEAK:
        return ""
    return _("Weak verification: open link") if consultation.access == Access.OPEN else _("Weak verification")


def limits(consultation: Consultation, results: Sequence[Result]) -> list[str]:
    """One sentence each."""
    said = []
    if consultation.imported_from:
        said.append(_("This vote was held elsewhere. Its ballots come from a file; nobody here checked who voted."))
    elif consultation.access in WEAK:
        said.append(
            _("Weak verification: the ballot was open by a link. The same person could have answered more than once.")
        )
    elif consultation.access == Access.SITE:
        said.append(_("The ballot was open on site only: people who could not come could not answer."))
    said += voided(consultation) + on_paper(consultation, results) + to_come(consultation)
    if not results:
        return said
    result = max(results, key=lambda one: one.ballots)
    said += sheets_of(result)
    if consultation.population:
        missing = max(0, consultation.population - result.ballots)
        said.append(
            _(
                "%(n)s people out of %(population)s did not take part, %(share)s. This result does not say what they "
                "think."
            )
            % {
                "n": number(missing),
                "population": number(consultation.population),
                "share": part_of(missing, consultation.population),
            }
        )
    else:
        said.append(_("People chose to take part: this is not a survey of the whole population."))
    blank = result.data.get("blank") or 0
    if blank >= consultation.threshold:
        said.append(
            ngettext("%(n)s ballot is blank.", "%(n)s ballots are blank.", blank) % {"n": number(blank)}
        )  # fmt: skip
    helped = dict(result.who.get(groups.CHANNEL, [])).get(Channel.HELPED)
    if helped:
        said.append(
            ngettext(
                "%(n)s person answered with a helper, who then knows the answer.",
                "%(n)s people answered with a helper, who then knows the answer.",
                helped,
            )
            % {"n": number(helped)}
        )
    return said


def on_paper(consultation: Consultation, results: Sequence[Result] = ()) -> list[str]:
    """Where one person has one ballot: whether sheets of paper were given against codes. One query at most."""
    if consultation.imported_from or not keeping.is_tied(consultation):
        return []
    rows = Batch.objects.filter(step__consultation=consultation, state=Batch.State.ACCEPTED).select_related("step")
    batches = list(rows.order_by("number"))
    for row in batches:
        row.step.consultation = consultation
    loose = [(row, n) for row in batches if (n := keeping.untied(row))]
    if not batches:
        return []
    if not loose:
        return [_("Paper ballots were given against a code or a name, which could then no longer answer on line.")]
    count = sum(n for _row, n in loose)
    more = _("Those who gave them could have answered on line too.")
    # The number would help to find how many answered on paper, where that is withheld.
    hidden = any([Channel.PAPER, None] in result.who.get(groups.CHANNEL, []) for result in results)
    first = _("A few paper ballots were given without a code.")
    if count >= consultation.threshold and not hidden:
        first = ngettext(
            "%(n)s paper ballot was given without a code.", "%(n)s paper ballots were given without a code.", count
        ) % {"n": number(count)}  # fmt: skip
    said = [f"{first} {more}"]
    said += [
        _("Batch %(n)s: two people count them all the same. Why: %(why)s") % {"n": row.number, "why": row.untied_why}
        for row, _n in loose if row.untied_at is not None
    ]  # fmt: skip
    return said


def voided(consultation: Consultation) -> list[str]:
    """The batches of paper that are not counted, each with its reason. One query."""
    rows = Batch.objects.filter(step__consultation=consultation, state=Batch.State.VOIDED).order_by("number")
    return [
        _("Batch %(n)s of paper ballots was voided by two people, and is not counted. Why: %(why)s")
        % {"n": row.number, "why": row.void_why}
        for row in rows
    ]


def to_come(consultation: Consultation) -> list[str]:
    """The batches of paper that this result is without. One query."""
    batches = keeping.to_come(consultation)
    back = [batch.number for batch in batches if batch.returned]
    out = [batch.number for batch in batches if not batch.returned and batch.handed_out]
    unknown = [batch.number for batch in batches if not batch.returned and not batch.handed_out]
    said = []
    if back:
        said.append(
            ngettext(
                "Batch %(n)s of paper ballots came back and is not counted yet: this result is not whole.",
                "Batches %(n)s of paper ballots came back and are not counted yet: this result is not whole.",
                len(back),
            ) % {"n": and_list(list(map(number, back)))}
        )  # fmt: skip
    if out:
        said.append(
            ngettext(
                "Batch %(n)s of paper ballots was handed out and has not come back: what people answered on it is not "
                "in this result.",
                "Batches %(n)s of paper ballots were handed out and have not come back: what people answered on them "
                "is not in this result.", len(out),
            ) % {"n": and_list(list(map(number, out)))}
        )  # fmt: skip
    if unknown:
        said.append(
            ngettext(
                "Batch %(n)s of paper ballots was printed, and nobody wrote what became of it: if people answered on "
                "it, it is not in this result.",
                "Batches %(n)s of paper ballots were printed, and nobody wrote what became of them: if people answered "
                "on them, it is not in this result.", len(unknown),
            ) % {"n": and_list(list(map(number, unknown)))}
        )  # fmt: skip
    return said


def sheets_of(result: Result) -> list[str]:
    """How the sheets handed out and the ballots counted agree; nothing where the number on paper is hidden."""
    if not dict(result.who.get(groups.CHANNEL, [])).get(Channel.PAPER):
        return []
    rows = list(Batch.objects.filter(step=result.step_id, state=Batch.State.ACCEPTED))
    out, back = sum(row.handed_out or 0 for row in rows), sum(row.returned or 0 for row in rows)
    counted = sum(row.counted for row in rows)
    if not counted or out == counted:
        return []
    return [
        _("On paper, %(out)s sheets were handed out, %(back)s came back and %(counted)s could be counted.")
        % {"out": number(out), "back": number(back), "counted": number(counted)}
    ]
