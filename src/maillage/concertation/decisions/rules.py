"""Who may do what about decisions. Whoever withdrew from one may do nothing there, whatever they are."""

from __future__ import annotations

from typing import Any

import rules

from maillage.actors.interests.selectors import must_not_read
from maillage.alliances.models import Alliance
from maillage.alliances.rules import alliance_of, is_inside, is_open, oversees, role_kinds, steers
from maillage.concertation.governance.holders import holds_seat
from maillage.concertation.models import Decision, Facilitation, Space
from maillage.core.models import Document


def _space_of(obj: Any) -> Space | None:
    return obj.space if isinstance(obj, Decision) else obj if isinstance(obj, Space) else None


@rules.predicate
def has_left(user: Any, obj: Any = None) -> bool:
    """Withdrew from the decision, or from the agenda item it comes under (which goes with it)."""
    return isinstance(obj, Decision) and must_not_read(user, obj.reference)


@rules.predicate
def sits(user: Any, obj: Any = None) -> bool:
    """Holds a seat of the space today, or stands in for its holder."""
    space = _space_of(obj)
    return space is not None and holds_seat(user, space, space.alliance.today())


@rules.predicate
def leads(user: Any, obj: Any = None) -> bool:
    """Leads the meetings of the space today; asked of an alliance: of one of its spaces."""
    if user is None or not user.is_authenticated:
        return False
    space = _space_of(obj)
    alliance = alliance_of(obj)
    if alliance is None or not role_kinds(user, alliance):
        return False
    held = Facilitation.objects.at(alliance.today()).filter(person__user_id=user.pk, person__erased_at=None)
    if space is not None:
        return bool(held.filter(space=space).exists())
    return isinstance(obj, Alliance) and bool(held.filter(space__alliance=alliance).exists())


@rules.predicate
def is_published(user: Any, obj: Any = None) -> bool:
    return isinstance(obj, Decision) and obj.is_public


@rules.predicate
def closed_it(user: Any, obj: Any = None) -> bool:
    return isinstance(obj, Decision) and user is not None and obj.closed_by_id == user.pk


takes_part = ~has_left & (steers | oversees | sits | leads)

rules.add_perm("concertation.view_decision", (is_published & (is_open | is_inside)) | takes_part)
rules.add_perm("concertation.read_deliberation", takes_part)
"""Positions, objections and the proposal before it is published."""
rules.add_perm("concertation.take_position", ~has_left & sits)
rules.add_perm("concertation.prepare_decision", ~has_left & (steers | leads))
"""Writes, opens and amends a proposal, answers objections, follows up; object: an alliance, a space or a decision."""
rules.add_perm("concertation.record_position", ~has_left & (steers | leads))
rules.add_perm("concertation.confirm_position", ~has_left & (steers | leads | sits))
"""The second person for a position recorded in someone's absence; the service refuses whoever recorded it."""
rules.add_perm("concertation.close_decision", ~has_left & (steers | leads))
rules.add_perm("concertation.publish_decision", ~has_left & ~closed_it & (steers | leads | sits))
"""Two people: the one who publishes is not the one who closed it."""


@rules.predicate
def reads_its_decision(user: Any, obj: Any = None) -> bool:
    """The document belongs to a decision that the user may read."""
    # One document may serve several decisions: each reader's best right is enough.
    if not isinstance(obj, Document):
        return False
    found = Decision.objects.filter(documents__document=obj)
    found = found.select_related("alliance__parent", "space__alliance", "agenda_item")
    return any(rules.has_perm("concertation.view_decision", user, decision) for decision in found)


rules.add_perm("concertation.read_decision_document", reads_its_decision)
