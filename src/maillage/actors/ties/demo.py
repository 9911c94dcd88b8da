"""The fictional ties: two years of them, three bridges, a sector that keeps to itself, actors without any tie."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from maillage.actors import services as actors
from maillage.actors.models import Actor, CampaignReply, Offering, Tie, TieCampaign
from maillage.actors.ties import campaigns, offerings, services
from maillage.actors.vocabulary import ActorType, Scheme
from maillage.alliances import services as alliances
from maillage.core import site
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World, address
from maillage.core.formats import month

OWN_WORDS = (("famille", "family", "services"), ("revenu", "income", "employment"),
             ("isolement", "isolation", "integration"))  # fmt: skip
"""Fields that the fictional alliance adds in its own words, with the fixed one each counts as."""
FIELDS: dict[str, tuple[str, ...]] = {
    "housing": (
        "Toit d’abord Deux-Rivières", "Comité logement des Saules", "Office d’habitation des Deux-Rivières",
        "Coopérative d’habitation Les Saules", "Ville de Rivière-aux-Saules", "Fondation des Deux-Rives",
        "Collège citoyen de Rivière-aux-Saules", "Clinique de droits Le Pas de porte",
        "Maison d’hébergement La Clairière", "MRC des Deux-Rivières", "Maison de l’amitié des Premiers Portages",
    ),
    "food": (
        "Le Garde-manger de Val-Cormier", "Cuisine collective du Rang 4", "Jardins partagés de Cap-Mélèze",
        "Popote roulante des Deux-Rives", "Fondation La Courtepointe", "Épicerie Brindamour",
        "Coopérative des Trois Sillons", "Municipalité de Saint-Orme", "Collège citoyen de Saint-Orme",
        "Cercle des aînées de la rivière Haute",
    ),
    "transport": (
        "La Navette des Rangs", "Transport adapté des Deux-Rivières", "Municipalité de Val-Cormier",
        "Municipalité de Pointe-à-Brière", "Municipalité de Lac-aux-Pruches", "Collège citoyen de Pointe-à-Brière",
        "Collège citoyen de Mont-Sérénité", "Municipalité de Mont-Sérénité", "Service de police du Confluent",
    ),
    "famille": (
        "Maison de la famille des Deux-Rivières", "Répit familles du Mont-Sérénité",
        "Centre de la petite enfance Les Ricochets", "Centre de services scolaire du Confluent",
        "Concertation petite enfance des Grands-Crans", "Centre de santé des Deux-Rivières",
        "Carrefour des femmes du Portage", "Maison des jeunes L’Embarcadère", "Collège citoyen de Val-Cormier",
    ),
    "revenu": (
        "Atelier L’Établi", "Bureau d’emploi des Deux-Rivières", "Collège du Haut-Cran", "Ressourcerie du Confluent",
        "Scierie du Portage", "Lire et dire Pointe-à-Brière", "Coopérative d’artisanat des Portages",
        "Fonds Clémence-Vadnais", "Accueil des nouveaux arrivants des Grands-Crans",
        "Regroupement communautaire des Deux-Rivières",
    ),
    "isolement": (
        "Centre d’action bénévole du Confluent", "L’Entraide de Saint-Orme", "Voisins solidaires du Lac",
        "Centre d’amitié des aînées et aînés", "Le Trait d’union santé mentale",
        "Bibliothèque régionale des Grands-Crans", "Municipalité de Cap-Mélèze",
        "Bureau de liaison des communautés du Cran", "Collège citoyen de Lac-aux-Pruches",
    ),
}  # fmt: skip
BRIDGES = ("Toit d’abord Deux-Rivières", "Le Garde-manger de Val-Cormier", "La Navette des Rangs")
ALONE = ("Épicerie Brindamour", "Municipalité de Mont-Sérénité", "Bureau de liaison des communautés du Cran")
"""Without any tie: to reach out to."""
INSIDE = {"housing": 11, "food": 10, "transport": 8, "famille": 17, "revenu": 9, "isolement": 9}
"""How many ties stay inside each field: family keeps to itself."""
ACROSS = 52
SECTORS = {
    "Bibliothèque régionale des Grands-Crans": "cultural", "Coopérative d’artisanat des Portages": "cultural",
    "Cercle des aînées de la rivière Haute": "cultural", "Jardins partagés de Cap-Mélèze": "environmental",
    "Ressourcerie du Confluent": "environmental", "La Navette des Rangs": "environmental",
    "Bureau d’emploi des Deux-Rivières": "economic",
}  # fmt: skip
ECONOMIC = frozenset({ActorType.BUSINESS, ActorType.SOCIAL_ECONOMY})
SCALES: dict[str, str] = {
    ActorType.INSTITUTION: "mrc", ActorType.FOUNDATION: "region", ActorType.INDIGENOUS: "nation",
    ActorType.GROUP: "region", ActorType.CITIZENS: "village", ActorType.MUNICIPALITY: "village",
}  # fmt: skip
HOW = {
    Tie.Kind.CONCERTATION: ("Nous préparons ensemble les rencontres de la table.", "Nous partageons nos constats.", ""),
    Tie.Kind.PROJECT: ("Un projet commun, avec un budget partagé.", "Une activité par saison, animée à deux.", ""),
    Tie.Kind.REFERRAL: ("Nous nous envoyons des personnes, avec leur accord.", "Un appel chaque semaine.", ""),
    Tie.Kind.FUNDING: ("Un appui à la mission.", "Un don pour une activité."),
    Tie.Kind.PREMISES: ("Une salle prêtée le mardi.", "Un entrepôt en commun."),
}
OFTEN = (Tie.Kind.CONCERTATION,) * 4 + (Tie.Kind.PROJECT,) * 3 + (Tie.Kind.REFERRAL,) * 3 + (Tie.Kind.PREMISES,)
BRINGS: dict[str, tuple[tuple[str, str], ...]] = {
    ActorType.COMMUNITY: (
        (Offering.Kind.EXPERIENCE, "Vingt ans d’accueil sans rendez-vous"),
        (Offering.Kind.KNOWLEDGE, "Vulgarisation des lois et des formulaires"),
        (Offering.Kind.TIME, "Une équipe de bénévoles, deux soirs par semaine"),
        (Offering.Kind.PREMISES, "Une salle de 25 places, accessible en fauteuil roulant"),
        (Offering.Kind.KNOWLEDGE, "Animation de groupes avec des personnes en situation de pauvreté"),
        (Offering.Kind.EXPERIENCE, "Cuisine collective et conservation des aliments"),
        (Offering.Kind.PREMISES, "Un camion réfrigéré, prêté sur demande"),
    ),
    ActorType.INSTITUTION: (
        (Offering.Kind.KNOWLEDGE, "Données sur la santé et le revenu de la MRC"),
        (Offering.Kind.TIME, "Un organisateur communautaire, une journée par semaine"),
        (Offering.Kind.PREMISES, "Des locaux libres le soir et la fin de semaine"),
    ),
    ActorType.MUNICIPALITY: (
        (Offering.Kind.PREMISES, "La salle communautaire, sans frais pour les organismes"),
        (Offering.Kind.MONEY, "Un fonds de soutien aux initiatives locales"),
        (Offering.Kind.KNOWLEDGE, "Cartes et règlements d’aménagement"),
    ),
    ActorType.FOUNDATION: (
        (Offering.Kind.MONEY, "Des dons de 2 000 $ à 25 000 $"),
        (Offering.Kind.EXPERIENCE, "Lecture de budgets et aide à la reddition de comptes"),
    ),
    ActorType.SOCIAL_ECONOMY: (
        (Offering.Kind.EXPERIENCE, "Insertion en emploi et formation en atelier"),
        (Offering.Kind.PREMISES, "Un entrepôt et un quai de chargement"),
    ),
    ActorType.CITIZENS: (
        (Offering.Kind.EXPERIENCE, "Savoir d’expérience : ce que vivent les gens d’ici"),
    ),
    ActorType.INDIGENOUS: (
        (Offering.Kind.KNOWLEDGE, "Sécurisation culturelle et accueil des familles"),
    ),
    ActorType.GROUP: (
        (Offering.Kind.KNOWLEDGE, "Formation des conseils d’administration"),
    ),
}  # fmt: skip
CONTACTS = (
    "Odile Cantin", "Marius Lepage", "Sylvie Bérubé-Roy", "Rosaire Thivierge", "Aïcha Benmansour", "Noël Castonguay",
    "Florence Imbeault", "Réjean Ouimet", "Carmen Desgagné", "Ludovic Arsenault", "Blandine Morissette",
    "Yvan Quessy", "Thérèse Larochelle", "Étienne Boisclair", "Gisèle Plourde", "Samuel Hétu", "Maryse Dandurand",
    "Antonin Vaillancourt", "Denise Kirouac", "Olivier Pétrin", "Josiane Tessier", "Fernand Cossette",
    "Nadège Philibert", "Hubert Lalancette", "Simone Beaudet", "Lucien Parisé", "Annick Riendeau",
    "Gaston Fecteau", "Pascale Nolin", "Viviane Saucier", "Édouard Grenon", "Mélina Drapeau", "Roland Sicotte",
    "Colette Audy", "Firmin Lacasse", "Estelle Boily", "Laurier Dumais", "Zoé Marchessault", "Bastien Trépanier",
    "Micheline Gervais",
)  # fmt: skip
"""Fictional people who answer for an actor, without an account: they write by the links they receive."""


def build(world: World, rng: random.Random) -> None:
    named = by_name(world)
    fields(world, named)
    contacts(world, named, rng)
    ties(world, named, rng)
    brings(world, rng)
    past_campaign(world, named, rng)
    open_campaign(world, named, rng)


def by_name(world: World) -> dict[str, Actor]:
    return {actor.name: actor for actor in world.all("actor")}


def fields(world: World, named: dict[str, Actor]) -> None:
    """Each actor works in one field, one sector, at one scale: the network page reads groups in them."""
    alliance, agent = world["alliance:deux-rivieres"], world["user:agent"]
    for fr, en, fixed in OWN_WORDS:
        alliances.add_term(alliance, by=agent, scheme=Scheme.FIELD, fr=fr, en=en, counts_as=fixed)
    for field, names in FIELDS.items():
        for name in names:
            actor = named[name]
            sector = SECTORS.get(name, "economic" if actor.type in ECONOMIC else "social")
            scale = {"MRC des Deux-Rivières": "mrc", "Ville de Rivière-aux-Saules": "city"}.get(
                name, SCALES.get(actor.type, "mrc")
            )
            for scheme, code in ((Scheme.FIELD, field), (Scheme.SECTOR, sector), (Scheme.SCALE, scale)):
                actors.tag_actor(actor=actor, scheme=scheme, codes=[code], by=agent, via="demo")


def contacts(world: World, named: dict[str, Actor], rng: random.Random) -> None:
    """Forty actors have someone who answers for them; the others are to be reached otherwise."""
    alliance, agent = world["alliance:deux-rivieres"], world["user:agent"]
    chosen = [named[name] for names in FIELDS.values() for name in names if named[name].type != ActorType.CITIZENS]
    for actor, name in zip(rng.sample(chosen, len(CONTACTS)), CONTACTS, strict=True):
        local = name.lower().translate(str.maketrans("àâéèêëïîôûç -", "aaeeeeiiouc.."))
        person = alliances.add_person(alliance, by=agent, name=name, email=address(local))
        world.keep(f"contact:{actor.name}", person)
        actors.give_mandate(
            actor=actor, person=person, by=agent, title="Direction", is_contact=True, via="demo",
            since=max(world.ago(20), actor.since or world.ago(24)),
        )  # fmt: skip


def pairs(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Who works with whom: inside each field, through the three bridges, then here and there."""
    linked = {field: [name for name in names if name not in ALONE] for field, names in FIELDS.items()}
    seen: set[frozenset[str]] = set()

    def new(one: str, other: str) -> bool:
        pair = frozenset((one, other))
        if len(pair) == 1 or pair in seen:
            return False
        seen.add(pair)
        return True

    for field, names in linked.items():
        # The first of each field knows the others: a star, then cross threads.
        wanted = [(names[0], name) for name in names[1:]]
        while len(wanted) < 40:
            wanted.append((rng.choice(names), rng.choice(names)))
        made = (pair for pair in wanted if new(*pair))
        yield from (pair for pair, _turn in zip(made, range(INSIDE[field]), strict=False))
    home = {name: field for field, names in FIELDS.items() for name in names}
    for bridge in BRIDGES:
        for field, names in linked.items():
            if field != home[bridge]:
                for name in rng.sample(names, 1 if field == "famille" else 2):
                    if new(bridge, name):
                        yield bridge, name
    count = 0
    open_to_others = [name for field, names in linked.items() if field != "famille" for name in names]
    while count < ACROSS:
        one, other = rng.sample(open_to_others, 2)
        if home[one] != home[other] and new(one, other):
            count += 1
            yield one, other


