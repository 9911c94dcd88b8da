"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.actors.forms import capital
from maillage.actors.interests.selectors import must_not_read, references_left
from maillage.actors.merges import moving
from maillage.actors.models import Actor
from maillage.alliances.links import services as links
from maillage.alliances.models import Alliance, Person, Role
from maillage.alliances.notices import services as notices
from maillage.alliances.personal import persons_of
from maillage.concertation.decisions.selectors import inner_spaces
from maillage.concertation.endorsements import conflicts, found
from maillage.concertation.endorsements.found import space_of
from maillage.concertation.endorsements.selectors import (
    boards_to_hear,
    endorsements_read_by,
    mandates_on,
    public_endorsements,
    waiting_for_councils,
)
from maillage.concertation.endorsements.words import behind, has_peers
from maillage.concertation.governance.holders import person_of
from maillage.concertation.models import (
    Decision,
    DelegateMandate,
    Endorsement,
    EndorsementInterest,
    NoConflict,
)
from maillage.core import contributions, formats, site
from maillage.core.access import may
from maillage.core.contributions import (
    ActKind,
    Daily,
    Export,
    Merge,
    NavigationItem,
    NoticeKind,
    Panel,
    PersonalData,
    ReportSection,
    ReportTable,
    TimelineEntry,
    Todo,
    act_kinds,
    daily,
    merge,
    notice_kinds,
)

__all__ = ["found"]
"""Importing it registers what goes with a withdrawal."""

SAID_KEPT = dt.timedelta(days=5 * 365)
"""How long the words of « there is no conflict » are kept: what was decided may be asked about."""

contributions.name_actions(
    "concertation",
    gettext_lazy("Spaces of concertation"),
    {
        "conflict_denied": gettext_lazy("Member said there is no conflict of interest"),
        "endorsement_prepared": gettext_lazy("Draft resolution prepared"),
        "endorsement_edited": gettext_lazy("Draft resolution changed"),
        "endorsement_sent": gettext_lazy("Resolution sent to the clerk"),
        "endorsement_answered": gettext_lazy("Council’s answer written down"),
        "interest_disclosed": gettext_lazy("Interest of an elected person written down"),
        "mandate_kept": gettext_lazy("Delegate’s mandate written down"),
        "board_asked": gettext_lazy("Question taken back to a board"),
        "board_answered": gettext_lazy("Board’s answer written down"),
    },
)

merge.add(moving(NoConflict, ("pk",)))


def moving_person(model: Any) -> Merge:
    """The contribution of a table whose ``person`` moves whole."""

    def apply(kept: Person, absorbed: Person) -> list[int]:
        moved = list(model.objects.filter(person=absorbed).values_list("pk", flat=True))
        model.objects.filter(pk__in=moved).update(person=kept)
        return moved

    def undo(kept: Person, absorbed: Person, trace: list[int]) -> None:
        model.objects.filter(pk__in=trace, person=kept).update(person=absorbed)

    return Merge("person", model._meta.label_lower, ("person",), apply, undo)


for _model in (NoConflict, EndorsementInterest, DelegateMandate):
    merge.add(moving_person(_model))


def _councils(kept: Actor, absorbed: Actor) -> list[int]:
    moved = list(Endorsement.objects.filter(council=absorbed).values_list("pk", flat=True))
    Endorsement.objects.filter(pk__in=moved).update(council=kept)
    return moved


def _councils_back(kept: Actor, absorbed: Actor, trace: list[int]) -> None:
    Endorsement.objects.filter(pk__in=trace, council=kept).update(council=absorbed)


merge.add(Merge("actor", "concertation.endorsement", ("council",), _councils, _councils_back))


