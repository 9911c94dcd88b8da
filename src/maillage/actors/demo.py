"""The fictional actors: fifty-eight present today, two that left, and a few in the sister alliances."""

from __future__ import annotations

import random

from maillage.actors import services
from maillage.actors.vocabulary import ActorType, Scheme
from maillage.alliances.models import Person
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World

MISSIONS = {
    ActorType.COMMUNITY: "Organisme fictif. Il accueille, accompagne et défend les droits de sa communauté.",
    ActorType.INSTITUTION: "Établissement public fictif, présent dans toute la MRC.",
    ActorType.MUNICIPALITY: "Municipalité fictive de la MRC des Deux-Rivières.",
    ActorType.FOUNDATION: "Fondation fictive. Elle soutient des projets décidés avec la population.",
    ActorType.BUSINESS: "Entreprise fictive de la région.",
    ActorType.SOCIAL_ECONOMY: "Entreprise d’économie sociale fictive, gérée par ses membres.",
    ActorType.CITIZENS: "Des citoyennes et des citoyens s’y préparent ensemble aux rencontres.",
    ActorType.INDIGENOUS: "Organisation autochtone fictive.",
    ActorType.GROUP: "Regroupement fictif d’organismes.",
}
NAMES: dict[str, tuple[tuple[str, str], ...]] = {
    ActorType.COMMUNITY: (
        ("Maison de la famille des Deux-Rivières", "services"), ("Cuisine collective du Rang 4", "food"),
        ("Le Garde-manger de Val-Cormier", "food"), ("Toit d’abord Deux-Rivières", "housing"),
        ("Comité logement des Saules", "housing"), ("La Navette des Rangs", "transport"),
        ("Centre d’action bénévole du Confluent", "integration"), ("Maison des jeunes L’Embarcadère", "integration"),
        ("Carrefour des femmes du Portage", "women"), ("Atelier L’Établi", "employment"),
        ("Clinique de droits Le Pas de porte", "access"), ("Lire et dire Pointe-à-Brière", "education"),
        ("L’Entraide de Saint-Orme", "integration"), ("Accueil des nouveaux arrivants des Grands-Crans", "immigration"),
        ("Répit familles du Mont-Sérénité", "health"), ("Maison d’hébergement La Clairière", "safety"),
        ("Jardins partagés de Cap-Mélèze", "food"), ("Voisins solidaires du Lac", "integration"),
        ("Centre d’amitié des aînées et aînés", "integration"), ("Le Trait d’union santé mentale", "health"),
        ("Popote roulante des Deux-Rives", "food"),
    ),
    ActorType.INSTITUTION: (
        ("Centre de santé des Deux-Rivières", "health"), ("Centre de services scolaire du Confluent", "education"),
        ("Bureau d’emploi des Deux-Rivières", "employment"), ("Collège du Haut-Cran", "education"),
        ("Office d’habitation des Deux-Rivières", "housing"),
        ("Centre de la petite enfance Les Ricochets", "education"),
        ("Service de police du Confluent", "safety"), ("Bibliothèque régionale des Grands-Crans", "education"),
        ("Transport adapté des Deux-Rivières", "transport"),
    ),
    ActorType.MUNICIPALITY: (
        ("MRC des Deux-Rivières", "local-development"), ("Municipalité de Val-Cormier", "local-development"),
        ("Ville de Rivière-aux-Saules", "planning"), ("Municipalité de Pointe-à-Brière", "local-development"),
        ("Municipalité de Mont-Sérénité", "local-development"), ("Municipalité de Saint-Orme", "local-development"),
        ("Municipalité de Lac-aux-Pruches", "local-development"), ("Municipalité de Cap-Mélèze", "local-development"),
    ),
    ActorType.FOUNDATION: (
        ("Fondation des Deux-Rives", "integration"), ("Fonds Clémence-Vadnais", "education"),
        ("Fondation La Courtepointe", "food"),
    ),
    ActorType.BUSINESS: (("Épicerie Brindamour", "food"), ("Scierie du Portage", "employment")),
    ActorType.SOCIAL_ECONOMY: (
        ("Coopérative des Trois Sillons", "food"), ("Ressourcerie du Confluent", "employment"),
        ("Coopérative d’habitation Les Saules", "housing"),
    ),
    ActorType.CITIZENS: tuple(
        (f"Collège citoyen de {place}", "civic")
        for place in ("Val-Cormier", "Rivière-aux-Saules", "Pointe-à-Brière", "Mont-Sérénité", "Saint-Orme",
                      "Lac-aux-Pruches")
    ),
    ActorType.INDIGENOUS: (
        ("Maison de l’amitié des Premiers Portages", "integration"),
        ("Cercle des aînées de la rivière Haute", "integration"),
        ("Coopérative d’artisanat des Portages", "employment"),
        ("Bureau de liaison des communautés du Cran", "services"),
    ),
    ActorType.GROUP: (
        ("Regroupement communautaire des Deux-Rivières", "services"),
        ("Concertation petite enfance des Grands-Crans", "services"),
    ),
}  # fmt: skip
LEFT = (("Comptoir vestimentaire du Moulin", 15), ("Club de lecture de Lac-aux-Pruches", 7))
"""Actors that left, and how many months ago."""
SISTER_NAMES = (
    ("Maison des familles", ActorType.COMMUNITY), ("Banque alimentaire", ActorType.COMMUNITY),
    ("Comité logement", ActorType.COMMUNITY), ("Transport bénévole", ActorType.COMMUNITY),
    ("Centre de santé", ActorType.INSTITUTION), ("Centre de services scolaire", ActorType.INSTITUTION),
    ("MRC", ActorType.MUNICIPALITY), ("Fonds communautaire", ActorType.FOUNDATION),
    ("Marché public", ActorType.SOCIAL_ECONOMY), ("Collège citoyen", ActorType.CITIZENS),
)  # fmt: skip
SHARED = "Fondation des Deux-Rives"
"""Present in the three alliances: the organisation is known once to the instance."""