def kind_of(rng: random.Random, one: Actor, other: Actor) -> Tie.Kind:
    if ActorType.FOUNDATION in (one.type, other.type):
        return Tie.Kind.FUNDING
    return rng.choice(
        (Tie.Kind.CONCERTATION,) * 4 + (Tie.Kind.PROJECT,) * 3 + (Tie.Kind.REFERRAL,) * 3 + (Tie.Kind.PREMISES,)
    )


def ties(world: World, named: dict[str, Actor], rng: random.Random) -> None:
    """Told by one side, most often confirmed by the other; some ended, some new, a few not recognised."""
    for turn, (one, other) in enumerate(pairs(rng)):
        teller, answerer = named[one], named[other]
        earliest = max(teller.since or world.ago(24), answerer.since or world.ago(24))
        if rng.random() < 0.85:
            since = earliest + dt.timedelta(days=rng.randint(0, 60))
        else:
            since = max(earliest, world.ago(rng.choice((18, 15, 12, 9, 6, 4, 2, 1)), rng.randint(1, 28)))
        since = min(since, world.today)
        kind = kind_of(rng, teller, answerer)
        tie = _tell(world, rng, teller, answerer, kind, since)
        _what_followed(world, rng, tie, answerer, turn)


def _tell(world: World, rng: random.Random, teller: Actor, other: Actor, kind: Tie.Kind, since: dt.date) -> Tie:
    return services.tell_tie(
        actor=teller, other=other, kind=kind, frequency=rng.choice(Tie.Frequency.values), how=rng.choice(HOW[kind]),
        since=since, by=world["user:agent"], today=world.today, now=_moment(since), via="demo",
    ).tie  # fmt: skip


