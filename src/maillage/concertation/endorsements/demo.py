"""What fictional councils answered, what delegates take back to their boards, who withdraws from what is under way."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from maillage.actors.interests.services import LINK
from maillage.actors.models import Actor
from maillage.concertation.endorsements import conflicts, mandates, resolutions
from maillage.concertation.models import AgendaItem, Decision, Endorsement, Meeting, Position, SeatHolder
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World

State = Endorsement.State
MAIN = "alliance:deux-rivieres"


@dataclass(frozen=True)
class Asked:
    """A resolution asked of a council so many months ago, and each answer: ``(state, number, what was said)``."""

    council: str
    months: int
    answers: tuple[tuple[str, str, str], ...] = ()
    title: str = ""
    whereas: tuple[str, ...] = ()
    resolved: str = ""
    interest: tuple[str, str] | None = None


ENDORSED, REFUSED, DEFERRED = State.ENDORSED, State.REFUSED, State.DEFERRED
ASKED: tuple[Asked, ...] = (
    Asked(
        "MRC des Deux-Rivières", 17, ((ENDORSED, "{year}-06-112", ""),), "Plan d’action de l’alliance",
        ("six tables ont préparé un plan de quatre axes et 39 projets",
         "214 personnes ont dit ce qui compte pour elles",
         "le plan respecte l’entente signée par la MRC"),
        "d’entériner le plan d’action de l’alliance\nd’en confier le suivi au comité de coordination",
    ),
    Asked("Municipalité de Val-Cormier", 13, ((ENDORSED, "{year}-10-231", ""),)),
    Asked(
        "Ville de Rivière-aux-Saules", 11,
        ((DEFERRED, "", "Le conseil veut connaître la part de la Ville dans les coûts."),
         (ENDORSED, "{year}-02-018", "")),
    ),
    Asked("MRC des Deux-Rivières", 8, ((ENDORSED, "{year}-03-057", ""),),
          interest=("Mairesse de Pointe-à-Brière", "Siège au conseil d’un organisme qui réalise le projet.")),
    Asked("Municipalité de Saint-Orme", 6, ((REFUSED, "", "La salle communautaire n’est pas aux normes. Le conseil y "
                                            "reviendra quand les travaux seront faits."),)),
    Asked("Municipalité de Lac-aux-Pruches", 4, ((ENDORSED, "{year}-07-140", ""),)),
    Asked("Municipalité de Mont-Sérénité", 2, ((ENDORSED, "{year}-09-188", ""),)),
)  # fmt: skip
WAITING = (("MRC des Deux-Rivières", 12), ("Municipalité de Cap-Mélèze", 19))
"""Sent to the clerk: the council's session is in so many days."""
DRAFT = ("Municipalité de Pointe-à-Brière", 9)
MANDATES = (
    "Appuyer ce qui rapproche les services des rangs. Ne rien engager de plus de 2 000 $ sans le conseil.",
    "Défendre les logements à loyer modique. S’abstenir sur ce qui touche nos propres terrains.",
    "Porter ce que le collège a dit à la dernière rencontre, et rapporter ce qui a été décidé.",
)
QUESTIONS = (
    "Peut-on libérer une personne deux jours par mois?",
    "Notre conseil appuie-t-il ce partage, même si notre part baisse?",
)


def build(world: World, rng: random.Random) -> None:
    alliance = world[MAIN]
    adopted = list(
        Decision.objects.filter(alliance=alliance, outcome=Decision.Outcome.ADOPTED).order_by(
            "-money_cents", "closed_at"
        )
    )
    for asked in ASKED:
        ask(world, asked, decision_for(adopted, world.ago(asked.months)) if not asked.title else None)
    for name, days in WAITING:
        row = prepare(
            world, Asked(name, 0), decision_for(adopted, world.today), session=world.today + dt.timedelta(days)
        )
        resolutions.send(endorsement=row, on=world.today - dt.timedelta(days=2), by=world["user:agent"])
    prepare(
        world, Asked(DRAFT[0], 0), decision_for(adopted, world.today),
        session=world.today + dt.timedelta(days=DRAFT[1] + 7), deadline=world.today + dt.timedelta(days=DRAFT[1]),
    )  # fmt: skip
    delegates(world)
    withdrawals(world)


def decision_for(adopted: list[Decision], day: dt.date) -> Decision | None:
    """The next decision that was adopted before that day; each one is asked about once."""
    for decision in adopted:
        if decision.closed_at is not None and decision.closed_at.date() < day:
            adopted.remove(decision)
            return decision
    return None


