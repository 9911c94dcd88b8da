"""Two years of meetings of the fictional tables, and the next ones to come."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from maillage.concertation.meetings import agenda, invitations, series, services
from maillage.concertation.meetings.invitations import Answer, Part, Via
from maillage.concertation.meetings.selectors import invited
from maillage.concertation.models import AgendaItem, Meeting, MeetingInvitation, MeetingSeries, Space
from maillage.core import site
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World

Kind = AgendaItem.Kind
Topic = tuple[str, str, int, str]

PLACES = {
    "coordination": ("Salle du conseil, MRC des Deux-Rivières", dt.time(9, 0), 180, 1),
    "Logement": ("Office d’habitation des Deux-Rivières, salle B", dt.time(13, 30), 120, 0),
    "Manger à sa faim": ("Cuisine collective du Rang 4", dt.time(10, 0), 120, 1),
    "Se déplacer": ("Bibliothèque de Rivière-aux-Saules", dt.time(13, 30), 120, 2),
    "Petite enfance et familles": ("Maison de la famille des Deux-Rivières", dt.time(9, 30), 120, 3),
    "Revenu et emploi": ("Carrefour du Confluent, 2e étage", dt.time(18, 30), 120, 2),
    "Briser l’isolement": ("Centre d’action bénévole du Confluent", dt.time(13, 0), 120, 4),
}
"""Place, hour, length in minutes, weekday (Monday is 0)."""

OFFERS: dict[str, tuple[tuple[str, str], ...]] = {
    "coordination": (
        ("meal", "Dîner sur place"), ("accessible", ""), ("costs", "En argent comptant, à l’arrivée"),
        ("compensation", "Pour les sièges citoyens"),
    ),
    "Logement": (
        ("transport", "Navette sur demande, la veille avant 16 h"), ("childcare", "Halte-garderie à l’étage"),
        ("accessible", ""), ("costs", "Remboursement avant la rencontre"),
    ),
    "Manger à sa faim": (("meal", "Repas préparé ensemble"), ("childcare", ""), ("accessible", "")),
    "Se déplacer": (("transport", "Covoiturage organisé par la table"), ("accessible", "")),
    "Petite enfance et familles": (("childcare", "Deux éducatrices sur place"), ("meal", "Collation")),
    "Revenu et emploi": (("costs", "Avancés en argent comptant"), ("compensation", ""), ("accessible", "")),
    "Briser l’isolement": (("transport", ""), ("interpretation", "Sur demande, une semaine avant"), ("meal", "Café")),
}  # fmt: skip

TOPICS: dict[str, tuple[Topic, ...]] = {
    "coordination": (
        ("Suivi de l’entente et des sommes engagées", Kind.INFORMATION, 20, ""),
        ("Répartition de l’enveloppe entre les tables", Kind.DECISION, 45,
         "Lire les trois scénarios. Chaque table dit ce qu’elle peut vivre, et ce qu’elle ne peut pas."),
        ("Calendrier des consultations du printemps", Kind.DISCUSSION, 25, ""),
        ("Ce que les tables demandent à la MRC", Kind.DISCUSSION, 30,
         "Chaque table arrive avec une demande, une seule."),
        ("Sièges citoyens : conditions et préparation", Kind.DISCUSSION, 30, ""),
        ("Recommandation au conseil de la MRC", Kind.DECISION, 30, "Lire le projet de résolution."),
        ("Retour sur la rencontre régionale", Kind.INFORMATION, 15, ""),
        ("Ce qui bloque entre les paliers", Kind.DISCUSSION, 35, ""),
        ("Plan d’action : où en sont les projets", Kind.INFORMATION, 30, ""),
        ("Règles du prochain appel de projets", Kind.DECISION, 40, "Noter ce qui a été trop lourd la dernière fois."),
    ),
    "Logement": (
        ("Fonds d’aide au premier loyer", Kind.DECISION, 40,
         "Lire la proposition. Demander à votre équipe combien de ménages seraient aidés."),
        ("Logements inoccupés : portrait", Kind.INFORMATION, 20, ""),
        ("Recours des locataires : ce qui bloque", Kind.DISCUSSION, 30, ""),
        ("Rénovation des HLM de Val-Cormier", Kind.DISCUSSION, 25, ""),
        ("Hébergement d’urgence l’hiver", Kind.DECISION, 35, "Apporter les dates et le nombre de places."),
        ("Visite du projet des Saules", Kind.INFORMATION, 15, ""),
        ("Terrain municipal de Saint-Orme", Kind.DISCUSSION, 30, ""),
    ),
    "Manger à sa faim": (
        ("Cuisine collective mobile", Kind.DECISION, 35, "Lire le budget d’une page."),
        ("Surplus des épiceries : tournée", Kind.DISCUSSION, 25, ""),
        ("Paniers d’été pour les familles", Kind.DISCUSSION, 25, ""),
        ("Jardins de Cap-Mélèze : bilan de saison", Kind.INFORMATION, 20, ""),
        ("Carte d’achat plutôt que panier", Kind.DECISION, 40,
         "Demander à deux personnes qui viennent au comptoir ce qu’elles préfèrent."),
        ("Transport des denrées", Kind.DISCUSSION, 20, ""),
    ),
    "Se déplacer": (
        ("Navette du jeudi", Kind.DECISION, 35, "Regarder les arrêts proposés sur la carte."),
        ("Tarif solidaire", Kind.DISCUSSION, 30, "Combien coûte un aller-retour chez vous?"),
        ("Taxibus dans les rangs : premiers chiffres", Kind.INFORMATION, 20, ""),
        ("Rendez-vous médicaux hors de la MRC", Kind.DISCUSSION, 30, ""),
        ("Abribus et éclairage", Kind.DISCUSSION, 20, ""),
        ("Horaire de soir pour les travailleuses et travailleurs", Kind.DECISION, 30, ""),
    ),
    "Petite enfance et familles": (
        ("Places en garderie : portrait par municipalité", Kind.INFORMATION, 20, ""),
        ("Répit du samedi", Kind.DECISION, 30, "Penser aux familles qui ne viennent jamais : qui les connaît?"),
        ("Passage à l’école maternelle", Kind.DISCUSSION, 30, ""),
        ("Trousse des nouveaux parents", Kind.DISCUSSION, 25, ""),
        ("Pères seuls : comment les rejoindre", Kind.DISCUSSION, 25, ""),
        ("Semaine de la famille", Kind.DECISION, 20, ""),
    ),
    "Revenu et emploi": (
        ("Clinique d’impôts", Kind.INFORMATION, 15, ""),
        ("Premier emploi : parrainage", Kind.DECISION, 30, ""),
        ("Droits méconnus : la fiche d’une page", Kind.DISCUSSION, 30,
         "Relire la fiche. Souligner chaque mot difficile."),
        ("Salaire viable : où en sont les employeurs", Kind.DISCUSSION, 35, ""),
        ("Microcrédit : bilan de l’année", Kind.INFORMATION, 20, ""),
        ("Retour au travail après la maladie", Kind.DISCUSSION, 30, ""),
    ),
    "Briser l’isolement": (
        ("Visites d’amitié : relève des bénévoles", Kind.DISCUSSION, 30, ""),
        ("Café des voisins", Kind.DECISION, 25, ""),
        ("Appels de bienveillance l’hiver", Kind.DECISION, 30, "Noter qui, chez vous, téléphone déjà."),
        ("Internet à la maison : qui n’en a pas", Kind.INFORMATION, 20, ""),
        ("Aînées et aînés des rangs", Kind.DISCUSSION, 30, ""),
        ("Fête des Deux-Rives", Kind.DISCUSSION, 20, ""),
    ),
}  # fmt: skip
MONTHS_BACK, MONTHS_AHEAD = 23, 4


def build(world: World, rng: random.Random) -> None:
    """The coordination meets every month, each table every second month; the next ones come from their series."""
    for index, name in enumerate(TOPICS):
        space = world[f"space:{name}"]
        past = _past(world, rng, name, space, step=1 if name == "coordination" else 2, offset=index % 2)
        coming = _coming(world, rng, name, space)
        for number, meeting in enumerate([*past, *coming], 1):
            world.keep(f"meeting:{name}:{number}", meeting)


def _day(first: dt.date, weekday: int, week: int) -> dt.date:
    return first + dt.timedelta(days=(weekday - first.weekday()) % 7, weeks=week)


def _title(name: str, space: Space) -> str:
    return f"Rencontre du {space.name[0].lower()}{space.name[1:]}" if name == "coordination" else space.name


def _past(world: World, rng: random.Random, name: str, space: Space, *, step: int, offset: int) -> list[Meeting]:
    place, at, minutes, weekday = PLACES[name]
    made, topics = [], _turn(rng, TOPICS[name])
    for months in range(MONTHS_BACK - offset, -1, -step):
        day = _day(world.ago(months), weekday, 1)
        if day >= world.today or (space.since and day < space.since):
            continue
        begins = services.instant(day, at, space.alliance)
        meeting = services.create_meeting(
            space=space, title=_title(name, space), starts_at=begins, ends_at=begins + dt.timedelta(minutes=minutes),
            place=place, access=OFFERS[name], is_public=rng.random() > 0.04, by=world["user:agent"], via="demo",
        )  # fmt: skip
        _agenda(world, rng, meeting, topics, begins - dt.timedelta(days=9))
        services.set_state(
            meeting=meeting, state=Meeting.State.HELD, by=world["user:agent"], now=meeting.ends_at, via="demo"
        )
        meeting.refresh_from_db()
        _answered(world, rng, meeting)
        made.append(meeting)
    return made


def _coming(world: World, rng: random.Random, name: str, space: Space) -> list[Meeting]:
    """The series, its next meetings, and the agenda of the next one."""
    place, at, minutes, weekday = PLACES[name]
    first = _day(world.ago(0), weekday, 1)
    if first <= world.today:
        first = _day(world.ago(-1), weekday, 1)
    made = series.create_series(
        space=space, title=_title(name, space), every=MeetingSeries.Every.MONTH, first=first, at=at, minutes=minutes,
        until=first + dt.timedelta(days=31 * MONTHS_AHEAD), place=place, access=OFFERS[name],
        online_url="https://rencontre.demo.invalid/salle" if name == "coordination" else "",
        by=world["user:agent"], via="demo",
    )  # fmt: skip
    meetings = list(made.meetings.order_by("starts_at", "pk"))
    now = dt.datetime.combine(world.today, dt.time(13), tzinfo=dt.UTC)
    _agenda(world, rng, meetings[0], _turn(rng, TOPICS[name]), now)
    _invite(world, rng, meetings[0])
    return meetings


def _answered(world: World, rng: random.Random, meeting: Meeting) -> None:
    """Who was invited to a meeting that is past, and what they had answered: written at once, no mail leaves."""
    rows = invitations.list_people(meeting=meeting, by=world["user:agent"], via="demo")
    sent = meeting.starts_at - dt.timedelta(days=9)
    for row in rows:
        row.sent_at = sent
        chances = (5, 1, 12) if row.part == Part.SUBSTITUTE else (70, 18, 12)
        row.answer = rng.choices((Answer.YES, Answer.NO, Answer.NONE), chances)[0]
        if row.answer != Answer.NONE:
            row.answered_at = sent + dt.timedelta(days=rng.randrange(1, 8))
            row.answered_via = Via.TELEPHONE if rng.random() < 0.1 else Via.LINK
    MeetingInvitation.objects.bulk_update(rows, ["sent_at", "answer", "answered_at", "answered_via"])
    Meeting.objects.filter(pk=meeting.pk).update(invited_at=sent)
    meeting.invited_at = sent


NEEDS = ("Un transport depuis le rang 4.", "Une garde pour deux enfants.", "Une place pour un fauteuil roulant.")


def _invite(world: World, rng: random.Random, meeting: Meeting) -> None:
    """The next meeting: people are invited by mail, half of them have answered."""
    agent = world["user:agent"]
    now = dt.datetime.combine(world.today, dt.time(14), tzinfo=dt.UTC)
    invitations.list_people(meeting=meeting, by=agent, via="demo")
    invitations.send(meeting=meeting, by=agent, now=now, site=site.address(), via="demo")
    for row in invited(meeting):
        row.meeting = meeting
        if row.part == Part.SUBSTITUTE or rng.random() < 0.5:
            continue
        choice = rng.choices((Answer.YES, Answer.NO), (80, 20))[0]
        needs = rng.choice(NEEDS) if choice == Answer.YES and rng.random() < 0.15 else ""
        invitations.answer(invitation=row, choice=choice, needs=needs, now=now, by=None, via=Via.LINK)


def _turn(rng: random.Random, topics: tuple[Topic, ...]) -> list[Topic]:
    shuffled = list(topics)
    rng.shuffle(shuffled)
    return shuffled


def _agenda(world: World, rng: random.Random, meeting: Meeting, topics: list[Topic], now: dt.datetime) -> None:
    """Four to seven points: welcome, the minutes of the last meeting, two to four topics in turn, the next one."""
    presenters = [seat.actor for seat in meeting.space.seats.at(meeting.day).select_related("actor")]
    lines: list[dict[str, Any]] = [
        {"title": "Accueil et tour de table", "kind": Kind.INFORMATION, "length": 10},
        {"title": "Adoption du compte rendu de la dernière rencontre", "kind": Kind.MINUTES, "length": 5},
    ]
    left = meeting.minutes_long - 20
    for _turn_of in range(rng.choice((2, 3, 3, 4, 4))):
        title, kind, length, preparation = topics[0]
        if length > left and len(lines) > 2:
            break
        topics.append(topics.pop(0))
        left -= length
        lines.append(
            {
                "title": title,
                "kind": kind,
                "length": length,
                "preparation": preparation,
                "presenter": rng.choice(presenters) if presenters and rng.random() < 0.7 else None,
                "is_public": rng.random() > 0.06,
            }
        )
    lines.append({"title": "Prochaine rencontre", "kind": Kind.INFORMATION, "length": 5})
    agenda.add_items(meeting=meeting, items=lines, by=world["user:agent"], now=now, via="demo")


demo.add(DemoStep("meetings", 50, build))