def _what_followed(world: World, rng: random.Random, tie: Tie, answerer: Actor, turn: int) -> None:
    agent, today = world["user:agent"], world.today
    assert tie.since is not None
    later = min(today, tie.since + dt.timedelta(days=rng.randint(5, 60)))
    bridged = bool(turn % 5) or tie.first.name in BRIDGES or tie.second.name in BRIDGES
    if turn % 45 == 44:
        services.answer_tie(
            tie=tie, actor=answerer, recognised=False, by=agent, now=_moment(later), today=today, via="demo"
        )
    elif bridged:
        services.answer_tie(
            tie=tie, actor=answerer, recognised=True, by=agent, now=_moment(later), today=today, via="demo"
        )
    ended = later + dt.timedelta(days=rng.randint(40, 260))
    if turn % 4 == 1 and ended <= today and tie.answer != Tie.Answer.DECLINED:
        services.end_tie(tie=tie, actor=answerer, on=ended, by=agent, today=today, via="demo")


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(15), tzinfo=dt.UTC)


def brings(world: World, rng: random.Random) -> None:
    """What most actors bring, in their words."""
    for code in ActorType.values:
        offered: Sequence[tuple[str, str]] = BRINGS.get(code, ())
        for actor in world.all(f"actor:{code}") if offered else ():
            count = rng.randint(0 if code != ActorType.CITIZENS else 1, min(3, len(offered)))
            chosen = rng.sample(offered, count)
            if chosen:
                offerings.save_offerings(
                    actor=actor, rows=[offerings.Brought(kind, text) for kind, text in chosen],
                    by=world["user:agent"], today=world.today, via="demo",
                )  # fmt: skip