def build(world: World, rng: random.Random) -> None:
    alliance, agent = world["alliance:deux-rivieres"], world["user:agent"]
    for type_code, names in NAMES.items():
        for name, field in names:
            actor = services.create_actor(
                alliance=alliance, name=name, type=type_code, mission=MISSIONS[ActorType(type_code)],
                since=world.ago(rng.choice((24, 24, 24, 23, 21, 18, 14, 11, 8, 5, 2)), rng.randint(1, 28)),
                by=agent, via="demo",
            )  # fmt: skip
            world.keep(f"actor:{type_code}:{name}", actor)
            services.tag_actor(actor=actor, scheme=Scheme.FIELD, codes=[field], by=agent, via="demo")
    for name, months in LEFT:
        services.create_actor(
            alliance=alliance, name=name, type=ActorType.COMMUNITY, mission=MISSIONS[ActorType.COMMUNITY],
            since=world.ago(24, 14), until=world.ago(months, 30), by=agent, via="demo",
        )  # fmt: skip
    mandates(world)
    sisters(world)


def mandates(world: World) -> None:
    """Who speaks for whom, among the people who have an account."""
    for key, name in (
        ("member", "actor:community:Toit d’abord Deux-Rivières"),
        ("elected", "actor:municipality:Municipalité de Val-Cormier"),
        ("accompanying", "actor:institution:Centre de santé des Deux-Rivières"),
    ):
        person: Person = world[f"person:{key}"]
        services.give_mandate(
            actor=world[name], person=person, by=world["user:agent"], since=world.ago(20), is_contact=True,
            via="demo",
        )  # fmt: skip


def sisters(world: World) -> None:
    shared = world[f"actor:foundation:{SHARED}"]
    for slug, of in (("haut-portage", "du Haut-Portage"), ("val-des-pruches", "de Val-des-Pruches")):
        alliance, agent = world[f"alliance:{slug}"], world[f"user:agent-{slug}"]
        for name, type_code in SISTER_NAMES:
            actor = services.create_actor(
                alliance=alliance, name=f"{name} {of}", type=type_code, mission=MISSIONS[type_code],
                since=world.ago(17), by=agent, via="demo",
            )  # fmt: skip
            world.keep(f"actor-{slug}:{name}", actor)
        services.create_actor(
            alliance=alliance, name=SHARED, type=ActorType.FOUNDATION, organisation=shared.organisation,
            mission=MISSIONS[ActorType.FOUNDATION], since=world.ago(10), by=agent, via="demo",
        )  # fmt: skip


demo.add(DemoStep("actors", 30, build))

from maillage.actors.interests import demo as interests  # noqa: E402
from maillage.actors.ties import demo as ties  # noqa: E402

__all__ = ["interests", "ties"]
"""Importing it registers the part's step."""
