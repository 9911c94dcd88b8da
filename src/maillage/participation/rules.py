"""Who may do what about consultations. Answering needs no account: the urn asks for a code where there is one."""

from __future__ import annotations

from typing import Any

import rules

from maillage.alliances.rules import alliance_of, is_inside, is_open, oversees, role_kinds, steers
from maillage.concertation.governance.holders import holds_seat
from maillage.participation.consultations.models import Consultation, Helper, Step
from maillage.participation.vocabulary import Help


def consultation_of(obj: Any) -> Consultation | None:
    """The consultation a row belongs to: itself, a step, or anything with a ``step`` or a ``consultation``."""
    if isinstance(obj, Consultation):
        return obj
    if isinstance(obj, Step):
        return obj.consultation
    step = getattr(obj, "step", None)
    if isinstance(step, Step):
        return step.consultation
    found = getattr(obj, "consultation", None)
    return found if isinstance(found, Consultation) else None


def in_states(*states: str) -> rules.Predicate:
    """A predicate: the row's consultation is in one of these states."""
    wanted = frozenset(states)

    @rules.predicate(name=f"consultation:{'|'.join(sorted(states))}")
    def predicate(user: Any, obj: Any = None) -> bool:
        found = consultation_of(obj)
        return found is not None and found.state in wanted

    return predicate


S = Consultation.State


@rules.predicate
def was_opened_then_cancelled(user: Any, obj: Any = None) -> bool:
    """What people were asked stays readable, with the reason why it stopped."""
    found = consultation_of(obj)
    return found is not None and found.state == S.CANCELLED and found.opened_at is not None


is_shown = in_states(S.OPEN, S.CLOSED, S.PUBLISHED) | was_opened_then_cancelled
is_published = in_states(S.PUBLISHED)
is_draft = in_states(S.DRAFT)


def helps(*kinds: str) -> rules.Predicate:
    """A predicate: a helper of the consultation, trusted today with one of these things, whose role still holds."""
    wanted = frozenset(kinds)

    @rules.predicate(name=f"helps:{'|'.join(sorted(kinds))}")
    def predicate(user: Any, obj: Any = None) -> bool:
        found = consultation_of(obj)
        if found is None or user is None or not user.is_authenticated or not role_kinds(user, alliance_of(found)):
            return False
        held = Helper.objects.at(found.alliance.today()).filter(consultation=found, help__in=wanted)
        return bool(held.filter(person__user_id=user.pk, person__erased_at=None).exists())

    return predicate


@rules.predicate
def sits_where_decided(user: Any, obj: Any = None) -> bool:
    """Holds a seat today in the space that decides with it."""
    found = consultation_of(obj)
    if found is None or found.space is None:
        return False
    return holds_seat(user, found.space, found.alliance.today())


@rules.predicate
def publication_is_asked(user: Any, obj: Any = None) -> bool:
    """Someone waits for a second person to look at the results, then publish them."""
    found = consultation_of(obj)
    return found is not None and found.state == S.CLOSED and found.publish_asked_by_id is not None


is_second = steers | sits_where_decided | helps(*Help.values)

rules.add_perm("participation.view", (is_shown & (is_open | is_inside)) | steers | oversees | helps(*Help.values))
"""The page of a consultation; a draft is for those who prepare it."""
rules.add_perm("participation.run", steers)
"""Prepares, opens, closes; object: the alliance, a consultation, or a row of one."""
rules.add_perm("participation.second", is_second)
"""May be the second person of an act that takes two; the service refuses whoever asked."""
rules.add_perm("participation.help_kiosk", steers | helps(Help.KIOSK))
rules.add_perm("participation.key_paper", steers | helps(Help.PAPER))
rules.add_perm("participation.moderate", steers | helps(Help.MODERATE))
rules.add_perm("participation.code", steers | helps(Help.CODE))
rules.add_perm(
    "participation.view_results",
    (is_published & (is_open | is_inside)) | steers | oversees | (publication_is_asked & is_second),
)
"""Before the publication, those who prepare it; once it is asked, whoever may be the second person."""

# Importing them registers their permissions.
from importlib import import_module  # noqa: E402
from importlib.util import find_spec  # noqa: E402

for _part in (
    "consultations", "priorities", "voting", "paper", "opinions", "testimonies", "questionnaires", "ideas", "results",
    "outreach",
):  # fmt: skip
    if find_spec(f"maillage.participation.{_part}.rules"):
        import_module(f"maillage.participation.{_part}.rules")
