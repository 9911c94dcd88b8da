"""Two years of fictional consultations: opened here, answered by the other parts' steps, closed at the end.

Kept for the other steps: ``consultation:problemes`` (majority judgment, published), ``consultation:budget``
(participatory budget, published), ``consultation:solutions`` (majority judgment, open now), ``consultation:membres``
(a list, open now), ``consultation:village`` (participatory budget, open now), ``consultation:halte`` (evaluation of an
action, codes, in preparation).
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from maillage.alliances.models import Person
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World
from maillage.participation.consultations import electors, lifecycle, services
from maillage.participation.consultations.models import Consultation
from maillage.participation.vocabulary import Access, Kind

PROBLEMS = (
    ("Se loger sans se ruiner", "Les loyers montent. Des familles dépensent plus de la moitié de leur revenu."),
    ("Manger à sa faim", "L’épicerie coûte cher. Des gens sautent des repas avant la fin du mois."),
    ("Se déplacer sans auto", "Sans auto, c’est difficile d’aller au travail, chez le médecin ou à l’épicerie."),
    ("Avoir un revenu suffisant", "Des personnes ne reçoivent pas toute l’aide à laquelle elles ont droit."),
    ("Sortir de l’isolement", "Des gens n’ont personne à qui parler, ou à qui demander de l’aide."),
    ("Faire garder ses enfants", "Il manque de places en garderie. Des parents ne peuvent pas travailler."),
)
PROJECTS = (
    ("Navette du Rang 4", "Un minibus trois fois la semaine, du rang au village.", 1_800_000),
    ("Cuisine partagée du Confluent", "Une cuisine équipée, ouverte le soir et la fin de semaine.", 2_400_000),
    ("Frigo libre à la bibliothèque", "Un frigo et des tablettes, où l’on prend et où l’on laisse.", 350_000),
    ("Fonds d’aide au premier loyer", "Une avance de deux mois de loyer, sans intérêt.", 2_000_000),
    ("Halte-garderie du samedi", "Deux éducatrices, dix places, gratuite.", 1_200_000),
    ("Clinique des droits", "Une personne aide à remplir les formulaires, une fois la semaine.", 900_000),
    ("Bancs et abris de marche", "Huit bancs et deux abris entre l’école et l’épicerie.", 650_000),
    ("Café des aînés", "Un après-midi par semaine, avec transport.", 500_000),
)
VILLAGE = (
    ("Patinoire éclairée", "Des lumières et un banc, jusqu’à 20 h.", 450_000),
    ("Raquettes à prêter", "Vingt paires à la bibliothèque, sans frais.", 300_000),
    ("Soupe du vendredi", "Un repas chaud pour tout le monde, douze vendredis.", 600_000),
    ("Entrées déneigées", "Les marches et l’entrée des personnes aînées, après chaque tempête.", 700_000),
    ("Mitaines et tuques", "Un atelier de tricot. La laine est fournie.", 150_000),
    ("Halte chaude", "La salle communautaire ouverte le jour, avec du café.", 500_000),
)


STAGES = {
    "problemes": "plan",
    "budget": "implementation",
    "solutions": "evaluation",
    "village": "evaluation",
    "halte": "evaluation",
}


def at(day: dt.date, hour: int, world: World) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=world["alliance:deux-rivieres"].zone)


def prepare(world: World, key: str, steps: list[dict[str, Any]], **values: Any) -> Consultation:
    """A consultation in preparation, with its steps; kept as ``consultation:<key>``."""
    agent, stage = world["user:agent"], world[f"stage:{STAGES[key]}"] if key in STAGES else None
    made = services.create_consultation(
        alliance=world["alliance:deux-rivieres"], stage=stage, by=agent, via="demo", **values
    )
    made.alliance = world["alliance:deux-rivieres"]
    for row in steps:
        options = row.pop("options", ())
        step = services.add_step(consultation=made, by=agent, via="demo", **row)
        for label, text, *cost in options:
            services.add_option(
                step=step, label=label, text=text, cost_cents=cost[0] if cost else None, by=agent, via="demo"
            )
    kept: Consultation = world.keep(f"consultation:{key}", made)
    return kept


def build(world: World, rng: random.Random) -> None:
    agent, coordination = world["user:agent"], world["space:coordination"]
    opened = at(world.ago(20, 3), 9, world)
    problems = prepare(
        world, "problemes",
        [{"kind": Kind.PRIORITIES, "method": "grades", "counting": "judgment", "options": PROBLEMS}],
        title="Quels problèmes régler d’abord?",
        intro="Voici 6 problèmes. Pour chacun, dites s’il est important pour vous.",
        purpose="Choisir les problèmes sur lesquels l’alliance travaille en premier.",
        promise="Les résultats sont publiés ici. Le comité dit par écrit ce qu’il en fait, et pourquoi.",
        space=coordination, opens_at=opened, closes_at=opened + dt.timedelta(days=40),
        decided_on=world.ago(17, 20), population=42_180, population_source="Recensement fictif de 2021",
        other_ways="Prenez un bulletin à la bibliothèque. Déposez-le dans la boîte verte.",
    )  # fmt: skip
    lifecycle.open_consultation(consultation=problems, by=agent, now=opened, via="demo")
    opened = at(world.ago(8, 6), 9, world)
    budget = prepare(
        world, "budget",
        [{"kind": Kind.PRIORITIES, "method": "budget", "counting": "equal-shares", "envelope_cents": 5_000_000,
          "options": PROJECTS}],
        title="50 000 $ pour mieux vivre ici : quels projets?",
        intro="Voici 8 projets et leur coût. Cochez ceux que vous voulez payer avec l’enveloppe.",
        purpose="Répartir l’enveloppe citoyenne de l’année.", is_vote=True,
        promise="Les projets choisis sont payés, dans l’ordre du résultat. Rien d’autre n’est ajouté.",
        space=coordination, opens_at=opened, closes_at=opened + dt.timedelta(days=30),
        decided_on=world.ago(6, 15), population=42_180, population_source="Recensement fictif de 2021",
        other_ways="Votez sur papier à la bibliothèque, ou par téléphone au 819 555-0142.",
    )  # fmt: skip
    lifecycle.open_consultation(consultation=budget, by=agent, now=opened, via="demo")
    opened = at(world.today - dt.timedelta(days=9), 9, world)
    solutions = prepare(
        world, "solutions",
        [{"kind": Kind.PRIORITIES, "method": "grades", "counting": "judgment",
          "options": [row[:2] for row in PROJECTS[:6]]}],
        title="Quelles solutions pour se déplacer et se nourrir?",
        intro="Voici 6 solutions venues des tables. Dites ce que vaut chacune pour vous.",
        purpose="Préparer le plan d’action de l’an prochain.",
        promise="Les résultats sont publiés deux semaines après la fin. Le comité y répond par écrit.",
        space=coordination, opens_at=opened, closes_at=at(world.today + dt.timedelta(days=16), 20, world),
        decided_on=world.ago(-2, 12), population=42_180, population_source="Recensement fictif de 2021",
        other_ways="Prenez un bulletin à la bibliothèque ou au Grenier des Saules. Ou appelez au 819 555-0142.",
    )  # fmt: skip
    lifecycle.open_consultation(consultation=solutions, by=agent, now=opened, via="demo")
    prepare_list(world)
    prepare_open_budget(world)
    prepare_codes(world)


def prepare_open_budget(world: World) -> None:
    """A smaller envelope, open now: whoever tries the demonstration shares it."""
    opened = at(world.today - dt.timedelta(days=5), 9, world)
    village = prepare(
        world, "village",
        [{"kind": Kind.PRIORITIES, "method": "budget", "counting": "equal-shares", "envelope_cents": 1_500_000,
          "options": VILLAGE}],
        title="15 000 $ pour l’hiver au village : quels projets?",
        intro="Voici 6 projets et leur coût. Cochez ceux que vous voulez payer avec l’enveloppe.",
        purpose="Répartir l’enveloppe d’hiver.", is_vote=True,
        promise="Les projets choisis commencent dans le mois qui suit.",
        space=world["space:coordination"], opens_at=opened,
        closes_at=at(world.today + dt.timedelta(days=21), 20, world), decided_on=world.ago(-1, 28),
        population=42_180, population_source="Recensement fictif de 2021",
        other_ways="Votez sur papier à la bibliothèque, ou par téléphone au 819 555-0142.",
    )  # fmt: skip
    lifecycle.open_consultation(consultation=village, by=world["user:agent"], now=opened, via="demo")


def prepare_codes(world: World) -> None:
    """Codes printed for two places, in preparation: an evaluation by the people whom an action concerns."""
    agent = world["user:agent"]
    halt = prepare(
        world, "halte",
        [{"kind": Kind.QUESTIONNAIRE, "title": "Votre visite à la halte-garderie"}],
        title="La halte-garderie du samedi, qu’en dites-vous?",
        intro="Vous y êtes venus cette année. Dites ce qui va, et ce qui ne va pas.",
        evaluates="La halte-garderie du samedi, ouverte au printemps",
        concerns="Les parents qui y sont venus cette année",
        purpose="Corriger la halte-garderie avant de la reconduire.",
        promise="Ce qui change est affiché à la halte-garderie avant le printemps.",
        decided_by="la maison de la famille", opens_at=at(world.today + dt.timedelta(days=12), 9, world),
        closes_at=at(world.today + dt.timedelta(days=40), 20, world),
    )  # fmt: skip
    electors.set_access(consultation=halt, access=Access.CODES, changeable=False, postal_codes="", by=agent, via="demo")
    halt.refresh_from_db()
    halt.alliance = world["alliance:deux-rivieres"]
    now = at(world.today - dt.timedelta(days=1), 10, world)
    for label, count in (("Maison de la famille", 40), ("Carrefour du Confluent", 20)):
        electors.print_codes(consultation=halt, count=count, label=label, by=agent, now=now, via="demo")


def prepare_list(world: World) -> None:
    """A vote of those who hold a role, by code sent to a list, open for three days."""
    agent, alliance = world["user:agent"], world["alliance:deux-rivieres"]
    opened = at(world.today - dt.timedelta(days=3), 9, world)
    vote = prepare(
        world, "membres",
        [{"kind": Kind.PRIORITIES, "method": "approval", "counting": "approval",
          "options": [("Le mardi soir", "De 18 h 30 à 20 h 30."), ("Le mercredi midi", "Avec un repas."),
                      ("Le samedi matin", "Avec une halte-garderie.")]}],
        title="Quand tenir l’assemblée de l’alliance?",
        intro="Cochez tous les moments qui vous conviennent.", is_vote=True,
        purpose="Fixer le moment de l’assemblée.", promise="Le moment le plus coché est retenu.",
        decided_by="l’assemblée des membres", opens_at=opened,
        closes_at=at(world.today + dt.timedelta(days=6), 20, world),
    )  # fmt: skip
    electors.set_access(consultation=vote, access=Access.LIST, changeable=True, postal_codes="", by=agent, via="demo")
    vote.refresh_from_db()
    vote.alliance = alliance
    people = Person.objects.filter(alliance=alliance, erased_at=None).exclude(email="").order_by("pk")[:24]
    electors.add_to_list(consultation=vote, people=list(people), by=agent, via="demo")
    lifecycle.open_consultation(consultation=vote, by=agent, now=opened, via="demo")


def end(world: World, rng: random.Random) -> None:
    """Close what is past its hour: the part of results then counts and publishes."""
    for key in ("problemes", "budget"):
        found = world[f"consultation:{key}"]
        lifecycle.close_consultation(consultation=found, by=None, now=found.closes_at, via="demo")


demo.add(DemoStep("participation.consultations", 62, build))
demo.add(DemoStep("participation.closing", 68, end))
