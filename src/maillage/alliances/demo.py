"""The fictional alliances: a regional one, MRC des Deux-Rivières and its two sisters, over two years."""

from __future__ import annotations

import datetime as dt
import random

from django.utils import timezone

from maillage.accounts.services import open_account
from maillage.alliances import invitations, services
from maillage.alliances.acts import demo as acts  # noqa: F401
from maillage.alliances.models import Alliance, Cycle, MemoryEvent, Role, Stage
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World, address

Kind = Role.Kind
State = Stage.State
MAIN = "deux-rivieres"
SISTERS = (
    ("haut-portage", "MRC du Haut-Portage", "Alliance pour la solidarité du Haut-Portage", "Mireille Savaria"),
    ("val-des-pruches", "MRC de Val-des-Pruches", "Alliance pour la solidarité de Val-des-Pruches", "Yannick Dorval"),
)
FICTION = "Alliance fictive : ses lieux, ses organismes, ses personnes et ses chiffres sont inventés."


def build(world: World, rng: random.Random) -> None:
    operator = world["user:operator"]
    region = services.create_alliance(
        by=operator, slug="grands-crans", name="Alliance pour la solidarité des Grands-Crans",
        short_name="Région des Grands-Crans", scale=Alliance.Scale.REGIONAL, fictional=True, is_public=True,
        territories=[world["territory:grands-crans"]], since=world.ago(26),
        summary=f"Trois MRC se concertent et répartissent l’enveloppe de la région. {FICTION}",
        mandatary="Table régionale des Grands-Crans (fictive)", contact_phone="819 555-0100",
    )  # fmt: skip
    world.keep("alliance:grands-crans", region)
    services.seat_invited(
        region, user=world["user:regional"], kind=Kind.REGIONAL, invited_by=operator, since=world.ago(26)
    )
    regional_life(world, region)
    main_alliance(world, region)
    sister_alliances(world, region)


def regional_life(world: World, region: Alliance) -> None:
    coordinator, year = world["user:regional"], world.ago(19).year
    services.add_cycle(
        region, by=coordinator, name=f"{year}-{year + 4}", since=dt.date(year, 4, 1), until=dt.date(year + 4, 4, 1)
    )
    for months, title, body in (
        (25, "Les trois MRC conviennent d’une démarche commune", "Chacune garde ses tables et son rythme."),
        (18, "L’enveloppe de la région est répartie", "Selon la population et l’étendue de chaque MRC."),
        (5, "Les trois alliances comparent leurs portraits", "Le transport revient partout en tête."),
    ):
        services.remember(region, by=coordinator, on=world.ago(months, 12), title=title, body=body)


def main_alliance(world: World, region: Alliance) -> None:
    operator = world["user:operator"]
    alliance = services.create_alliance(
        by=operator, slug=MAIN, name="Alliance pour la solidarité des Deux-Rivières",
        short_name="MRC des Deux-Rivières", parent=region, fictional=True, is_public=True,
        tagline="Ensemble contre la pauvreté aux Deux-Rivières",
        territories=[world["territory:deux-rivieres"]], since=world.ago(24),
        summary="Ici, tout le monde voit ce qui se décide, avec qui, et ce qui change. " + FICTION,
        mandatary="MRC des Deux-Rivières", contact_phone="819 555-0142", contact_email=address("bonjour"),
    )  # fmt: skip
    world.keep(f"alliance:{MAIN}", alliance)
    agent_changes(world, alliance)
    people(world, alliance)
    cycle(world, alliance)
    powers(world, alliance)
    memory(world, alliance)


def agent_changes(world: World, alliance: Alliance) -> None:
    """A first agent, replaced after ten months: the memory and the handover file must survive it."""
    operator = world["user:operator"]
    former = services.seat_invited(
        alliance, user=world["user:former-agent"], kind=Kind.AGENT, invited_by=operator, since=world.ago(24)
    )
    services.end_role(former, by=operator, on=world.ago(14))
    services.seat_invited(alliance, user=world["user:agent"], kind=Kind.AGENT, invited_by=operator, since=world.ago(14))


