"""What each reader gets at the addresses of this part."""

from __future__ import annotations

from typing import Any

from maillage.alliances.links import services as links
from maillage.alliances.models import Person
from maillage.core import contributions
from maillage.core.contributions import NoticeKind
from tests.arch.addresses import MOVED, OPEN, SIGN_IN, SIGNED_IN, World, everyone


def a_token(world: World) -> dict[str, Any]:
    return {"token": links.make(person=the_member(world), purpose="notices")}


def a_kind(world: World) -> dict[str, Any]:
    kind = next(iter(contributions.notice_kinds), None) or contributions.notice_kinds.add(NoticeKind("essai", "Essai"))
    return {**a_token(world), "kind": kind.code}


def the_member(world: World) -> Person:
    return Person.objects.get(user=world.member)


ADDRESSES = {
    # Whoever holds the address may read them; nothing changes until a button is pressed.
    "alliances:notice_choices": OPEN.at(a_token),
    "alliances:notice_stop": OPEN.at(a_kind),
    "alliances:my_notices": everyone(MOVED).but(nobody=SIGN_IN, operator=200),
    "alliances:my_notice_choices": SIGNED_IN.but(agent=404, stranger=404, operator=404).at(
        lambda world: {"person_id": the_member(world).uuid}
    ),
}