def past_campaign(world: World, named: dict[str, Actor], rng: random.Random) -> None:
    """A year ago: a little more than half of the actors answered. Its letters are long gone: none is written."""
    alliance, agent = world["alliance:deux-rivieres"], world["user:agent"]
    first = world.ago(11, 3)
    campaign = campaigns.open_one(
        alliance=alliance, name=f"Nos liens {first.year}", message="Première fois : dix minutes suffisent.",
        opens_on=first, closes_on=first + dt.timedelta(days=27), by=agent, today=first - dt.timedelta(days=1),
        now=_moment(first - dt.timedelta(days=1)), address=site.address(), via="demo",
    )  # fmt: skip
    campaigns.add_actors(campaign, first)
    answers(world, named, campaign, first, 0.58, rng)
    campaigns.close(campaign=campaign, by=agent, now=_moment(first + dt.timedelta(days=28)), via="demo")


def open_campaign(world: World, named: dict[str, Actor], rng: random.Random) -> None:
    """Under way for twelve days: each contact person has a letter, with a personal address that works."""
    alliance, agent = world["alliance:deux-rivieres"], world["user:agent"]
    first = world.today - dt.timedelta(days=12)
    campaign = campaigns.open_one(
        alliance=alliance, name=f"Nos liens, {month(first, 'fr')}", by=agent, via="demo", opens_on=first,
        closes_on=world.today + dt.timedelta(days=16), today=first, now=_moment(first), address=site.address(),
        message="Dites-nous avec qui vous travaillez : la table s’en sert pour voir qui manque.",
    )  # fmt: skip
    answers(world, named, campaign, first, 0.45, rng)


def answers(
    world: World, named: dict[str, Actor], campaign: TieCampaign, first: dt.date, share: float, rng: random.Random
) -> None:
    """Some contact persons send their sheet in the days that follow."""
    replies = CampaignReply.objects.filter(campaign=campaign).select_related("actor").order_by("pk")
    for reply in replies:
        person = world.made.get(f"contact:{reply.actor.name}")
        if person is not None and reply.invited_at is None:
            CampaignReply.objects.filter(pk=reply.pk).update(invited_at=_moment(first))
        if rng.random() < (share if person is None else share + 0.15) and reply.actor.name not in ALONE:
            day = first + dt.timedelta(days=rng.randint(1, 11))
            reply.actor.alliance = world["alliance:deux-rivieres"]
            campaigns.record_reply(actor=reply.actor, by=None, person=person, today=day, now=_moment(day), via="demo")


demo.add(DemoStep("actors.ties", 35, build))
