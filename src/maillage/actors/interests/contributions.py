"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.actors.interests import selectors
from maillage.actors.interests.models import Interest, InterestReview, Withdrawal
from maillage.actors.merges import moving
from maillage.alliances.models import Person
from maillage.alliances.personal import persons_of
from maillage.core import contributions
from maillage.core.contributions import ActKind, Merge, NoticeKind, PersonalData, act_kinds, merge, notice_kinds

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
    },
)
act_kinds.add(ActKind("interest-recorded", gettext_lazy("Interest written down for a member")))
act_kinds.add(ActKind("withdrawal-recorded", gettext_lazy("Withdrawal written down for a member")))
act_kinds.add(ActKind("withdrawal-lifted", gettext_lazy("Withdrawal lifted")))
notice_kinds.add(NoticeKind(REVIEW, gettext_lazy("Yearly look at my interests")))

# Merges. Two actors: each row moves; what was declared of one holds for both.
merge.add(moving(Interest, ("pk",)))
merge.add(moving(Withdrawal, ("pk",)))


def _join(kept: Person, absorbed: Person) -> dict[str, list[int]]:
    interests = list(Interest.objects.filter(person=absorbed).values_list("pk", flat=True))
    Interest.objects.filter(pk__in=interests).update(person=kept)
    # Whoever one of them was left the item: where both did, the absorbed one's row stays where it is.
    held = Withdrawal.objects.filter(person=kept, lifted_at=None).values("reference")
    left = Withdrawal.objects.filter(person=absorbed)
    moved = list(left.exclude(lifted_at=None, reference__in=held).values_list("pk", flat=True))
    Withdrawal.objects.filter(pk__in=moved).update(person=kept)
    reviews: list[int] = []
    if not InterestReview.objects.filter(person=kept).exists():
        reviews = list(InterestReview.objects.filter(person=absorbed).values_list("pk", flat=True))
        InterestReview.objects.filter(pk__in=reviews).update(person=kept)
    selectors.forget()
    return {"interests": interests, "withdrawals": moved, "reviews": reviews}


def _part(kept: Person, absorbed: Person, trace: Mapping[str, list[int]]) -> None:
    Interest.objects.filter(pk__in=trace["interests"], person=kept).update(person=absorbed)
    Withdrawal.objects.filter(pk__in=trace["withdrawals"], person=kept).update(person=absorbed)
    InterestReview.objects.filter(pk__in=trace["reviews"], person=kept).update(person=absorbed)
    selectors.forget()


def _with_the_interests(kept: Person, absorbed: Person, trace: Any = None) -> None:
    """Moved with the interests: one trace for the three tables."""


merge.add(Merge("person", "actors.interest", ("person",), _join, _part))
for _other in ("actors.withdrawal", "actors.interestreview"):
    merge.add(Merge("person", _other, ("person",), _with_the_interests, _with_the_interests))


# What is held about people.


def export(subject: Any) -> Mapping[str, Any]:
    """What the person declares, family ties included, and what they withdrew from."""
    persons = persons_of(subject)
    declared = Interest.objects.filter(person__in=persons).select_related("actor")
    left = Withdrawal.objects.filter(person__in=persons).select_related("actor")
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
    }


def erase(subject: Any) -> int:
    """Delete what the person declared. That someone withdrew stays, for the counts, on a person without a name."""
    persons = persons_of(subject)
    deleted = Interest.objects.filter(person__in=persons).delete()[0]
    deleted += InterestReview.objects.filter(person__in=persons).delete()[0]
    said = Withdrawal.objects.filter(person__in=persons).exclude(public_words="", lifted_why="")
    return deleted + said.update(public_words="", lifted_why="")


def purge(today: dt.date) -> int:
    """Delete the interests that ended longer ago than their limit."""
    return Interest.objects.filter(until__lte=today - ENDED_KEPT).delete()[0]


contributions.personal_data.add(
    PersonalData(
        room="actors-interests",
        purpose=gettext_lazy("Know who has an interest in what is decided, so that they withdraw."),  # type: ignore[arg-type]
        export=export,
        erase=erase,
        purge=purge,
    )
)