def export(subject: Any) -> Mapping[str, Any]:
    """What the person answered on conflicts of interest, disclosed as an elected official, keeps of their board."""
    persons = persons_of(subject)
    said = NoConflict.objects.filter(person__in=persons)
    disclosed = EndorsementInterest.objects.filter(person__in=persons).select_related("endorsement")
    mandates = DelegateMandate.objects.filter(person__in=persons).select_related(
        "seat__actor", "seat__space", "decision"
    )
    return {
        _("answers on conflicts of interest"): [
            {_("item"): row.reference, _("on"): row.at.isoformat(), _("words"): row.words} for row in said
        ],
        _("interests disclosed as an elected official"): [
            {
                _("resolution"): row.endorsement.title,
                _("elected as"): row.elected_as,
                _("nature of the interest"): row.nature,
                _("disclosed on"): row.disclosed_on and row.disclosed_on.isoformat(),
            }
            for row in disclosed
        ],
        _("delegate’s mandates"): [
            {
                _("actor"): row.seat.actor.name,
                _("space"): row.seat.space.name,
                _("decision"): row.decision.title if row.decision else "",
                _("mandate"): row.mandate,
                _("what goes back to the board"): row.question,
                _("answer"): row.answer,
            }
            for row in mandates
        ],
    }


def erase(subject: Any) -> int:
    """Blank the words of answers. What was disclosed in public session, and the board's words, stay without anyone."""
    persons = persons_of(subject)
    count = NoConflict.objects.filter(person__in=persons).update(words="", person=None)
    count += EndorsementInterest.objects.filter(person__in=persons, disclosed_on=None).delete()[0]
    count += EndorsementInterest.objects.filter(person__in=persons).update(person=None)
    return count + DelegateMandate.objects.filter(person__in=persons).update(person=None)


def purge(today: dt.date) -> int:
    """Blank the words that are older than their limit; delete the mandates of decisions closed as long ago."""
    limit = dt.datetime.combine(today - SAID_KEPT, dt.time(), tzinfo=dt.UTC)
    count = NoConflict.objects.filter(at__lt=limit).exclude(words="").update(words="", person=None)
    return count + DelegateMandate.objects.filter(decision__closed_at__lt=limit).delete()[0]


contributions.personal_data.add(
    PersonalData(
        room="concertation-endorsements",
        purpose=gettext_lazy("Keep what members answered about conflicts of interest, so that decisions hold."),  # type: ignore[arg-type]
        export=export,
        erase=erase,
        purge=purge,
    )
)


# What waits, where things are, what everyone reads.

SOON = dt.timedelta(days=14)
SHOWN = 20
WAITING = 200
"""Withdrawals to confirm that are looked at, to show those of the viewer."""
CLERK = "clerk-deadline"
BOARD = "board-answer"
BOARD_DAYS = dt.timedelta(days=30)
"""How long the address of a reminder opens one's mandates."""

notice_kinds.add(NoticeKind(CLERK, gettext_lazy("Deadlines of clerks")))
notice_kinds.add(NoticeKind(BOARD, gettext_lazy("Answers expected from my board")))
act_kinds.add(ActKind("mandate-recorded", gettext_lazy("Delegate’s mandate written down for an organisation")))

State = Endorsement.State