def council(world: World, name: str) -> Actor:
    actor: Actor = world[f"actor:municipality:{name}"]
    return actor


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(15), tzinfo=dt.UTC)


def prepare(
    world: World, asked: Asked, decision: Decision | None, *, session: dt.date, deadline: dt.date | None = None
) -> Endorsement:
    words: dict[str, Any] = {"whereas": list(asked.whereas), "resolved": asked.resolved} if asked.whereas else {}
    if decision is None and not words:
        words = {
            "whereas": ["les personnes concernées ont été entendues", "les tables s’entendent sur ce projet"],
            "resolved": "d’appuyer ce projet",
        }
    deadline = deadline or session - dt.timedelta(days=10)
    return resolutions.prepare(
        alliance=world[MAIN], council=council(world, asked.council), decision=decision,
        title=asked.title or ("" if decision else f"Appui au projet de {asked.council}"), by=world["user:agent"],
        now=at(min(deadline - dt.timedelta(days=12), world.today)), session_on=session, clerk_deadline=deadline,
        is_public=True, **words,
    )  # fmt: skip


def ask(world: World, asked: Asked, decision: Decision | None) -> None:
    agent = world["user:agent"]
    session = world.ago(asked.months, 12)
    row = prepare(world, asked, decision, session=session)
    for number, (state, code, said) in enumerate(asked.answers):
        on = session + dt.timedelta(days=28 * number)
        resolutions.send(endorsement=row, on=on - dt.timedelta(days=11), by=agent)
        resolutions.answer(endorsement=row, state=state, on=on, number=code.format(year=on.year), note=said, by=agent)
    if asked.interest is not None:
        office, nature = asked.interest
        resolutions.disclose(endorsement=row, elected_as=office, nature=nature, disclosed_on=session, by=agent)


def delegates(world: World) -> None:
    """Standing mandates at the coordination; two questions that go back to boards before what is open is decided."""
    holders = [held for held in world.all("holder:coordination") if held.part == SeatHolder.Part.HOLDER]
    for held, words in zip(holders, MANDATES, strict=False):
        mandates.give(seat=held.seat, mandate=words, person=held.person, now=at(world.ago(9, 3)), via=LINK)
    decision = open_decision(world)
    if decision is None:
        return
    seated = SeatHolder.objects.at(world.today).filter(seat__space=decision.space, part=SeatHolder.Part.HOLDER)
    silent = seated.exclude(seat__in=Position.objects.filter(decision=decision).values("seat"))
    silent = silent.select_related("person__alliance", "seat__actor", "seat__space__alliance").order_by("pk")
    for number, (held, words) in enumerate(zip(silent, QUESTIONS, strict=False)):
        mandates.ask_board(
            seat=held.seat, decision=decision, question=words, person=held.person, via=LINK, now=at(world.today),
            board_on=world.today + dt.timedelta(days=6 + 5 * number),
        )  # fmt: skip


def open_decision(world: World) -> Decision | None:
    rows = Decision.objects.filter(alliance=world[MAIN], state=Decision.State.OPEN, space=world["space:coordination"])
    return rows.select_related("alliance", "space__alliance", "agenda_item").first()


def withdrawals(world: World) -> None:
    """Over points still to come: one member withdraws, another says why there is no conflict."""
    alliance = world[MAIN]
    items = AgendaItem.objects.filter(
        meeting__alliance=alliance, meeting__state=Meeting.State.PLANNED, kind=AgendaItem.Kind.DECISION,
    ).select_related("meeting__alliance", "meeting__space").order_by("meeting__starts_at", "pk")  # fmt: skip
    now = at(world.today)
    for number, item in enumerate(items[:4]):
        seated = SeatHolder.objects.at(world.today).filter(seat__space=item.meeting.space)
        held = seated.select_related("person__alliance").order_by("pk")[number : number + 1].first()
        if held is None:
            continue
        if number % 2:
            conflicts.say_no_conflict(
                person=held.person, subject=item, now=now, via=LINK,
                words="Nous prêtons la salle sans rien demander. Nous n’y gagnons rien.",
            )  # fmt: skip
        else:
            conflicts.leave(person=held.person, subject=item, reason="concerned", now=now, via=LINK)


demo.add(DemoStep("concertation.endorsements", 75, build))
