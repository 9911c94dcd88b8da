"""Rows for the tests of the network: actors with their words, ties."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from maillage.actors.models import Actor, ActorField, Tie
from tests.factories import ActorFactory

BEGUN = dt.date(2024, 6, 1)


def actor(alliance: Any, name: str, field: str = "", type: str = "community", scale: str = "", **more: Any) -> Actor:
    """An actor of this field and scale."""
    made = ActorFactory(alliance=alliance, name=name, type=type, **more)
    for scheme, code in (("field", field), ("scale", scale)):
        if code:
            ActorField.objects.create(actor=made, scheme=scheme, code=code)
    return made


def tie(one: Actor, other: Actor, kind: str = "project", answer: str = "confirmed", **more: Any) -> Tie:
    """A tie told by ``one``."""
    first, second = sorted((one, other), key=lambda actor: actor.pk)
    values = {"since": BEGUN, "told_at": timezone.now()} | more
    return Tie.objects.create(
        alliance=one.alliance, first=first, second=second, kind=kind, answer=answer, told_by=one, **values
    )


def small_town(alliance: Any) -> dict[str, Actor]:
    """Housing, food and transport; « Pont » joins the three; « Seul » has no tie, « Bout » a single one."""
    rows = {
        "Pont": "housing", "Toit": "housing", "Loyer": "housing", "Grenier": "food", "Cuisine": "food",
        "Navette": "transport", "Bout": "transport", "Seul": "food",
    }  # fmt: skip
    made = {name: actor(alliance, name, code) for name, code in rows.items()}
    for one, other in (
        ("Pont", "Toit"), ("Pont", "Loyer"), ("Toit", "Loyer"), ("Pont", "Grenier"), ("Pont", "Navette"),
        ("Grenier", "Cuisine"), ("Navette", "Bout"),
    ):  # fmt: skip
        tie(made[one], made[other])
    return made
