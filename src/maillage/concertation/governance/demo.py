"""How the fictional spaces work, their seats, and the people who hold them: all invented."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from itertools import count

from maillage.accounts.services import open_account
from maillage.actors.models import Actor
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Alliance, Person
from maillage.alliances.services import add_person
from maillage.concertation import services as concertation
from maillage.concertation.governance import services
from maillage.concertation.governance.models import SeatHolder
from maillage.concertation.models import Seat, Space
from maillage.concertation.vocabulary import Rule
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World, address
from maillage.core.text import sort_key

FIRST = (
    "Aline", "Benoit", "Carole", "Denis", "Élise", "Fabien", "Ginette", "Hugues", "Inès", "Jacinthe", "Karim", "Lucie",
    "Marcel", "Nadia", "Odile", "Pascal", "Ramona", "Sylvain", "Tanya", "Ulric", "Valérie", "Wassim", "Yolande", "Zoé",
)  # fmt: skip
LAST = (
    "Aubertin", "Belzile", "Corriveault", "Dandenot", "Estival", "Fradin", "Gauvreault", "Hamelot", "Isabel",
    "Jolivette", "Kirouacq", "Lacasset", "Maheuxe", "Naudin", "Ouimète", "Pelchot", "Quirionne", "Rancourte",
    "Savoyard", "Tessierre", "Vadnaise", "Wilhème", "Yergeault",
)  # fmt: skip
"""Names of nobody: first names and invented family names."""


@dataclass(frozen=True)
class Way:
    """How a space works, from so many months ago."""

    rule: str
    months: int
    quorum_percent: int | None = 50
    share_percent: int | None = None
    access: str = "invitation"


COORDINATION = "coordination"
WAYS: dict[str, tuple[Way, ...]] = {
    COORDINATION: (
        Way(Rule.QUALIFIED, 23, share_percent=75), Way(Rule.CONSENSUS, 14, share_percent=67),
    ),
    "Logement": (Way(Rule.CONSENSUS, 24, share_percent=67),),
    "Manger à sa faim": (Way(Rule.CONSENT, 24),),
    "Se déplacer": (Way(Rule.MAJORITY, 24), Way(Rule.CONSENT, 10)),
    "Petite enfance et familles": (Way(Rule.CONSENSUS, 24, quorum_percent=None, access="open"),),
    "Revenu et emploi": (Way(Rule.MAJORITY, 24, quorum_percent=40),),
    "Briser l’isolement": (Way(Rule.CONSENT, 24, access="open"),),
}  # fmt: skip
FUNCTIONS: dict[str, tuple[str, ...]] = {
    COORDINATION: ("aims", "strategies", "follow", "adjust"),
    "Logement": ("inform", "strategies", "initiatives"),
    "Manger à sa faim": ("inform", "initiatives"),
    "Se déplacer": ("inform", "strategies", "initiatives", "follow"),
    "Petite enfance et familles": ("inform",),
    "Revenu et emploi": ("inform", "initiatives"),
    "Briser l’isolement": ("inform", "aims"),
}
MANDATES: dict[str, str] = {
    COORDINATION: "Les six tables ont confié au comité de relier leurs travaux et de suivre l’entente.\n\n"
    "Il décide de l’ordre du jour commun et des dépenses de 5 000 $ ou moins. Le reste retourne aux tables.",
    "Logement": "Dire ce qui manque, choisir les projets et suivre ceux que l’alliance soutient.\n\n"
    "La table recommande. Le conseil de la MRC décide de l’argent.",
    "Se déplacer": "Faire en sorte qu’aucun village ne soit laissé à pied. La table règle les horaires de la navette.",
}
PLANS: dict[str, dict[str, int]] = {
    COORDINATION: {
        ActorType.COMMUNITY: 2, ActorType.INSTITUTION: 2, ActorType.MUNICIPALITY: 2, ActorType.FOUNDATION: 1,
        ActorType.CITIZENS: 4, ActorType.INDIGENOUS: 1, ActorType.GROUP: 1,
    },
    "Logement": {
        ActorType.COMMUNITY: 6, ActorType.INSTITUTION: 4, ActorType.MUNICIPALITY: 4, ActorType.CITIZENS: 4,
        ActorType.INDIGENOUS: 2,
    },
    "Petite enfance et familles": {ActorType.COMMUNITY: 5, ActorType.INSTITUTION: 4, ActorType.MUNICIPALITY: 2,
                                   ActorType.CITIZENS: 3},
    "Revenu et emploi": {ActorType.COMMUNITY: 4, ActorType.INSTITUTION: 5, ActorType.CITIZENS: 2},
}  # fmt: skip


def spaces(world: World) -> dict[str, Space]:
    """The coordination and the six tables, by their short key."""
    return {key.removeprefix("space:"): space for key, space in world.made.items() if key.startswith("space:")}


class People:
    """The fictional people of the alliance: one speaks for each organisation, several sit for each college."""

    def __init__(self, world: World, rng: random.Random, alliance: Alliance) -> None:
        self.world, self.rng, self.alliance = world, rng, alliance
        self.names = self._names()
        self.of: dict[tuple[int, int], Person] = {}
        self.numbers = count()
        toit, val, sante = (
            world[f"actor:{name}"].pk
            for name in (
                "community:Toit d’abord Deux-Rivières", "municipality:Municipalité de Val-Cormier",
                "institution:Centre de santé des Deux-Rivières",
            )
        )  # fmt: skip
        for actor, key in ((toit, "member"), (val, "elected"), (sante, "accompanying")):
            self.of[actor, 0] = world[f"person:{key}"]

    def _names(self):
        order = [f"{first} {last}" for first in FIRST for last in LAST]
        self.rng.shuffle(order)
        return iter(order)

    def speak_for(self, actor: Actor, place: int = 0) -> Person:
        """The person at this place in the actor: the first speaks for it, the second takes their place."""
        key = (actor.pk, place)
        if key not in self.of:
            name = next(self.names)
            email = address(sort_key(name).replace(" ", "."))
            user = None
            if next(self.numbers) in {1, 40, 55}:
                user = open_account(email=email, name=name, by=self.world["user:agent"], via="demo")
            self.of[key] = add_person(self.alliance, by=self.world["user:agent"], name=name, email=email, user=user)
        return self.of[key]


def build(world: World, rng: random.Random) -> None:
    agent, alliance = world["user:agent"], world["alliance:deux-rivieres"]
    regional_table(world)
    for key, space in spaces(world).items():
        if key not in WAYS:
            continue
        space.alliance = alliance
        for way in WAYS[key]:
            services.change_setting(
                space=space, by=agent, since=max(world.ago(way.months, 14), space.since or world.ago(24)), via="demo",
                changes={
                    "rule": way.rule, "share_percent": way.share_percent, "quorum_percent": way.quorum_percent,
                    "access": way.access, "scale": "mrc", "mandate": MANDATES.get(key, ""),
                },
            )  # fmt: skip
        services.set_functions(space=space, codes=FUNCTIONS[key], by=agent, since=space.since, via="demo")
        for college, seats in PLANS.get(key, {}).items():
            first = 2 if key == COORDINATION and college == ActorType.CITIZENS else seats
            services.plan_seats(space=space, college=college, seats=first, by=agent, since=space.since, via="demo")
            if first != seats:
                services.plan_seats(
                    space=space, college=college, seats=seats, by=agent, since=world.ago(9, 11), via="demo"
                )
    functions_change(world)
    seat_people(world, People(world, rng, alliance))


def regional_table(world: World) -> None:
    """The region has its own table, where the three MRC meet: the local coordination reports to it."""
    region, coordinator = world["alliance:grands-crans"], world["user:regional"]
    table = concertation.create_space(
        alliance=region, name="Table régionale des Grands-Crans", short_name="Table régionale",
        purpose="Trois MRC s’y entendent sur le partage de l’enveloppe et sur ce qu’elles demandent ensemble.",
        since=world.ago(26), by=coordinator, via="demo",
    )  # fmt: skip
    table.alliance = region
    world.keep("regional-space:table", table)
    services.change_setting(
        space=table, by=coordinator, since=world.ago(26), via="demo",
        changes={"rule": Rule.CONSENSUS, "scale": "region", "quorum": 3},
    )  # fmt: skip
    services.set_functions(
        space=table, codes=("aims", "strategies", "follow"), by=coordinator, since=world.ago(26), via="demo"
    )
    coordination = world["space:coordination"]
    coordination.alliance = world["alliance:deux-rivieres"]
    services.link_spaces(
        space=coordination, other=table, kind="reports-to", by=world["user:agent"], since=coordination.since, via="demo"
    )


def functions_change(world: World) -> None:
    """A year ago, the table on housing began to follow what it had chosen."""
    services.set_functions(
        space=world["space:Logement"], codes=(*FUNCTIONS["Logement"], "follow"), by=world["user:agent"],
        since=world.ago(12, 3), via="demo",
    )  # fmt: skip


def seat_people(world: World, people: People) -> None:
    """Each organisation's seat has its person; every third one a substitute; each college two or three people."""
    agent, today = world["user:agent"], world.today
    for key, space in spaces(world).items():
        if key not in WAYS:
            continue
        for index, seat in enumerate(Seat.objects.at(today).filter(space=space).select_related("space", "actor")):
            seat.space.alliance = people.alliance
            name = f"holder:{key}:{seat.actor.name}"
            several = seat.actor.type == ActorType.CITIZENS
            for place in range(2 if several else 1):
                if several and place and index % 3 == 0:
                    continue  # a citizens' seat waits for someone
                holder = services.add_holder(
                    seat=seat, person=people.speak_for(seat.actor, 2 * place), by=agent, today=today, since=seat.since,
                    until=ends(world, index), via="demo",
                )  # fmt: skip
                world.keep(f"{name}:{place}" if place else name, holder)
            if index % 3 == 1:
                holder = services.add_holder(
                    seat=seat, person=people.speak_for(seat.actor, 1), part=SeatHolder.Part.SUBSTITUTE, by=agent,
                    today=today, since=seat.since, via="demo",
                )  # fmt: skip
                world.keep(f"substitute:{key}:{seat.actor.name}", holder)


def ends(world: World, index: int) -> dt.date | None:
    """A few mandates end soon, most run longer, some have no end."""
    if index % 11 == 5:
        return world.ago(-1, 15)
    return world.ago(-9, 1) if index % 2 else None


demo.add(DemoStep("governance", 41, build))
