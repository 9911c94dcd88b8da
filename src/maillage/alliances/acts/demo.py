"""Acts told over two years, two appeals answered and one that waits; what some people chose to be told."""

from __future__ import annotations

import datetime as dt
import random

from maillage.alliances.acts import appeals
from maillage.alliances.acts.models import ActInName
from maillage.alliances.acts.services import tell
from maillage.alliances.models import Alliance
from maillage.alliances.notices.models import NoticeChoice
from maillage.alliances.notices.services import choices_of, choose
from maillage.core import contributions
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World

SITE = "http://localhost"
When = NoticeChoice.When
ACTS = (
    # months ago, kind, about, in whose name, source
    (13, "tie-written", "Lien entre deux organismes", "Cuisine collective du Moulin", "appel du matin"),
    (
        11,
        "withdrawal-recorded",
        "Point 4 de la table Logement",
        "Office d’habitation des Deux-Rivières",
        "dit à la table",
    ),
    (
        9,
        "position-recorded",
        "Deux sièges de plus à la coordination",
        "Maison des aînés de Saint-Orme",
        "bulletin papier",
    ),
    (6, "position-recorded", "Navette à quatre jours", "Coopérative de la Pointe", "appel du secrétariat"),
    (4, "decision-published", "Décision sur la navette", "", "accord de deux membres de la table"),
    (2, "interest-recorded", "Intérêts d’un membre", "Fondation des Deux-Rives", "formulaire papier"),
    (1, "position-recorded", "Priorités de l’hiver", "Carrefour Jeunesse des Rangs", "message vocal"),
)


def build(world: World, rng: random.Random) -> None:
    alliance = world["alliance:deux-rivieres"]
    declared = [kind.code for kind in contributions.act_kinds]
    told = {}
    for months, kind, label, on_behalf, source in ACTS:
        if kind in declared:
            told[label] = tell(
                alliance=alliance, kind=kind, by=world["user:agent"], label=label, on_behalf=on_behalf, source=source,
                at=_at(world, alliance, months, 12),
            )  # fmt: skip
    _appealed(world, alliance, told)
    for key, kinds in (("elected", When.WEEKLY), ("observer", When.NEVER), ("evaluator", When.WEEKLY)):
        person = world[f"person:{key}"]
        choices = dict.fromkeys(choices_of(person), str(kinds))
        choose(person=person, choices=choices, by=world[f"user:{key}"], via="web")


def _at(world: World, alliance: Alliance, months: int, day: int) -> dt.datetime:
    return dt.datetime.combine(world.ago(months, day), dt.time(10), tzinfo=alliance.zone)


def _appealed(world: World, alliance: Alliance, told: dict[str, ActInName]) -> None:
    """Two answered by the coordination of the region, one that waits for it."""
    rows = (
        ("Deux sièges de plus à la coordination", "member", 9, 14, "upheld",
         "Le bulletin papier est signé et daté. La position a été recopiée telle quelle : l’acte est maintenu."),
        ("Navette à quatre jours", "elected", 6, 16, "corrected",
         "L’appel disait « d’accord, avec une réserve ». La réserve manquait : elle est ajoutée au registre."),
        ("Priorités de l’hiver", "member", 1, 15, "", ""),
    )  # fmt: skip
    for label, who, months, day, state, words in rows:
        act = told.get(label)
        if act is None:
            continue
        appeal = appeals.make(
            act, by=world[f"user:{who}"], reason="Ce qui est écrit ne dit pas ce qui a été convenu.", site=SITE,
            now=_at(world, alliance, months, day),
        )  # fmt: skip
        if state:
            appeals.answer(
                appeal, by=world["user:regional"], state=state, words=words, site=SITE,
                now=_at(world, alliance, months, day + 6),
            )  # fmt: skip


demo.add(DemoStep("alliances.acts", 90, build))
