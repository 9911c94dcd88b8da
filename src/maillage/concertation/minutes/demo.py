"""Two years of attendance, notes, minutes with their corrections, and tasks, for the meetings of the demonstration."""

from __future__ import annotations

import datetime as dt
import random

from maillage.actors.vocabulary import ActorType
from maillage.concertation.minutes import attendance, keeping, notes
from maillage.concertation.models import AgendaItem, Meeting, Minutes, MinutesItem, Seat, Task
from maillage.concertation.tasks import services as tasks
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World

Kind = AgendaItem.Kind
HERE = {ActorType.COMMUNITY: 0.8, ActorType.INSTITUTION: 0.75, ActorType.MUNICIPALITY: 0.6, ActorType.CITIZENS: 0.7}
"""How often each college is there; the others, half the time."""

OPENINGS = {
    Kind.INFORMATION: (
        "Les chiffres sont présentés, puis chacun dit ce qu’ils changent chez lui.",
        "Un tour de table dit où chacun en est depuis la dernière fois.",
        "La présentation dure dix minutes. Les questions portent surtout sur les délais.",
    ),
    Kind.DISCUSSION: (
        "On cherche ce qui bloque avant de chercher des solutions.",
        "Deux façons de voir se disent : agir tout de suite, ou mieux comprendre d’abord.",
        "Les sièges citoyens racontent comment cela se passe sur le terrain.",
    ),
    Kind.DECISION: (
        "La proposition est lue, puis chaque siège dit où il en est.",
        "La proposition est retravaillée en salle après une réserve sur le délai.",
        "Chacun a eu le temps de consulter son organisme avant la rencontre.",
    ),
    Kind.MINUTES: ("Le compte rendu est relu. Les corrections demandées sont lues à voix haute.",),
}
DETAILS = (
    "- Les personnes qui travaillent le soir ne peuvent pas venir : une plage en fin de semaine sera essayée.",
    "- Le transport reste le premier obstacle nommé, surtout dans les rangs.",
    "- Une affiche d’une page, en mots simples, aiderait plus qu’un dépliant.",
    "- Trois municipalités ont déjà une salle qui peut servir.",
    "- On rappelle que les frais sont avancés en argent comptant, sans formulaire.",
    "- Le budget demandé couvre dix mois; la suite dépend de l’entente.",
    "- Un groupe de quatre sièges prépare une version plus courte pour la prochaine fois.",
    "- La liste d’attente a doublé depuis l’automne.",
    "- Personne ne doit raconter sa vie pour recevoir de l’aide : la table y tient.",
    "- Une visite sur place est proposée avant de trancher.",
)
CLOSINGS = ("On y revient à la prochaine rencontre.", "La table remercie celles et ceux qui ont préparé le point.", "")
TO_DO = (
    "Écrire une page en mots simples sur « {title} »", "Appeler les municipalités absentes au sujet de « {title} »",
    "Trouver une salle accessible pour la suite", "Préparer les chiffres demandés sur « {title} »",
    "Inviter deux personnes de plus du collège citoyen", "Envoyer la proposition retravaillée aux sièges",
)  # fmt: skip
DONE = ("Fait, et présenté à la table.", "Fait avec un peu de retard.", "Fait : six personnes ont aidé.", "")
CORRECTIONS = (
    "Il manque que la navette passe aussi le jeudi.", "Le nombre de ménages est 34, pas 43.",
    "J’avais parlé d’un essai, pas d’une décision.", "Ajouter que le collège citoyen demande une réponse écrite.",
)  # fmt: skip
WEEK = dt.timedelta(days=7)


def build(world: World, rng: random.Random) -> None:
    held = [meeting for meeting in world.all("meeting") if meeting.state == Meeting.State.HELD]
    held.sort(key=lambda meeting: (meeting.space_id, meeting.starts_at))
    for index, meeting in enumerate(held):
        later = held[index + 1] if index + 1 < len(held) and held[index + 1].space_id == meeting.space_id else None
        _in_the_room(world, rng, meeting)
        _minutes(world, rng, meeting, later)


def _in_the_room(world: World, rng: random.Random, meeting: Meeting) -> None:
    agent, now = world["user:agent"], meeting.ends_at
    seats = {}
    for seat in Seat.objects.at(meeting.day).filter(space=meeting.space).select_related("actor").order_by("pk"):
        chance = rng.random()
        if chance < HERE.get(ActorType(seat.actor.type), 0.5):
            seats[seat.pk] = attendance.SUBSTITUTE if chance < 0.06 else attendance.PRESENT
    people = {ActorType.CITIZENS.value: rng.choice((0, 0, 2, 3, 6, 8, 11))}
    attendance.set_attendance(meeting=meeting, seats=seats, people=people, by=agent, now=now, via="demo")
    owners = [seat.actor for seat in Seat.objects.filter(pk__in=seats).select_related("actor").order_by("pk")]
    for item in AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk"):
        item.meeting = meeting
        notes.save_note(item=item, text=_text(rng, item), base_version=0, key=f"demo-{item.pk}", by=agent, now=now)
        if item.kind in {Kind.DISCUSSION, Kind.DECISION} and rng.random() < 0.45 and owners:
            _task(world, rng, meeting, item, owners)


