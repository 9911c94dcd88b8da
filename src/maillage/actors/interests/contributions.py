"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.actors.interests import selectors
from maillage.actors.interests.models import Interest, InterestReview, Withdrawal, WithdrawalNote
from maillage.actors.interests.services import NOTICE
from maillage.actors.merges import moving
from maillage.alliances.links import services as links
from maillage.alliances.models import Alliance, Person, Role
from maillage.alliances.notices import services as notices
from maillage.alliances.personal import persons_of
from maillage.core import contributions, site
from maillage.core.access import may
from maillage.core.contributions import (
    ActKind,
    Daily,
    Merge,
    NavigationItem,
    NoticeKind,
    Panel,
    PersonalData,
    Todo,
    act_kinds,
    daily,
    merge,
    notice_kinds,
)
from maillage.core.dates import holding

__all__ = ["selectors"]
"""Importing it registers what is withheld."""

ENDED_KEPT = dt.timedelta(days=5 * 365)
"""How long an interest that ended is kept: what was decided may be asked about."""
REVIEW = "interest-review"

contributions.name_actions(
    "actors",
    gettext_lazy("Actors"),
    {
        "interest_declared": gettext_lazy("Interest declared"),
        "interest_ended": gettext_lazy("Interest ended"),
        "interests_confirmed": gettext_lazy("Declaration of interests confirmed"),
        "withdrew": gettext_lazy("Withdrawal from an item"),
        "withdrawal_lifted": gettext_lazy("Withdrawal lifted"),
        "withdrawal_noted": gettext_lazy("Withdrawal written down, to be confirmed"),
        "withdrawal_note_dropped": gettext_lazy("Withdrawal written down and not confirmed"),
        "withdrawal_undone": gettext_lazy("Withdrawal undone by the person"),
    },
)
act_kinds.add(ActKind("interest-recorded", gettext_lazy("Interest written down for a member")))
act_kinds.add(ActKind("withdrawal-recorded", gettext_lazy("Withdrawal written down for a member")))
act_kinds.add(ActKind("withdrawal-confirmed", gettext_lazy("Withdrawal of a member confirmed")))
act_kinds.add(ActKind("withdrawal-lifted", gettext_lazy("Withdrawal lifted")))
notice_kinds.add(NoticeKind(NOTICE, gettext_lazy("A withdrawal is written down for you")))
notice_kinds.add(NoticeKind(REVIEW, gettext_lazy("Yearly look at my interests")))

# Merges. Two actors: each row moves; what was declared of one holds for both.
merge.add(moving(Interest, ("pk",)))
merge.add(moving(Withdrawal, ("pk",)))
merge.add(moving(WithdrawalNote, ("pk",)))


def _join(kept: Person, absorbed: Person) -> dict[str, list[int]]:
    interests = list(Interest.objects.filter(person=absorbed).values_list("pk", flat=True))
    Interest.objects.filter(pk__in=interests).update(person=kept)
    # Whoever one of them was left the item: where both did, the absorbed one's row stays where it is.
    held = Withdrawal.objects.filter(person=kept, lifted_at=None).values("reference")
    left = Withdrawal.objects.filter(person=absorbed)
    moved = list(left.exclude(lifted_at=None, reference__in=held).values_list("pk", flat=True))
    Withdrawal.objects.filter(pk__in=moved).update(person=kept)
    waiting = WithdrawalNote.objects.filter(person=kept, settled_at=None).values("reference")
    noted = WithdrawalNote.objects.filter(person=absorbed).exclude(settled_at=None, reference__in=waiting)
    notes = list(noted.values_list("pk", flat=True))
    WithdrawalNote.objects.filter(pk__in=notes).update(person=kept)
    reviews: list[int] = []
    if not InterestReview.objects.filter(person=kept).exists():
        reviews = list(InterestReview.objects.filter(person=absorbed).values_list("pk", flat=True))
        InterestReview.objects.filter(pk__in=reviews).update(person=kept)
    selectors.forget()
    return {"interests": interests, "withdrawals": moved, "reviews": reviews, "notes": notes}


def _part(kept: Person, absorbed: Person, trace: Mapping[str, list[int]]) -> None:
    Interest.objects.filter(pk__in=trace["interests"], person=kept).update(person=absorbed)
    Withdrawal.objects.filter(pk__in=trace["withdrawals"], person=kept).update(person=absorbed)
    WithdrawalNote.objects.filter(pk__in=trace.get("notes", []), person=kept).update(person=absorbed)
    InterestReview.objects.filter(pk__in=trace["reviews"], person=kept).update(person=absorbed)
    selectors.forget()


def _with_the_interests(kept: Person, absorbed: Person, trace: Any = None) -> None:
    """Moved with the interests: one trace for the three tables."""


merge.add(Merge("person", "actors.interest", ("person",), _join, _part))
for _other in ("actors.withdrawal", "actors.interestreview", "actors.withdrawalnote"):
    merge.add(Merge("person", _other, ("person",), _with_the_interests, _with_the_interests))


# What is held about people.


def export(subject: Any) -> Mapping[str, Any]:
    """What the person declares, family ties included, and what they withdrew from."""
    persons = persons_of(subject)
    declared = Interest.objects.filter(person__in=persons).select_related("actor")
    left = Withdrawal.objects.filter(person__in=persons).select_related("actor")
    noted = WithdrawalNote.objects.filter(person__in=persons)
    return {
        _("interests"): [
            {
                _("kind"): str(row.get_kind_display()),
                _("what"): row.what,
                _("actor"): row.actor.name if row.actor else "",
                _("since"): row.since and row.since.isoformat(),
                _("until"): row.until and row.until.isoformat(),
                _("declared on"): row.declared_at.isoformat(),
                _("where it comes from"): row.source,
            }
            for row in declared
        ],
        _("withdrawals"): [
            {
                _("item"): row.reference,
                _("reason"): str(row.get_reason_display()),
                _("actor"): row.actor.name if row.actor else "",
                _("on"): row.at.isoformat(),
                _("lifted on"): row.lifted_at and row.lifted_at.isoformat(),
            }
            for row in left
        ],
        _("withdrawals written down by others"): [
            {
                _("item"): row.reference,
                _("reason"): str(row.get_reason_display()),
                _("where it comes from"): row.source,
                _("on"): row.at.isoformat(),
            }
            for row in noted
        ],
    }


