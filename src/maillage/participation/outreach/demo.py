"""Outreach plans of the demonstration: one told to the end, one under way where a day passed, one in preparation."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World
from maillage.participation.outreach import services

# Who, what keeps them away, the relay, where, how many days after the opening, how, what is offered, hoped for, then
# how many came and what came of it (or why it did not take place).
PAST: tuple[tuple[Any, ...], ...] = (
    (
        "Personnes qui viennent au comptoir alimentaire",
        "Elles viennent pour manger, pas pour répondre. Lire un formulaire décourage.",
        "community:Le Garde-manger de Val-Cormier", "Au comptoir, le jeudi", 6, "Deux personnes lisent à voix haute",
        "Un repas, et quelqu’un avec les enfants", 40, 52,
        "Bien mieux au comptoir qu’à la bibliothèque. Revenir le jeudi.",
    ),
    (
        "Familles des rangs, sans auto", "Pas d’autobus, et le téléphone capte mal.", "community:La Navette des Rangs",
        "Dans la navette, entre deux arrêts", 12, "Bulletins papier, avec un crayon", "Le trajet gratuit ce jour-là",
        30, 21, "Le trajet est trop court pour six questions : trois suffiraient.",
    ),
    (
        "Femmes hébergées", "Leur sécurité : personne ne doit savoir où elles sont.",
        "une maison d’hébergement", "", 18, "L’intervenante tient le crayon", "", 8, 3,
        "Elles demandent que l’on revienne avec les résultats.",
    ),
    (
        "Travailleuses et travailleurs de nuit", "Tout est fermé quand ils se lèvent.", "business:Scierie du Portage",
        "À la sortie du quart de nuit", 20, "Une borne à la cafétéria", "Un café", 25, None,
        "La scierie a fermé deux semaines.",
    ),
)  # fmt: skip
NOW: tuple[tuple[Any, ...], ...] = (
    (
        "Personnes aînées qui vivent seules", "Elles sortent peu, et Internet leur fait peur.",
        "community:Popote roulante des Deux-Rives", "À la livraison des repas", 4, "Un bulletin en gros caractères",
        "", 35, None, None,
    ),
    (
        "Nouveaux arrivants", "La langue, et la peur de se tromper.",
        "community:Accueil des nouveaux arrivants des Grands-Crans", "Au cours de français", 12,
        "Quelqu’un qui parle espagnol et arabe", "Un goûter", 20, None, None,
    ),
)  # fmt: skip


def _plan(world: World, key: str, rows: tuple[tuple[Any, ...], ...]) -> None:
    agent, found = world["user:agent"], world[f"consultation:{key}"]
    opened = found.alliance.today(found.opens_at)
    for who, obstacle, relay, place, after, means, offered, aimed, reached, outcome in rows:
        day = opened + dt.timedelta(days=after)
        way = services.add_way(
            consultation=found, who=who, obstacle=obstacle, place=place, on=day,
            relay=world[f"actor:{relay}"] if ":" in relay else None, relay_words="" if ":" in relay else relay,
            means=means, offered=offered, aimed=aimed, is_public=True, by=agent, via="demo",
        )  # fmt: skip
        if reached is not None:
            services.note_outcome(
                way=way, done_on=day, reached=reached, outcome=outcome, by=agent, today=world.today, via="demo"
            )
        elif outcome is not None:
            services.cancel_way(way=way, why=outcome, by=agent, today=day, via="demo")


def build(world: World, rng: random.Random) -> None:
    _plan(world, "problemes", PAST)
    _plan(world, "solutions", NOW)
    services.add_way(
        consultation=world["consultation:halte"], who="Parents qui ont cessé de venir",
        obstacle="Personne ne leur a demandé pourquoi.", relay=world["actor:community:Répit familles du Mont-Sérénité"],
        means="Un appel, par quelqu’un qu’ils connaissent", offered="La garde pendant l’appel", aimed=15,
        by=world["user:agent"], via="demo",
    )  # fmt: skip


demo.add(DemoStep("participation.outreach", 67, build))