def people(world: World, alliance: Alliance) -> None:
    agent = world["user:agent"]
    for key, kind, months, note in (
        ("member", Kind.MEMBER, 22, "Table Logement"),
        ("evaluator", Kind.EVALUATOR, 12, "Comité d’analyse"),
        ("elected", Kind.ELECTED, 23, "Conseil de la MRC"),
        ("accompanying", Kind.ACCOMPANYING, 20, "Organisation communautaire"),
        ("treasurer", Kind.TREASURER, 18, ""),
        ("observer", Kind.OBSERVER, 6, ""),
    ):
        user = world[f"user:{key}"]
        known = services.add_person(
            alliance, by=agent, name=user.name, email=user.email, phone="819 555-0142", user=user
        )
        until = world.today + dt.timedelta(days=25) if kind == Kind.OBSERVER else None
        services.grant_role(known, by=agent, kind=kind, since=world.ago(months), until=until, note=note)
        world.keep(f"person:{key}", known)
    # Sent ten days ago, still without an answer: it waits on the agent's page.
    invitations.create(
        alliance, by=agent, now=timezone.now() - dt.timedelta(days=10), name="Bruno Chiasson",
        email=address("bruno.chiasson"), kind=Kind.MEMBER,
    )  # fmt: skip


def cycle(world: World, alliance: Alliance) -> None:
    agent, year = world["user:agent"], world.ago(19).year
    since, until = dt.date(year, 4, 1), dt.date(year + 4, 4, 1)
    period = services.add_cycle(
        alliance, by=agent, name=f"{year}-{year + 4}", since=since, until=until, with_stages=False,
        notes="Le portrait a commencé avant la signature, avec l’accord de toutes les tables.",
    )  # fmt: skip
    world.keep(f"cycle:{MAIN}", period)
    services.save_agreement(
        period, by=agent, title=f"Entente {period.name} de l’Alliance des Deux-Rivières", since=since, until=until,
        signed_on=since - dt.timedelta(days=12), envelope_cents=84_200_000,
        modulations="Le transport adapté au milieu rural est ajouté aux priorités.\n\n"
        "Une part de 10 % de l’enveloppe reste libre pour les projets venus de la population.",
        parties=[
            ("MRC des Deux-Rivières", "mandataire"),
            ("Région des Grands-Crans", "coordination régionale"),
            ("Ministère fictif de la Solidarité", "bailleur de fonds"),
            ("Fondation des Deux-Rives", "partenaire financier"),
        ],
    )  # fmt: skip
    stages(world, period)


def stages(world: World, period: Cycle) -> None:
    """Five stages, two under way at once; one deliverable is late, one is for next week."""
    end = period.until
    done, active = State.DONE, State.ACTIVE
    rows = (
        ("portrait", "Portrait du territoire", world.ago(24), world.ago(20, 27), done,
         "Terminé après 11 assemblées de cuisine et 214 participations.",
         [("Portrait du territoire", world.ago(20, 27), world.ago(20, 27)),
          ("Version en une page, lue à voix haute", world.ago(19, 15), world.ago(19, 10))]),
        ("plan", "Vision et plan d’action", world.ago(20), world.ago(17, 18), done,
         "Adopté par les six tables : 4 axes, 39 projets.",
         [("Plan d’action", world.ago(17, 18), world.ago(17, 18))]),
        ("planning", "Fonctionnement", world.ago(18), world.ago(13, 12), done,
         "Règles signées. Deux sièges citoyens à la coordination.",
         [("Charte de fonctionnement", world.ago(14, 30), world.ago(13, 12)),
          ("Règles de conflit d’intérêts", world.ago(13, 12), world.ago(13, 12))]),
        ("implementation", "Mise en œuvre", world.ago(16), end, active,
         "18 projets sur 39 sont en marche.",
         [("Premier appel de projets", world.ago(12, 15), world.ago(12, 15)),
          ("Bilan de mi-parcours des projets", world.ago(1, 31), None),
          ("Invitations à la rencontre de décembre", world.today + dt.timedelta(days=5), None),
          ("Deuxième appel de projets", world.ago(-2, 15), None)]),
        ("evaluation", "Suivi et évaluation", world.ago(8), end, active,
         "Le premier bilan public se prépare avec les tables.",
         [("Premier bilan public", world.ago(-6, 1), None)]),
    )  # fmt: skip
    for kind, name, since, until, state, summary, deliverables in rows:
        stage = services.add_stage(
            period, by=world["user:agent"], kind=kind, name=name, since=since, until=until, state=state, summary=summary
        )
        world.keep(f"stage:{kind}", stage)
        for title, due_on, done_on in deliverables:
            row = services.add_deliverable(stage, by=world["user:agent"], title=title, due_on=due_on)
            if done_on:
                services.complete_deliverable(row, by=world["user:agent"], on=done_on)