def _text(rng: random.Random, item: AgendaItem) -> str:
    lines = [rng.choice(OPENINGS[Kind(item.kind)])]
    if item.kind != Kind.MINUTES:
        lines += rng.sample(DETAILS, rng.randint(1, 3))
        lines.append(rng.choice(CLOSINGS))
    return "\n".join(line for line in lines if line)


def _task(world: World, rng: random.Random, meeting: Meeting, item: AgendaItem, owners: list) -> None:
    due = meeting.day + dt.timedelta(days=rng.choice((14, 21, 28, 35)))
    task = tasks.add_task(
        alliance=meeting.alliance, space=meeting.space, title=rng.choice(TO_DO).format(title=item.title)[:300],
        owner_actor=rng.choice(owners), due_on=due, agenda_item=item, is_public=rng.random() < 0.6,
        by=world["user:agent"], via="demo",
    )  # fmt: skip
    late = world.today - due
    if late > dt.timedelta(days=20) or (late > dt.timedelta() and rng.random() < 0.6):
        if rng.random() < 0.07:
            tasks.cancel_task(task=task, on=due, by=world["user:agent"], outcome="La table a choisi un autre chemin.")
        else:
            on = min(world.today, due + dt.timedelta(days=rng.randint(-6, 9)))
            tasks.finish_task(task=task, on=on, by=world["user:agent"], outcome=rng.choice(DONE), via="demo")
    if task.due_on and world.today - task.due_on > dt.timedelta():
        # What is late in the demonstration was already reminded.
        Task.objects.filter(pk=task.pk).update(reminded_on=world.today)


def _minutes(world: World, rng: random.Random, meeting: Meeting, later: Meeting | None) -> None:
    """Made the day after, circulated for ten days, approved at the next meeting. The last ones are on their way."""
    agent, begun = world["user:agent"], meeting.ends_at + dt.timedelta(days=1)
    if world.today - meeting.day < dt.timedelta(days=4):
        return
    minutes = keeping.prepare_minutes(meeting=meeting, by=agent, now=begun, via="demo")
    until = meeting.day + dt.timedelta(days=11)
    if later is None and until < world.today:
        until = world.today + dt.timedelta(days=3)
    keeping.circulate(minutes=minutes, until=until, by=agent, now=begun, site="", tell=False, via="demo")
    minutes.refresh_from_db()
    _corrections(world, rng, meeting, minutes, begun + dt.timedelta(days=2), settled=later is not None)
    if later is None:
        return
    keeping.propose_approval(minutes=minutes, meeting=later, by=agent, via="demo")
    minutes = Minutes.objects.select_related("approved_in").get(pk=minutes.pk)
    minutes.meeting = meeting
    minutes = keeping.record_approval(minutes=minutes, by=agent, now=later.ends_at, via="demo")
    if rng.random() < 0.85:
        shown = [
            row.pk
            for row in MinutesItem.objects.filter(minutes=minutes, item__is_public=True).order_by("pk")
            if rng.random() < 0.8
        ]
        keeping.choose_public(minutes=minutes, items=shown, by=agent, now=later.ends_at, via="demo")


def _corrections(
    world: World, rng: random.Random, meeting: Meeting, minutes: Minutes, now: dt.datetime, *, settled: bool
) -> None:
    there = keeping.people_there(meeting)
    rows = list(MinutesItem.objects.filter(minutes=minutes).select_related("item").exclude(text="").order_by("pk"))
    if not there or not rows or rng.random() > (0.4 if settled else 1):
        return
    row, person = rng.choice(rows), rng.choice(there)
    row.minutes, row.item.meeting = minutes, meeting
    if keeping.item_left(person, row.item):
        return
    text = rng.choice(CORRECTIONS)
    asked = keeping.propose_amendment(item=row, text=text, by=None, person=person, now=now, via="demo")
    if not settled:
        return
    kept = rng.random() < 0.7
    asked.item = row
    keeping.settle_amendment(
        amendment=asked, accepted=kept, text=f"{row.text}\n- {text}" if kept else None, base_version=row.version,
        reply="" if kept else "Ce n’est pas ce qui a été dit en salle; vos mots restent ici.", by=world["user:agent"],
        now=now + dt.timedelta(days=1), via="demo",
    )  # fmt: skip


demo.add(DemoStep("minutes", 70, build))
