"""The voices that the fictional alliance wants around its tables, and five approaches with what came of them."""

from __future__ import annotations

import random

from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Alliance
from maillage.concertation.voices import services
from maillage.concertation.voices.models import Approach, WantedVoice
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World

Outcome = Approach.Outcome
WANTED = (
    ("", ActorType.CITIZENS, "", 6, "Chaque municipalité a ses réalités : un collège dans chacune."),
    ("housing", ActorType.CITIZENS, "", 2, "Rien sur le logement sans les locataires."),
    ("employment", ActorType.CITIZENS, "", 1, "Les personnes sans emploi connaissent les obstacles."),
    ("food", ActorType.BUSINESS, "", 2, "Les épiceries voient ce qui se perd."),
    ("", ActorType.INDIGENOUS, "", 4, "La rivière Haute est habitée depuis longtemps."),
    ("health", ActorType.INSTITUTION, "", 1, "Le centre de santé reçoit ce qui n’est pas réglé ailleurs."),
    ("", ActorType.MUNICIPALITY, "village", 6, "Les villages décident du transport et du logement."),
    ("", ActorType.FOUNDATION, "", 3, "Pour que l’aide arrive ensemble."),
    ("immigration", "", "", 1, "Des familles arrivent; peu les représentent."),
)  # fmt: skip
APPROACHES = (
    (1, "Comité de locataires du Vieux-Moulin", 14, Outcome.JOINED, "Deux rencontres autour d’un café, puis oui."),
    (2, "Groupe de recherche d’emploi du jeudi", 9, Outcome.LATER, "Les horaires ne vont pas avant l’automne."),
    (3, "Association fictive des marchands du centre", 7, Outcome.DECLINED, "Le temps manque; l’infolettre leur va."),
    (3, "Les deux épiceries de Lac-aux-Pruches", 5, Outcome.LOST, "Trois messages sans réponse."),
    (2, "Groupe de recherche d’emploi du jeudi", -1, Outcome.WAITING, ""),
)
"""Which voice, who is approached, how many months ago it was due, what came of it."""


def build(world: World, rng: random.Random) -> None:
    agent = world["user:agent"]
    alliance: Alliance = world["alliance:deux-rivieres"]
    voices: list[WantedVoice] = [
        services.want_voice(
            alliance=alliance, sector=sector, type=type_, scale=scale, number=number, why=why,
            since=world.ago(16, 10), by=agent, via="demo",
        )
        for sector, type_, scale, number, why in WANTED
    ]  # fmt: skip
    colleges = world.all(f"actor:{ActorType.CITIZENS}")
    for index, whom, months, outcome, note in APPROACHES:
        approach = services.give_approach(
            voice=voices[index], whom=whom, owner_person=world["person:member"],
            owner_actor=world["actor:community:Toit d’abord Deux-Rivières"], due_on=world.ago(months, 15),
            by=agent, via="demo",
        )  # fmt: skip
        if outcome != Outcome.WAITING:
            services.tell_approach(
                approach=approach, outcome=outcome, on=world.ago(months, 20), note=note, by=agent, via="demo",
                actor=colleges[1] if outcome == Outcome.JOINED else None,
            )  # fmt: skip


demo.add(DemoStep("voices", 47, build))
