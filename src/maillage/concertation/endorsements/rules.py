"""Who may do what in this part. Whoever withdrew from a decision does nothing about its resolution, agent included."""

from __future__ import annotations

from typing import Any

import rules

from maillage.actors.interests.selectors import must_not_read
from maillage.alliances.models import Role
from maillage.alliances.rules import holds, is_inside, is_open, oversees, role_kinds, steers
from maillage.concertation.governance.holders import holds_seat
from maillage.concertation.models import AgendaItem, Decision, Endorsement, Seat, SeatHolder
from maillage.core.dates import holding

Kind = Role.Kind


@rules.predicate
def has_left(user: Any, obj: Any = None) -> bool:
    """Withdrew from the decision, the agenda item or the resolution."""
    return isinstance(obj, Endorsement | Decision | AgendaItem) and must_not_read(user, obj.reference)


@rules.predicate
def is_shown(user: Any, obj: Any = None) -> bool:
    """The resolution is shown in public, and is no draft any more."""
    return isinstance(obj, Endorsement) and obj.is_public and obj.state != Endorsement.State.DRAFT


@rules.predicate
def is_sent(user: Any, obj: Any = None) -> bool:
    return isinstance(obj, Endorsement) and obj.state != Endorsement.State.DRAFT


@rules.predicate
def holds_the_seat(user: Any, obj: Any = None) -> bool:
    """The account holds this seat today, as holder or substitute."""
    if not isinstance(obj, Seat) or user is None or not user.is_authenticated:
        return False
    if not role_kinds(user, obj.space.alliance):
        return False
    day = obj.space.alliance.today()
    held = SeatHolder.objects.at(day).filter(holding(day, "seat__"), seat=obj, person__erased_at=None)
    return held.filter(person__user_id=user.pk).exists()


@rules.predicate
def steers_the_seat(user: Any, obj: Any = None) -> bool:
    return isinstance(obj, Seat) and bool(steers.test(user, obj.space.alliance))


@rules.predicate
def sits_in_the_space(user: Any, obj: Any = None) -> bool:
    """The account holds a seat in the space of the decision or agenda item, or in the space itself."""
    space = obj.space if isinstance(obj, Decision) else obj.meeting.space if isinstance(obj, AgendaItem) else obj
    return space is not None and holds_seat(user, space, space.alliance.today())


@rules.predicate
def leads_it(user: Any, obj: Any = None) -> bool:
    """Leads the meetings where the decision or the agenda item is dealt with."""
    # The rules of those parts import this one's gate.
    from maillage.concertation.decisions.rules import leads as leads_space
    from maillage.concertation.meetings.rules import leads as leads_meeting

    return bool((leads_meeting if isinstance(obj, AgendaItem) else leads_space).test(user, obj))


is_elected = holds(Kind.ELECTED)
takes_part = holds(Kind.MEMBER, Kind.ELECTED)

rules.add_perm(
    "concertation.view_endorsement",
    ~has_left & ((is_shown & (is_open | is_inside)) | steers | oversees | (is_sent & takes_part)),
)
"""One resolution. Shown in public, it is everyone’s; before, members and elected officials read what was sent."""
rules.add_perm("concertation.prepare_endorsement", steers & ~has_left)
"""Drafts, sends, records the answer; object: the alliance, the decision or the resolution."""
rules.add_perm("concertation.read_for_council", is_elected | steers | oversees)
"""The page of elected officials; object: the alliance."""
rules.add_perm("concertation.announce_interest", is_elected & ~has_left)
"""Says beforehand that one has an interest; object: the resolution."""
rules.add_perm("concertation.see_conflicts", steers)
"""Who was found in a conflict, what they answered; object: the alliance."""
rules.add_perm("concertation.confirm_withdrawal", ~has_left & (steers | leads_it | sits_in_the_space))
"""The second person for a withdrawal written down for someone; the service refuses whoever wrote it; object: a decision
or an agenda item."""
rules.add_perm("concertation.read_no_conflict", sits_in_the_space | steers | oversees)
"""What members answered, on an item of their space; object: the space or the decision."""
rules.add_perm("concertation.keep_mandate", holds_the_seat | steers_the_seat)
"""Writes a delegate’s mandate and the answer of their board; object: the seat."""
rules.add_perm("concertation.my_mandates", is_inside)
"""Has a page of one's own mandates; object: the alliance."""