def erase(subject: Any) -> int:
    """Delete what the person declared. That someone withdrew stays, for the counts, on a person without a name."""
    persons = persons_of(subject)
    deleted = Interest.objects.filter(person__in=persons).delete()[0]
    deleted += InterestReview.objects.filter(person__in=persons).delete()[0]
    deleted += WithdrawalNote.objects.filter(person__in=persons).delete()[0]
    said = Withdrawal.objects.filter(person__in=persons).exclude(public_words="", lifted_why="")
    return deleted + said.update(public_words="", lifted_why="")


def purge(today: dt.date) -> int:
    """Delete the interests that ended longer ago than their limit, and notes of withdrawals settled that long ago."""
    limit = timezone.make_aware(dt.datetime.combine(today - ENDED_KEPT, dt.time()))
    notes = WithdrawalNote.objects.filter(settled_at__lt=limit).delete()[0]
    return notes + Interest.objects.filter(until__lte=today - ENDED_KEPT).delete()[0]


contributions.personal_data.add(
    PersonalData(
        room="actors-interests",
        purpose=gettext_lazy("Know who has an interest in what is decided, so that they withdraw."),  # type: ignore[arg-type]
        export=export,
        erase=erase,
        purge=purge,
    )
)


# What waits, and where to find it.

YEAR = dt.timedelta(days=365)
REMINDER_DAYS = dt.timedelta(days=60)
"""How long the address of a reminder opens the page."""
REMINDED_AT_ONCE = 200
"""How many reminders leave in one day: the others leave on the next ones."""
DECLARING = (Role.Kind.AGENT, Role.Kind.MEMBER, Role.Kind.EVALUATOR, Role.Kind.ELECTED, Role.Kind.TREASURER)
"""The roles that take part in decisions: the others are not asked."""


@contributions.navigation.register
def navigation(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    """One's own page, at the foot, for whoever holds a role."""
    if viewer is not None and may(viewer, "actors.my_interests", scope):
        yield NavigationItem(
            label=_("My interests"), url=reverse("actors_in:my_interests", args=[scope.slug]), area="footer", order=70
        )


@contributions.todo.register
def todo(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Once a year: look at what one declares. Two queries."""
    if viewer is None or not may(viewer, "actors.my_interests", scope):
        return
    held = Role.objects.at(today).filter(person__alliance=scope, person__user_id=viewer.pk, kind__in=DECLARING)
    person = Person.objects.filter(pk__in=held.values("person")).select_related("interest_review").first()
    if person is None:
        return
    review: InterestReview | None = getattr(person, "interest_review", None)
    if review is None or review.at is None or today - review.at.date() >= YEAR:
        yield Todo(
            key=f"interests:{person.pk}",
            title=_("Look at the interests you declare"),
            detail=_("Once a year. Nothing to declare counts too."),
            url=reverse("actors_in:my_interests", args=[scope.slug]),
            action=_("See my interests"),
        )


@contributions.panels.register
def panels(scope: Any, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    """On a person's file: how many interests they declare, and the way to them, for whoever steers."""
    if page == "person" and isinstance(subject, Person) and may(viewer, "actors.read_interests", subject):
        context = {
            "count": Interest.objects.at(today).filter(person=subject).count(),
            "url": reverse("actors_in:interests_of", args=[scope.slug, subject.uuid]),
        }
        yield Panel("person", "actors/interests/panel.html", context, order=40)


def remind(now: dt.datetime) -> int:
    """Ask, once a year, those who take part in decisions to look at their interests. Returns how many were told.

    Two weeks of grace for whoever has just arrived: they have met the page in their own list first.
    """
    today = now.date()
    deciding = Role.objects.filter(
        holding(today), Q(since=None) | Q(since__lte=today - dt.timedelta(days=14)), kind__in=DECLARING
    )
    people = (
        Person.objects.filter(pk__in=deciding.values("person"), erased_at=None)
        .exclude(email="")
        .filter(Q(interest_review=None) | Q(interest_review__at=None) | Q(interest_review__at__lte=now - YEAR))
        .filter(
            Q(interest_review=None)
            | Q(interest_review__reminded_on=None)
            | Q(interest_review__reminded_on__lte=today - YEAR)
        )
        .select_related("alliance", "interest_review")
        .order_by("pk")[:REMINDED_AT_ONCE]
    )
    told = 0
    for person in people:
        told += _remind(person, now)
    return told


def _remind(person: Person, now: dt.datetime) -> bool:
    today = now.date()
    review, _made = InterestReview.objects.get_or_create(person=person)
    review.reminded_on = today
    review.save(update_fields=["reminded_on"])
    token = links.make(person=person, purpose="interests", expires_at=now + REMINDER_DAYS)
    address = site.address()
    with translation.override(person.language):
        return notices.notify(
            person=person, kind=REVIEW, subject=_("Your interests, once a year"),
            template="actors/interests/mail/review", context={}, site=address,
            url=address + reverse("actors:interests_link", args=[token]), secrets=(token,),
            summary=_("Look at the interests you declare. Nothing to declare counts too."),
        )  # fmt: skip


daily.add(Daily("actors-interests", remind))
