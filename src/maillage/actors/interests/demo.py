"""What the fictional people declare, in their own words."""

from __future__ import annotations

import datetime as dt
import random

from maillage.actors.interests import services
from maillage.actors.models import Interest
from maillage.alliances.models import Person
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World

Kind = Interest.Kind
DECLARED: tuple[tuple[str, str, str, str, int], ...] = (
    ("member", Kind.OFFICE, "Trésorière du conseil d’administration", "social-economy:Ressourcerie du Confluent", 18),
    ("member", Kind.FAMILY, "Mon frère y travaille", "community:La Navette des Rangs", 11),
    ("elected", Kind.OFFICE, "Siège au conseil", "institution:Office d’habitation des Deux-Rivières", 20),
    ("elected", Kind.INTEREST, "Loue un local à l’organisme", "community:Le Garde-manger de Val-Cormier", 9),
    ("evaluator", Kind.OFFICE, "Membre du comité d’attribution", "foundation:Fondation des Deux-Rives", 12),
    ("treasurer", Kind.INTEREST, "Entretient les véhicules", "institution:Transport adapté des Deux-Rivières", 7),
)  # fmt: skip
"""Who, which kind, the words, the actor, how many months ago."""


def build(world: World, rng: random.Random) -> None:
    for key, kind, what, name, months in DECLARED:
        person: Person = world[f"person:{key}"]
        on = max(world.ago(months, 9), person.alliance.today(person.created_at) - dt.timedelta(days=700))
        now = dt.datetime.combine(on, dt.time(15), tzinfo=dt.UTC)
        services.declare(
            person=person, kind=kind, what=what, actor=world[f"actor:{name}"], since=on, by=person.user, now=now,
            via="demo",
        )  # fmt: skip
    agent = world["user:agent"]
    person = world["person:accompanying"]
    services.declare(
        person=person, kind=Kind.OFFICE, what="Siège au comité de bassin de vie",
        actor=world["actor:group:Regroupement communautaire des Deux-Rivières"], by=agent, via="demo",
        source="Appel du 12 du mois", now=dt.datetime.combine(world.ago(5, 12), dt.time(15), tzinfo=dt.UTC),
    )  # fmt: skip


demo.add(DemoStep("actors.interests", 36, build))
