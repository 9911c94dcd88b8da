"""What the fictional spaces lived over two years: turns, links, decision path, conditions, charters, obstacles."""

from __future__ import annotations

import random

from maillage.actors.models import Actor
from maillage.concertation.decisions.models import Decision
from maillage.concertation.governance import services
from maillage.concertation.governance.charter_text import FRENCH
from maillage.concertation.governance.selectors.conditions import held_meetings, promises_of
from maillage.concertation.models import Space
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World

TURNS: dict[str, tuple[tuple[str, int], ...]] = {
    "coordination": (
        ("municipality:MRC des Deux-Rivières", 23),
        ("group:Regroupement communautaire des Deux-Rivières", 15),
        ("institution:Centre de santé des Deux-Rivières", 8),
        ("citizens:Collège citoyen de Val-Cormier", 1),
    ),
    "Logement": (
        ("community:Toit d’abord Deux-Rivières", 24), ("institution:Office d’habitation des Deux-Rivières", 14),
        ("community:Comité logement des Saules", 4),
    ),
    "Manger à sa faim": (
        ("community:Cuisine collective du Rang 4", 24), ("community:Le Garde-manger de Val-Cormier", 11),
    ),
    "Se déplacer": (("municipality:MRC des Deux-Rivières", 24), ("community:La Navette des Rangs", 10)),
    "Briser l’isolement": (
        ("community:Centre d’action bénévole du Confluent", 24), ("community:Voisins solidaires du Lac", 6),
    ),
}  # fmt: skip
"""Who led, and from how many months ago."""
PATH: tuple[tuple[str, str, str, str, int], ...] = (
    ("city", "advises", "actor:municipality:Ville de Rivière-aux-Saules", "Projets sur son territoire", 24),
    ("mrc", "advises", "space:Logement", "Projets de logement", 24),
    ("mrc", "advises", "space:Se déplacer", "Horaires et trajets", 24),
    ("mrc", "decides", "space:coordination", "Ordre du jour commun, dépenses de 5 000 $ ou moins", 23),
    ("mrc", "endorses", "actor:municipality:MRC des Deux-Rivières", "Plan d’action et projets, par résolution", 23),
    ("mrc", "funds", "actor:municipality:MRC des Deux-Rivières", "Enveloppe de la MRC", 23),
    ("region", "decides", "regional-space:table", "Partage de l’enveloppe entre les trois MRC", 24),
    ("region", "funds", "regional-space:table", "Part régionale de l’enveloppe", 18),
)
PROMISES: dict[str, tuple[dict[str, str], int]] = {
    "coordination": (
        {
            "peers": "Quatre sièges citoyens, jamais moins de deux personnes à la table.",
            "preparation": "Une heure ensemble, la veille, autour d’un café.",
            "ally": "Une personne de la MRC s’assoit à côté et répond à tout.",
            "costs": "Argent comptant remis à l’arrivée.",
            "debriefing": "Vingt minutes après la rencontre.",
            "withdraw": "Sans avoir à donner de raison.",
        },
        18,
    ),
    "Logement": (
        {
            "peers": "Deux personnes au moins du même collège.", "preparation": "Les documents sont lus à voix haute.",
            "costs": "Transport et garde payés avant la rencontre.", "withdraw": "",
        },
        15,
    ),
    "Briser l’isolement": ({"peers": "", "ally": "Un bénévole connu accompagne.", "withdraw": ""}, 12),
}  # fmt: skip
KEPT_SHARE = {"peers": 0.8, "preparation": 0.7, "ally": 0.75, "costs": 0.6, "debriefing": 0.5, "withdraw": 1.0}
OBSTACLES: tuple[tuple[str, str, str, int, int | None, bool, tuple[tuple[int, str, str], ...]], ...] = (
    (
        "coordination", "resources", "Les rencontres demandent plus de temps que n’en ont les plus petites équipes.",
        20, None, True,
        (
            (16, "Une rencontre sur trois se fait au téléphone.", "Deux équipes de plus participent."),
            (6, "Les documents tiennent en deux pages.", "La lecture est passée de deux heures à trente minutes."),
        ),
    ),
    (
        "Se déplacer", "deciders", "Les personnes qui décident des routes ne siègent pas ici.", 22, 10, True,
        (
            (18, "Une lettre commune est envoyée.", "Un accusé de réception, sans suite."),
            (12, "Une personne élue est invitée à chaque rencontre.", "Elle siège depuis dix mois."),
        ),
    ),
    (
        "Logement", "silos", "Chaque programme a ses formulaires : la même personne raconte sa vie quatre fois.",
        17, None, True, ((9, "Un seul formulaire est essayé pendant l’hiver.", ""),),
    ),
    (
        "Manger à sa faim", "cultures", "Donner un panier ou laisser choisir : l’aide ne se voit pas d’un même œil.",
        14, None, False,
        (
            (8, "Une soirée pour écouter les personnes qui reçoivent l’aide.",
             "La table convient d’essayer la carte d’achat."),
        ),
    ),
)  # fmt: skip


def build(world: World, rng: random.Random) -> None:
    agent = world["user:agent"]
    links(world)
    for scale, part, key, about, months in PATH:
        thing = world[key]
        services.add_step(
            alliance=world["alliance:deux-rivieres"], scale=scale, part=part, about=about, by=agent, via="demo",
            since=world.ago(months, 20), space=thing if isinstance(thing, Space) else None,
            actor=thing if isinstance(thing, Actor) else None,
        )  # fmt: skip
    former_step(world)
    for key, (promised, months) in PROMISES.items():
        space = world[f"space:{key}"]
        services.promise_conditions(space=space, promised=promised, by=agent, since=world.ago(months, 1), via="demo")
        keep(world, rng, space)
    charters(world)
    obstacles(world)