@contributions.navigation.register
def navigation(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    """The register and the resolutions for everyone; conflicts for whoever steers; one's own mandates."""
    slug = [scope.slug]
    lists = [
        (_("Endorsements"), "concertation_in:endorsements", 60),
        (_("Register of withdrawals"), "concertation_in:withdrawals", 62),
    ]
    for label, name, order in lists:
        yield NavigationItem(label=label, url=reverse(name, args=slug), area="footer", order=order)
    if viewer is None:
        return
    if may(viewer, "concertation.my_mandates", scope):
        yield NavigationItem(
            label=_("My mandates"), url=reverse("concertation_in:my_mandates", args=slug), area="footer", order=72
        )
    if may(viewer, "concertation.see_conflicts", scope):
        group = _("Tables and meetings")
        inside = [
            (_("Conflicts of interest"), "concertation_in:conflicts", 50),
            (_("Endorsements"), "concertation_in:endorsements", 52),
        ]
        for label, name, order in inside:
            yield NavigationItem(label=label, url=reverse(name, args=slug), area="workspace", group=group, order=order)


@contributions.todo.register
def todo(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Deadlines of clerks, answers of councils, conflicts without answer, resolutions to read, boards to hear."""
    if viewer is None:
        return
    if may(viewer, "concertation.prepare_endorsement", scope):
        yield from _to_prepare(scope, viewer, today)
    if may(viewer, "concertation.announce_interest", scope):
        yield from _to_read(scope, viewer)
    yield from _boards(scope, viewer, today)
    yield from _to_confirm(scope, viewer, today)
    yield from _to_say(scope, viewer, today)


def _to_confirm(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Withdrawals written down by someone else, that the viewer may confirm. One query where nothing waits."""
    rows = list(found.waiting_notes(scope).exclude(recorded_by=viewer).exclude(person__user_id=viewer.pk)[:WAITING])
    if not rows:
        return
    subjects = conflicts.subjects_of({row.reference for row in rows})
    inner = inner_spaces(viewer, scope, today)
    shown = 0
    for row in rows:
        subject = subjects.get(row.reference)
        # Those of other spaces are passed over before they are counted: they do not hide the viewer's.
        if subject is None or (inner is not None and space_of(subject).pk not in inner):
            continue
        if may(viewer, "concertation.confirm_withdrawal", subject):
            shown += 1
            yield Todo(
                key=f"withdrawal:{row.uuid}",
                title=_("Confirm a withdrawal: %(title)s") % {"title": subject.title},
                detail=row.person.name,
                url=reverse("concertation_in:withdrawal_note", args=[scope.slug, row.uuid]),
                action=_("Look at it"),
            )
        if shown == SHOWN:
            return


def _to_say(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """What the viewer is asked about themselves: the conflicts found, the withdrawals written down for them."""
    person = person_of(viewer, scope)
    if person is None:
        return
    waiting = {reference for _person, reference in found.unanswered([person.pk])}
    for subject in sorted(conflicts.subjects_of(waiting).values(), key=lambda one: one.reference)[:SHOWN]:
        if found.to_answer(person, subject, today):
            kind = "decision" if isinstance(subject, Decision) else "point"
            yield Todo(
                key=f"conflict:{subject.reference}",
                title=_("Are you in conflict of interest? %(title)s") % {"title": subject.title},
                detail=_("You read it once you have answered."),
                url=reverse("concertation_in:withdraw", args=[scope.slug, kind, subject.uuid]),
                action=_("Answer"),
            )
    notes = found.waiting_notes(scope).filter(person=person)[:SHOWN]
    titles = dict(contributions.left_titles.collect([row.reference for row in notes])) if notes else {}
    for row in notes:
        yield Todo(
            key=f"withdrawal-of-mine:{row.uuid}",
            title=_("A withdrawal is written down for you: %(title)s") % {"title": titles.get(row.reference, "")},
            detail=_("If it is not so, say it: no reason is asked."),
            url=reverse("actors_in:my_interests", args=[scope.slug]),
            action=_("Look at it"),
        )


def _to_prepare(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    rows = endorsements_read_by(viewer, scope)
    drafts = rows.filter(state__in=[State.DRAFT, State.DEFERRED], clerk_deadline__lte=today + SOON)
    for row in drafts.order_by("clerk_deadline", "id")[:SHOWN]:
        row.alliance = scope
        yield Todo(
            key=f"clerk:{row.uuid}",
            title=_("Send to the clerk: %(title)s") % {"title": row.title},
            detail=row.council.name,
            due=row.clerk_deadline,
            url=row.get_absolute_url(),
            action=_("Reread and send"),
        )
    for row in rows.filter(state=State.SENT, session_on__lt=today).order_by("session_on", "id")[:SHOWN]:
        row.alliance = scope
        yield Todo(
            key=f"council:{row.uuid}",
            title=_("What did the council answer? %(title)s") % {"title": row.title},
            detail=_("Session of %(day)s.") % {"day": formats.date(row.session_on)} if row.session_on else "",
            url=row.get_absolute_url(),
            action=_("Write down the answer"),
        )
    waiting = sum(line.waits for line in found.overview(scope, today))
    if waiting:
        words = ngettext(
            "%(n)s possible conflict of interest waits", "%(n)s possible conflicts of interest wait", waiting
        )
        yield Todo(
            key="conflicts",
            title=words % {"n": formats.number(waiting)},
            detail=_("Each person answers before reading the item."),
            url=reverse("concertation_in:conflicts", args=[scope.slug]),
            action=_("See who is asked"),
        )


def _to_read(scope: Alliance, viewer: Any) -> Iterator[Todo]:
    count = waiting_for_councils(viewer, scope).count()
    if count:
        words = ngettext("%(n)s resolution waits for a council", "%(n)s resolutions wait for a council", count)
        yield Todo(
            key="councils",
            title=words % {"n": formats.number(count)},
            detail=_("Each one is read in two minutes."),
            url=reverse("concertation_in:for_councils", args=[scope.slug]),
            action=_("Read them"),
        )


def _boards(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """What the reader's own board should have answered by now."""
    rows = boards_to_hear(today).filter(person__alliance=scope, person__user_id=viewer.pk)
    left = references_left(viewer)
    for row in rows[:SHOWN]:
        if row.decision is not None and row.decision.reference not in left:
            yield Todo(
                key=f"board:{row.uuid}",
                title=f"{behind(row.seat.actor).asked} {row.decision.title}",
                detail=row.seat.actor.name,
                due=row.board_on,
                url=reverse("concertation_in:my_mandates", args=[scope.slug]),
                action=_("Write down the answer"),
            )


@contributions.panels.register
def panels(scope: Any, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    """On a decision: what goes back to boards and what members answered (for the members of its space), its
    resolutions, the way to withdraw. Four queries."""
    if page != "decision" or not isinstance(subject, Decision) or must_not_read(viewer, subject.reference):
        return
    member = may(viewer, "concertation.read_no_conflict", subject)
    resolutions = list(endorsements_read_by(viewer, scope).filter(decision=subject)[:SHOWN])
    for row in resolutions:
        row.alliance = scope
    open_ = subject.state in {Decision.State.DRAFT, Decision.State.OPEN}
    context = {
        "boards": list(mandates_on(subject)[:SHOWN]) if member else [],
        "said": list(found.said_on(subject)[:SHOWN]) if member else [],
        "endorsements": resolutions,
        "withdraw_url": reverse("concertation_in:withdraw", args=[scope.slug, "decision", subject.uuid])
        if member and open_ and person_of(viewer, scope) is not None
        else "",
    }
    if any(context.values()):
        yield Panel("decision", "concertation/endorsements/decision_panel.html", context, order=60)


@contributions.timeline.register
def timeline(scope: Alliance, viewer: Any, today: dt.date, limit: int = 50) -> Iterator[TimelineEntry]:
    """What councils endorsed, or not. One query."""
    rows = public_endorsements(scope).exclude(answered_on=None).filter(answered_on__lte=today)
    left = references_left(viewer)
    for row in rows.exclude(state=State.DEFERRED)[:limit]:
        if row.reference in left or row.answered_on is None:
            continue
        row.alliance = scope
        said = (
            _("%(council)s endorses: %(title)s")
            if row.state == State.ENDORSED
            else _("%(council)s does not endorse: %(title)s")
        )
        body = _("Resolution %(number)s.") % {"number": row.resolution_number} if row.resolution_number else ""
        yield TimelineEntry(
            on=row.answered_on, title=said % {"council": row.council.name, "title": row.title}, body=body,
            url=row.get_absolute_url(), kind="endorsement",
        )  # fmt: skip


@contributions.exports.register
def exports(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Export]:
    """Public resolutions, and withdrawals in counts."""
    yield Export(
        "endorsements", _("Endorsements by councils"),
        ("title", "decision", "council", "state", "resolution_number", "sent_on", "answered_on", "interests_disclosed"),
        lambda: _endorsement_rows(scope, viewer),
    )  # fmt: skip
    yield Export(
        "withdrawals", _("Withdrawals for conflict of interest, in counts"), ("year", "by", "group", "withdrawals"),
        lambda: _withdrawal_rows(scope),
    )  # fmt: skip


def _endorsement_rows(scope: Alliance, viewer: Any) -> Iterator[list[Any]]:
    left = references_left(viewer)
    disclosed = Count("interests", filter=Q(interests__disclosed_on__isnull=False))
    for row in public_endorsements(scope).annotate(disclosed=disclosed):
        if row.reference not in left:
            yield [
                row.title, row.decision.code if row.decision else "", row.council.name, row.state,
                row.resolution_number, row.sent_on, row.answered_on, row.disclosed,
            ]  # fmt: skip


def _withdrawal_rows(scope: Alliance) -> Iterator[list[Any]]:
    counted = found.counts(scope)
    for year, space, n in counted.spaces:
        yield [year, "space", space, n]
    for year, reason, n in counted.reasons:
        yield [year, "reason", reason, n]


@contributions.report.register
def report(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """« Entérinements » and « Conflits d'intérêts », as the public reads them."""
    left = references_left(viewer)
    rows = [row for row in public_endorsements(scope)[:200] if row.reference not in left]
    if rows:
        header = (_("Resolution"), _("Council"), _("State"), _("Number"), _("Date"))
        lines = [
            [row.title, row.council.name, capital(str(row.get_state_display())), row.resolution_number, row.answered_on]
            for row in rows
        ]
        endorsed = sum(row.state == State.ENDORSED for row in rows)
        words = ngettext("Councils endorsed %(n)s resolution.", "Councils endorsed %(n)s resolutions.", endorsed)
        blocks: list[Any] = [
            words % {"n": formats.number(endorsed)},
            ReportTable(_("Resolutions asked of councils"), header, lines),
        ]
        yield ReportSection("endorsements", _("Endorsements"), blocks, order=74)
    counted = found.counts(scope)
    if counted.total:
        words = ngettext(
            "%(n)s person withdrew from an item for a conflict of interest.",
            "People withdrew %(n)s times from an item for a conflict of interest.",
            counted.total,
        )
        tables = [
            ReportTable(
                _("Withdrawals by year and space"), (_("Year"), _("Space"), _("Withdrawals")),
                [[str(year), space, n] for year, space, n in counted.spaces], numeric=frozenset({2}),
            ),
            ReportTable(
                _("Withdrawals by year and reason, for the whole alliance"),
                (_("Year"), _("Reason"), _("Withdrawals")),
                [[str(year), capital(reason), n] for year, reason, n in counted.reasons], numeric=frozenset({2}),
            ),
        ]  # fmt: skip
        yield ReportSection(
            "withdrawals", _("Conflicts of interest"), [words % {"n": formats.number(counted.total)}, *tables], order=76
        )


# Once a day.


def remind(now: dt.datetime) -> int:
    """Clerks' deadlines, a week ahead, to whoever steers; boards that have met, to their delegates. Once each."""
    return _remind_clerks(now) + _remind_boards(now)


def _remind_clerks(now: dt.datetime) -> int:
    day = now.date()
    rows = Endorsement.objects.filter(
        state__in=[State.DRAFT, State.DEFERRED], clerk_deadline__gte=day,
        clerk_deadline__lte=day + dt.timedelta(days=7), reminded_on=None,
    ).select_related("alliance", "council")  # fmt: skip
    told = 0
    address = site.address()
    for row in rows.order_by("pk")[:200]:
        row.reminded_on = day
        row.save(update_fields=["reminded_on"])
        steering = Role.objects.at(row.alliance.today(now)).filter(
            person__alliance=row.alliance, kind=Role.Kind.AGENT, person__erased_at=None
        )
        for person in Person.objects.filter(pk__in=steering.values("person")).select_related("alliance"):
            with translation.override(person.language):
                subject = _("To the clerk before %(day)s: %(title)s") % {
                    "day": formats.date(row.clerk_deadline or day), "title": row.title,
                }  # fmt: skip
                told += notices.notify(
                    person=person, kind=CLERK, subject=subject, template="concertation/endorsements/mail/clerk",
                    context={"endorsement": row}, site=address, url=address + row.get_absolute_url(),
                    reference=row.reference, summary=row.council.name,
                )  # fmt: skip
    return told


def _remind_boards(now: dt.datetime) -> int:
    told = 0
    address = site.address()
    rows = (
        boards_to_hear(now.date()).filter(reminded_on=None, person__erased_at=None).select_related("person__alliance")
    )
    for row in rows.exclude(person=None)[:200]:
        row.reminded_on = now.date()
        row.save(update_fields=["reminded_on"])
        if row.person is None or row.decision is None:
            continue
        token = links.make(person=row.person, purpose="mandates", expires_at=now + BOARD_DAYS)
        with translation.override(row.person.language):
            told += notices.notify(
                person=row.person, kind=BOARD, subject=behind(row.seat.actor).asked,
                template="concertation/endorsements/mail/board",
                context={"mandate": row, "peers": has_peers(row.seat.actor)}, site=address,
                url=address + reverse("concertation:mandates_link", args=[token]), reference=row.decision.reference,
                summary=row.decision.title, secrets=(token,),
            )  # fmt: skip
    return told


daily.add(Daily("concertation-endorsements", remind))