def powers(world: World, alliance: Alliance) -> None:
    assembly = "Comité de coordination"
    for title, limits, months in (
        ("Convoquer les rencontres et préparer les ordres du jour", "Avis de sept jours.", 14),
        ("Rembourser le transport, les repas et la garde d’enfants", "Jusqu’à 150 $ par personne et rencontre.", 14),
        ("Publier les comptes rendus adoptés", "Après l’accord de deux membres de la table.", 13),
        ("Parler aux médias au nom de l’alliance", "Sur le plan d’action adopté seulement.", 9),
    ):  # fmt: skip
        services.delegate_power(
            alliance, by=world["user:agent"], title=title, limits=limits, given_by=assembly,
            since=world.ago(months, 12),
        )  # fmt: skip


def memory(world: World, alliance: Alliance) -> None:
    event = MemoryEvent.Kind
    for months, day, kind, key, title, body in (
        (24, 14, event.MILESTONE, True, "Une première assemblée réunit six tables",
         "Elles décident de parler d’une seule voix."),
        (20, 27, event.MILESTONE, False, "Le portrait du territoire est publié",
         "11 assemblées de cuisine, 214 participantes et participants."),
        (17, 18, event.MILESTONE, True, "Le plan d’action est adopté", "4 axes, 39 projets, 842 000 $."),
        (14, 3, event.PEOPLE, False, "Une nouvelle agente prend la relève",
         "Le dossier de passation l’attendait."),
        (12, 2, event.ELECTION, False, "Élections municipales",
         "Trois conseils sur sept changent de mairesse ou de maire."),
        (9, 11, event.MILESTONE, True, "Deux sièges de plus pour les citoyennes et citoyens à la coordination",
         "Adopté par 16 membres sur 18. Deux réserves écrites."),
        (6, 5, event.CONTEXT, False, "L’épicerie de Saint-Orme ferme ses portes",
         "Le village n’a plus de commerce d’alimentation à moins de 20 km."),
        (1, 22, event.MILESTONE, False, "La Navette des Rangs passe à quatre jours",
         "Décision de la table Se déplacer, après 62 témoignages."),
    ):  # fmt: skip
        services.remember(
            alliance, by=world["user:agent"], on=world.ago(months, day), title=title, body=body, kind=kind, is_key=key
        )
    services.remember(
        alliance, by=world["user:agent"], on=world.ago(96), precision="year", kind=event.CONTEXT,
        title="Deux tables commencent à se parler", body="Logement et Manger à sa faim partagent un local.",
        source="Souvenirs recueillis auprès des membres fondateurs",
    )  # fmt: skip


def sister_alliances(world: World, region: Alliance) -> None:
    operator = world["user:operator"]
    for slug, short_name, name, agent_name in SISTERS:
        alliance = services.create_alliance(
            by=operator, slug=slug, name=name, short_name=short_name, parent=region, fictional=True, is_public=True,
            territories=[world[f"territory:{slug}"]], since=world.ago(18), summary=FICTION, mandatary=short_name,
        )  # fmt: skip
        world.keep(f"alliance:{slug}", alliance)
        user = open_account(email=address(f"agence.{slug}"), name=agent_name, by=operator, via="demo")
        world.keep(f"user:agent-{slug}", user)
        services.seat_invited(alliance, user=user, kind=Kind.AGENT, invited_by=operator, since=world.ago(18))
        year = world.ago(19).year
        services.add_cycle(
            alliance, by=user, name=f"{year}-{year + 4}", since=dt.date(year, 4, 1), until=dt.date(year + 4, 4, 1)
        )
        services.remember(
            alliance, by=user, on=world.ago(18, 9), title="L’alliance signe son entente",
            body="Elle rejoint celle de la région des Grands-Crans.",
        )  # fmt: skip


demo.add(DemoStep("alliances", 20, build))
