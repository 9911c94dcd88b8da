"""Paper in the demonstration: a batch voided by two people, one that waits for its second reading, one handed out,
one given against the names of a list."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from django.db.models import Max

from maillage.alliances.models import Person
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World
from maillage.participation.consultations import electors
from maillage.participation.consultations import services as consultations
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.paper import exchanging, services
from maillage.participation.paper.models import Batch
from maillage.participation.vocabulary import Help

READ = 14


def _lines(rng: random.Random, number: int) -> list[str]:
    found = [" ".join(str(rng.choice((6, 6, 5, 5, 4, 3, 2, 1))) for _option in range(6)) for _sheet in range(number)]
    found[number // 2] = "0"
    found[2] += " ? deux cases cochées au choix 6"
    return found


def _step(consultation: Consultation) -> Step:
    found = consultation.steps.get()
    found.consultation = consultation
    return found


def _counted(batch: Batch, handed_out: int, returned: int | None, by: Any, now: dt.datetime) -> Batch:
    return services.count_batch(batch=batch, handed_out=handed_out, returned=returned, by=by, now=now, via="demo")


def _against_names(consultation: Consultation, agent: Any, world: World) -> None:
    """A list: seven people take a sheet against their name, and no longer answer on line."""
    now = dt.datetime.combine(world.today - dt.timedelta(days=2), dt.time(10), tzinfo=consultation.alliance.zone)
    step = _step(consultation)
    batch = services.print_batch(step=step, printed=20, place="Accueil de l’alliance", by=agent, now=now, via="demo")
    for elector in list(electors.people_listed(consultation)[:7]):
        exchanging.exchange_person(batch=batch, elector=elector, nonce=exchanging.new_nonce(), by=agent, now=now)


def build(world: World, rng: random.Random) -> None:
    agent, helper = world["user:agent"], world["user:accompanying"]
    open_now, past = world["consultation:solutions"], world["consultation:problemes"]
    for consultation in (past, open_now):
        person = Person.objects.get(alliance=consultation.alliance, user=helper)
        consultations.add_helper(
            consultation=consultation, person=person, help=Help.PAPER, since=None, until=None, by=agent,
            now=consultation.opens_at, via="demo",
        )  # fmt: skip
    # Past: a box found open. Its batch comes after those already counted.
    now = past.opens_at + dt.timedelta(days=30)
    step = _step(past)
    last = Batch.objects.filter(step=step).aggregate(last=Max("number"))["last"] or 0
    lost = services.print_batch(step=step, printed=60, place="Aréna du Confluent", by=agent, now=now, via="demo")
    assert lost.number == last + 1
    lost = _counted(lost, 52, 31, agent, now)
    why = "La boîte a été trouvée ouverte à l’aréna : personne ne peut dire ce qui y a été ajouté."
    services.ask_void(batch=lost, why=why, by=agent, now=now, via="demo")
    services.confirm_void(batch=lost, by=helper, now=now + dt.timedelta(hours=2), via="demo")
    # Open now: one pile read once, which waits for the agent; one that is still out.
    now = dt.datetime.combine(world.today - dt.timedelta(days=4), dt.time(10), tzinfo=open_now.alliance.zone)
    step = _step(open_now)
    read = services.print_batch(step=step, printed=40, place="Le Grenier des Saules", by=agent, now=now, via="demo")
    read = _counted(read, 30, READ, agent, now)
    services.key_sheets(batch=read, first=1, lines=_lines(rng, READ), by=helper)
    services.finish_round(batch=read, by=helper, now=now, via="demo")
    _against_names(world["consultation:membres"], agent, world)
    out = services.print_batch(step=step, printed=25, place="Bibliothèque", by=agent, now=now, via="demo")
    _counted(out, 25, None, agent, now)


demo.add(DemoStep("participation.paper", 66, build))