def take_turns(world: World, rng: random.Random) -> None:
    agent, holders = world["user:agent"], {key: row for key, row in world.made.items() if key.startswith("holder:")}
    for key, turns in TURNS.items():
        space = world[f"space:{key}"]
        for place, (name, months) in enumerate(turns):
            holder = holders.get(f"holder:{key}:{name.partition(':')[2]}")
            last = place == len(turns) - 1
            # The coordination's turn ends soon, and nobody is written after: it waits on the agent's page.
            until = world.ago(-1, 20) if last and key == "coordination" else None
            services.add_turn(
                space=space, actor=world[f"actor:{name}"], person=holder.person if holder else None, by=agent,
                since=max(world.ago(months, 14), space.since or world.ago(months)), until=until, via="demo",
            )  # fmt: skip
    services.add_turn(
        space=world["space:Logement"], actor=world["actor:citizens:Collège citoyen de Rivière-aux-Saules"], by=agent,
        since=world.ago(-2, 1), via="demo",
    )  # fmt: skip


def links(world: World) -> None:
    """Two tables advise the regional one; one of them only until a year ago."""
    agent, region = world["user:agent"], world["regional-space:table"]
    services.link_spaces(
        space=world["space:Se déplacer"], other=region, kind="advises", by=agent, since=world.ago(20), via="demo"
    )
    former = services.link_spaces(
        space=world["space:Revenu et emploi"], other=region, kind="advises", by=agent, since=world.ago(23), via="demo"
    )
    services.end_link(link=former, on=world.ago(13), by=agent, via="demo")


def former_step(world: World) -> None:
    """Until the agreement, the mandated MRC decided alone of the common agenda."""
    step = services.add_step(
        alliance=world["alliance:deux-rivieres"], scale="mrc", part="decides", about="Ordre du jour commun",
        actor=world["actor:municipality:MRC des Deux-Rivières"], by=world["user:agent"], since=world.ago(24, 14),
        via="demo",
    )  # fmt: skip
    services.end_step(step=step, on=world.ago(23, 10), by=world["user:agent"], via="demo")


def keep(world: World, rng: random.Random, space: Space) -> None:
    """Most meetings say what they kept; the last one still waits."""
    for index, meeting in enumerate(held_meetings(space, world.today).filter(state="held")):
        meeting.space = space
        meeting.alliance = space.alliance
        codes = promises_of(space, meeting.starts_at.astimezone(space.alliance.zone).date())
        if index == 0 or not codes or rng.random() < 0.15:
            continue
        kept = {code: rng.random() < KEPT_SHARE[code] if rng.random() < 0.95 else None for code in codes}
        services.keep_conditions(meeting=meeting, kept=kept, by=world["user:agent"], via="demo")


LODGING = """\
## Notre façon d’être ensemble

- La parole fait le tour de la table avant chaque décision.
- Un mot technique s’explique la première fois.
- Les locataires parlent en premier des sujets qui les touchent.

## Quand ça accroche

1. La personne qui anime arrête la discussion et nomme ce qui bloque, jamais qui.
2. La table prend une pause de dix minutes.
3. Deux membres proposent une façon de continuer à la rencontre suivante.
"""
REVISED = FRENCH.replace(
    "- Les documents arrivent sept jours avant la rencontre, en langage clair.",
    "- Les documents arrivent dix jours avant la rencontre, en langage clair, sur deux pages au plus.",
).replace(
    "- Le savoir d’expérience compte autant que les autres savoirs.",
    "- Le savoir d’expérience compte autant que les autres savoirs. Personne n’est seul à en parler.",
)


def charters(world: World) -> None:
    """Two charters: the coordination's, revised once, and the table on housing's."""
    agent = world["user:agent"]
    for key, texts in (("coordination", (FRENCH, REVISED)), ("Logement", (LODGING,))):
        space = world[f"space:{key}"]
        adopted = Decision.objects.filter(
            space=space, state=Decision.State.CLOSED, outcome=Decision.Outcome.ADOPTED
        ).order_by("closed_at", "id")
        about = [row for row in adopted if "charte" in row.title.lower()]
        for place, text in enumerate(texts):
            charter = services.write_charter(space=space, text=text, by=agent, via="demo")
            decision = about[place] if place < len(about) else None
            if decision is None or decision.closed_at is None:
                break  # no decision of the demonstration adopts it: it stays in preparation
            on = decision.closed_at.astimezone(space.alliance.zone).date()
            services.adopt_charter(charter=charter, decision=decision, by=agent, on=on, via="demo")


def obstacles(world: World) -> None:
    agent = world["user:agent"]
    for key, code, words, months, until, public, steps in OBSTACLES:
        row = services.name_obstacle(
            space=world[f"space:{key}"], code=code, words=words, by=agent, since=world.ago(months, 5),
            is_public=public, via="demo",
        )  # fmt: skip
        for ago, tried, outcome in steps:
            services.try_step(obstacle=row, on=world.ago(ago, 8), tried=tried, outcome=outcome, by=agent, via="demo")
        if until is not None:
            services.change_obstacle(obstacle=row, until=world.ago(until, 8), by=agent, via="demo")


# Before the meetings: each is led by whoever's turn it is that day.
demo.add(DemoStep("governance.turns", 45, take_turns))
# After the decisions of the demonstration: a charter is adopted by one of them.
demo.add(DemoStep("governance.life", 90, build))
