"""The fictional tables, their coordination, and who sits where."""

from __future__ import annotations

import datetime as dt
import random
from itertools import cycle

from maillage.actors.models import Actor
from maillage.actors.vocabulary import ActorType
from maillage.concertation import services
from maillage.concertation.decisions import demo as decisions  # noqa: F401
from maillage.concertation.endorsements import demo as endorsements  # noqa: F401
from maillage.concertation.governance import demo as governance  # noqa: F401
from maillage.concertation.governance import demo_life as governance_life  # noqa: F401
from maillage.concertation.meetings import demo as meetings  # noqa: F401
from maillage.concertation.minutes import demo as minutes  # noqa: F401
from maillage.concertation.models import Space
from maillage.concertation.voices import demo as voices  # noqa: F401
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World

TABLES = (
    ("Logement", "Que chaque ménage ait un toit sain, à un prix qu’il peut payer."),
    ("Manger à sa faim", "Que chaque personne mange assez, et choisisse ce qu’elle mange."),
    ("Se déplacer", "Que l’on puisse aller au travail, chez le médecin et voir les siens sans auto."),
    ("Petite enfance et familles", "Que chaque enfant parte d’un bon pied, et que les parents aient du répit."),
    ("Revenu et emploi", "Que chacune et chacun ait un revenu suffisant, et connaisse ses droits."),
    ("Briser l’isolement", "Que personne ne reste seul sans l’avoir choisi."),
)
PRESENCE: dict[tuple[str, ...], tuple[int, ...]] = {
    (ActorType.COMMUNITY,): (6, 8, 4, 5, 4, 6),
    (ActorType.INSTITUTION,): (4, 2, 3, 4, 5, 2),
    (ActorType.MUNICIPALITY,): (4, 1, 5, 0, 1, 2),
    (ActorType.FOUNDATION,): (1, 2, 0, 1, 1, 1),
    (ActorType.BUSINESS, ActorType.SOCIAL_ECONOMY): (2, 3, 2, 0, 4, 0),
    (ActorType.CITIZENS,): (2, 2, 2, 1, 0, 3),
    (ActorType.INDIGENOUS,): (2, 1, 1, 0, 1, 2),
    (ActorType.GROUP,): (1, 1, 1, 0, 1, 2),
}
"""How many of each type sit at each table, in the order of ``TABLES``. Some voices are missing: on purpose."""
COORDINATION: dict[str, int] = {
    ActorType.COMMUNITY: 2, ActorType.INSTITUTION: 2, ActorType.MUNICIPALITY: 1, ActorType.FOUNDATION: 1,
    ActorType.CITIZENS: 2, ActorType.INDIGENOUS: 1, ActorType.GROUP: 1,
}  # fmt: skip
MEMBER, OBSERVER = "Membre", "Membre observateur"


def build(world: World, rng: random.Random) -> None:
    agent, alliance = world["user:agent"], world["alliance:deux-rivieres"]
    coordination = services.create_space(
        alliance=alliance, name="Comité de coordination", short_name="Coordination", kind=Space.Kind.COMMITTEE,
        purpose="Il relie les tables, suit l’entente et prépare les décisions de l’ensemble.",
        since=world.ago(23, 9), by=agent, via="demo",
    )  # fmt: skip
    world.keep("space:coordination", coordination)
    tables = []
    for name, purpose in TABLES:
        table = services.create_space(
            alliance=alliance, name=f"Table {name}", short_name=name, purpose=purpose, parent=coordination,
            since=world.ago(24, 14), by=agent, via="demo",
        )  # fmt: skip
        tables.append(world.keep(f"space:{name}", table))
    seat_tables(world, rng, tables)
    seat_coordination(world, coordination)
    sisters(world)


def of_types(world: World, codes: tuple[str, ...]) -> list[Actor]:
    return [actor for code in codes for actor in world.all(f"actor:{code}")]


def seat(world: World, space: Space, actor: Actor, since: dt.date, category: str = MEMBER) -> None:
    services.seat_actor(
        space=space, actor=actor, category=category, by=world["user:agent"], via="demo",
        since=max(since, actor.since or since),
    )  # fmt: skip


def seat_tables(world: World, rng: random.Random, tables: list[Space]) -> None:
    """Every actor has a seat somewhere; within a type they take turns, so many sit at several tables."""
    for codes, counts in PRESENCE.items():
        actors = of_types(world, codes)
        rng.shuffle(actors)
        turn = cycle(actors)
        for table, count in zip(tables, counts, strict=True):
            for _ in range(count):
                since = world.ago(rng.choice((24, 22, 20, 16, 12, 7, 3)), 15)
                seat(world, table, next(turn), since, MEMBER if rng.random() < 0.9 else OBSERVER)


def seat_coordination(world: World, coordination: Space) -> None:
    for code, count in COORDINATION.items():
        for actor in of_types(world, (code,))[:count]:
            seat(world, coordination, actor, world.ago(20, 1))


def sisters(world: World) -> None:
    for slug in ("haut-portage", "val-des-pruches"):
        agent = world[f"user:agent-{slug}"]
        actors = world.all(f"actor-{slug}")
        for index, name in enumerate(("Table des familles", "Table du milieu rural")):
            space = services.create_space(
                alliance=world[f"alliance:{slug}"], name=name, since=world.ago(16), by=agent, via="demo"
            )
            for actor in actors[index * 3 : index * 3 + 7]:
                services.seat_actor(
                    space=space, actor=actor, since=world.ago(15), category=MEMBER, by=agent, via="demo"
                )


demo.add(DemoStep("concertation", 40, build))
