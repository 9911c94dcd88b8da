"""Two consultations of the demonstration: questions on rent and food with fourteen testimonies, over; questions on
care, open now. Fictional."""

from __future__ import annotations

import datetime as dt
import json
import random
import secrets
from typing import Any

from maillage.core import jobs
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World
from maillage.core.models import Job
from maillage.participation.consultations import lifecycle
from maillage.participation.consultations import services as consultations
from maillage.participation.consultations.models import Step
from maillage.participation.questionnaires import services as questions
from maillage.participation.questionnaires import structure
from maillage.participation.testimonies import services
from maillage.participation.testimonies.models import BookCode, Testimony
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Channel, Help, Kind

PEOPLE = 80
BOOK = (
    (BookCode.Kind.PROBLEM, "Loyer trop cher", "Le loyer prend l’argent du reste."),
    (BookCode.Kind.PROBLEM, "Manque de nourriture", "Repas sautés, portions réduites."),
    (BookCode.Kind.PROBLEM, "Peur du jugement", "On n’ose pas demander de l’aide."),
    (BookCode.Kind.FIELD, "Logement", ""),
    (BookCode.Kind.FIELD, "Sécurité alimentaire", ""),
    (BookCode.Kind.GROUP, "Familles", "Des enfants à la maison."),
)
# The words, the codes that apply (places in the book), whether passages may be quoted, how to be named.
TOLD: tuple[tuple[str, tuple[int, ...], bool, str], ...] = (
    (
        "Le premier du mois, le loyer part. Il me reste 140 $ pour finir. Je choisis entre les lunettes et l’épicerie.",
        (0, 1, 3, 4),
        True,
        "une mère de deux enfants",
    ),
    ("Je mange après les enfants. S’il en reste. Je leur dis que je n’ai pas faim.", (1, 4, 5), True, ""),
    (
        "J’ai attendu deux ans avant d’aller à la cuisine collective. J’avais peur qu’on me voie. Là-bas, j’ai appris "
        "à d’autres à faire du pain.",
        (2, 4),
        True,
        "un homme du village",
    ),
    ("Notre logement est froid. On n’ose rien dire, il n’y en a pas d’autre.", (0, 3), False, ""),
    ("On a déménagé trois fois en deux ans. Les petits changent d’école chaque fois.", (0, 3, 5), False, ""),
    ("La fin du mois, c’est du gruau. On rit quand même.", (1, 4), False, ""),
    ("Ma mère me garde les enfants. Sans elle, je ne travaillerais pas. Le loyer avale ma paie.", (0, 3, 5), False, ""),
    ("J’ai une maison, mais elle tombe. Réparer, je ne peux pas.", (3,), False, ""),
    ("Au comptoir, on m’a demandé des preuves devant tout le monde.", (2, 4), False, ""),
    ("Avec trois garçons qui grandissent, le frigo est vide le mercredi.", (1, 4, 5), False, ""),
    ("Le loyer a monté de 200 $. J’ai lâché le téléphone.", (0, 3), False, ""),
    ("Je partage ma chambre avec ma fille. On s’arrange.", (0, 3, 5), False, ""),
    ("On m’a dit de faire un budget. J’en fais un chaque soir.", (0, 2, 3), False, ""),
    ("Le jardin du rang nous nourrit l’été. L’hiver, c’est plus dur.", (1, 4), False, ""),
)
PASSAGES = (
    (0, "Je choisis entre les lunettes et l’épicerie."),
    (1, "Je mange après les enfants. S’il en reste."),
    (2, "Là-bas, j’ai appris à d’autres à faire du pain."),
)


def build(world: World, rng: random.Random) -> None:
    agent, second = world["user:agent"], world["user:member"]
    alliance = world["alliance:deux-rivieres"]
    opened = dt.datetime.combine(world.ago(15, 4), dt.time(9), tzinfo=alliance.zone)
    made = consultations.create_consultation(
        alliance=alliance, stage=world["stage:implementation"], by=agent, via="demo",
        title="Arriver à la fin du mois : que vivez-vous?",
        intro="Répondez à quelques questions. Si vous voulez, racontez aussi ce que vous vivez.",
        purpose="Comprendre ce que coûtent le logement et la nourriture, dans la vraie vie.",
        promise="Ce qui est dit est publié ici, sans aucun nom. La table y répond par écrit.",
        space=world["space:coordination"], decided_on=world.ago(12, 10), opens_at=opened,
        closes_at=opened + dt.timedelta(days=45), population=42_180, population_source="Recensement fictif de 2021",
    )  # fmt: skip
    made.alliance = alliance
    asked = consultations.add_step(
        consultation=made, kind=Kind.QUESTIONNAIRE, title="Quelques questions", by=agent, via="demo"
    )
    told = consultations.add_step(
        consultation=made, kind=Kind.TESTIMONIES, title="Racontez, si vous voulez", by=agent, via="demo"
    )
    asked.consultation = told.consultation = made
    consultations.add_helper(
        consultation=made, person=world["person:member"], help=Help.CODE, since=None, until=None, by=agent, via="demo"
    )
    _write(asked, agent)
    for kind, label, definition in BOOK:
        services.add_code(step=told, kind=kind, label=label, definition=definition, by=agent, via="demo")
    made = lifecycle.open_consultation(consultation=made, by=agent, now=opened, via="demo")
    made.alliance = alliance
    for step in (asked, told):
        step.refresh_from_db()
        step.consultation = made
    world.keep("consultation:temoignages", made)
    now = opened + dt.timedelta(days=6)
    _answer(asked, rng, now)
    _tell(told, agent, second, rng, now)


def _write(step: Step, agent: Any) -> None:
    part = questions.add_section(step=step, title="Votre logement", by=agent, via="demo")
    rent = questions.add_question(
        section=part, kind="one", label="Le loyer ou la maison prend-il trop de votre revenu?", required=True,
        labels=["Oui, beaucoup trop", "Un peu trop", "Non"], by=agent, via="demo",
    )  # fmt: skip
    yes = [code for code, label in structure.labels_of(rent).items() if label != "Non"]
    questions.add_question(
        section=part, kind="several", label="Qu’est-ce que vous coupez?", depends_on=rent, depends_in=yes,
        labels=["La nourriture", "Les soins", "Les sorties", "Le chauffage"], by=agent, via="demo",
    )  # fmt: skip
    food = questions.add_section(step=step, title="Votre table", optional=True, by=agent, via="demo")
    questions.add_question(
        section=food, kind="number", label="Combien de repas avez-vous sautés le mois dernier?", least=0, most=90,
        by=agent, via="demo",
    )  # fmt: skip
    questions.add_question(
        section=food, kind="grade", label="C’est facile de trouver de l’aide pour manger?",
        labels=["Pas du tout", "Un peu", "Assez", "Beaucoup"], by=agent, via="demo",
    )  # fmt: skip
    questions.add_question(section=food, kind="text", label="Qu’est-ce qui vous aiderait?", by=agent, via="demo")


HELPS = ("Un frigo libre près de l’école.", "Que les loyers arrêtent de monter.", "Un autobus le samedi.")


def _answer(step: Step, rng: random.Random, now: dt.datetime) -> None:
    rent, cut, meals, help_, text = structure.questions_of(step)
    for person in range(PEOPLE):
        answer = rng.choices("abc", (5, 3, 2))[0]
        found: dict[str, Any] = {str(rent.uuid): answer}
        if answer != "c":
            found[str(cut.uuid)] = [code for code, odds in zip("abcd", (0.6, 0.4, 0.7, 0.25), strict=True)
                                    if rng.random() < odds]  # fmt: skip
        if rng.random() < 0.85:
            found[str(meals.uuid)] = max(0, round(rng.gauss({"a": 9, "b": 5, "c": 1}[answer], 3)))
            found[str(help_.uuid)] = rng.choices("abcd", (4, 4, 2, 1))[0]
        if rng.random() < 0.3:
            found[str(text.uuid)] = rng.choice(HELPS)
        urn.cast(
            consultation=step.consultation, contents={step: json.dumps(found, ensure_ascii=False)},
            channel=Channel.HELPED if person % 7 == 0 else Channel.ONLINE, nonce=secrets.token_urlsafe(16), now=now,
        )  # fmt: skip


def _tell(step: Step, agent: Any, second: Any, rng: random.Random, now: dt.datetime) -> None:
    book = {code.label: code for code in step.book.all()}
    codes = [book[label] for _kind, label, _definition in BOOK]
    rows: list[Testimony] = []
    for place, (text, put, quoted, name) in enumerate(TOLD):
        known = [row.pk for row in rows]
        services.keep(
            step=step, text=text, may_read=True, may_quote=quoted, signed_as=name, nonce=secrets.token_urlsafe(16),
            now=now, taken_by=agent if place % 5 == 3 else None, read_back=True,
        )  # fmt: skip
        row = Testimony.objects.filter(step=step).exclude(pk__in=known).get()
        row.step = step
        rows.append(row)
        mine = [codes[one] for one in put]
        theirs = mine if place % 3 else mine[:-1] or mine
        services.code(testimony=row, codes=mine, by=agent, via="demo")
        services.code(testimony=row, codes=theirs, by=second, via="demo")
        if theirs != mine:
            services.propose_reading(testimony=row, codes=mine, by=agent, via="demo")
            services.agree_reading(testimony=row, by=second, via="demo")
    for place, passage in PASSAGES:
        quote = services.choose_quote(testimony=rows[place], text=passage, by=agent, via="demo")
        services.agree_quote(quote=quote, by=second, now=now, via="demo")


CARE_BOOK = (
    (BookCode.Kind.PROBLEM, "Trop loin", "La distance, le transport."),
    (BookCode.Kind.PROBLEM, "Trop long", "L’attente d’un rendez-vous."),
    (BookCode.Kind.FIELD, "Santé", ""),
)
CARE_TOLD = (
    "La clinique est à 40 minutes. J’y vais quand mon frère a congé.",
    "On m’a rappelée au bout de sept mois. Entre-temps, j’avais guéri.",
)
CARE_PEOPLE = 24


def live(world: World, rng: random.Random) -> None:
    """Open now: every kind of question, then a testimony, for whoever tries the demonstration."""
    agent, alliance = world["user:agent"], world["alliance:deux-rivieres"]
    opened = dt.datetime.combine(world.today - dt.timedelta(days=6), dt.time(9), tzinfo=alliance.zone)
    made = consultations.create_consultation(
        alliance=alliance, stage=world["stage:evaluation"], by=agent, via="demo",
        title="Se faire soigner près de chez soi : que vivez-vous?",
        intro="Répondez à cinq questions. Si vous voulez, racontez aussi ce que vous vivez.",
        purpose="Dire à la région ce qui manque ici, avec des faits.",
        promise="Ce qui est dit est publié ici, sans aucun nom. La table santé y répond par écrit.",
        space=world["space:coordination"], decided_on=world.ago(-2, 25), opens_at=opened,
        closes_at=dt.datetime.combine(world.today + dt.timedelta(days=23), dt.time(20), tzinfo=alliance.zone),
        population=42_180, population_source="Recensement fictif de 2021",
        other_ways="Appelez au 819 555-0142 : quelqu’un lit les questions avec vous.",
    )  # fmt: skip
    made.alliance = alliance
    asked = consultations.add_step(
        consultation=made, kind=Kind.QUESTIONNAIRE, title="Cinq questions", by=agent, via="demo"
    )
    told = consultations.add_step(
        consultation=made, kind=Kind.TESTIMONIES, title="Racontez, si vous voulez", by=agent, via="demo"
    )
    asked.consultation = told.consultation = made
    consultations.add_helper(
        consultation=made, person=world["person:member"], help=Help.CODE, since=None, until=None, by=agent, via="demo"
    )
    _write_care(asked, agent)
    for kind, label, definition in CARE_BOOK:
        services.add_code(step=told, kind=kind, label=label, definition=definition, by=agent, via="demo")
    made = lifecycle.open_consultation(consultation=made, by=agent, now=opened, via="demo")
    made.alliance = alliance
    for step in (asked, told):
        step.refresh_from_db()
        step.consultation = made
    now = opened + dt.timedelta(days=2)
    doctor, why, easy, _visits, _text = structure.questions_of(asked)
    for _person in range(CARE_PEOPLE):
        answer = rng.choices("abc", (4, 3, 3))[0]
        found: dict[str, Any] = {str(doctor.uuid): answer, str(easy.uuid): rng.choices("abcd", (4, 4, 2, 1))[0]}
        if answer != "a":
            found[str(why.uuid)] = [code for code in "abcd" if rng.random() < 0.5]
        urn.cast(
            consultation=made, contents={asked: json.dumps(found)}, channel=Channel.ONLINE,
            nonce=secrets.token_urlsafe(16), now=now,
        )  # fmt: skip
    for text in CARE_TOLD:
        services.keep(step=told, text=text, may_read=True, nonce=secrets.token_urlsafe(16), now=now, read_back=True)
    world.keep("consultation:soins", made)


def _write_care(step: Step, agent: Any) -> None:
    part = questions.add_section(step=step, title="Quand vous êtes malade", by=agent, via="demo")
    doctor = questions.add_question(
        section=part, kind="one", label="Quelqu’un vous soigne-t-il près de chez vous?", required=True,
        labels=["Oui", "Oui, mais loin", "Non"], by=agent, via="demo",
    )  # fmt: skip
    far = [code for code, label in structure.labels_of(doctor).items() if label != "Oui"]
    questions.add_question(
        section=part, kind="several", label="Qu’est-ce qui rend cela difficile?", depends_on=doctor, depends_in=far,
        labels=["La distance", "L’attente", "Le prix", "La peur du jugement"], by=agent, via="demo",
    )  # fmt: skip
    questions.add_question(
        section=part, kind="grade", label="C’est facile d’avoir un rendez-vous?",
        labels=["Pas du tout", "Un peu", "Assez", "Beaucoup"], by=agent, via="demo",
    )  # fmt: skip
    teeth = questions.add_section(step=step, title="Vos dents", optional=True, by=agent, via="demo")
    questions.add_question(
        section=teeth, kind="number", label="Combien de fois avez-vous vu un dentiste depuis deux ans?", least=0,
        most=30, by=agent, via="demo",
    )  # fmt: skip
    questions.add_question(section=teeth, kind="text", label="Qu’est-ce qui vous aiderait?", by=agent, via="demo")


def end(world: World, rng: random.Random) -> None:
    """Closed at its hour, counted, published by two people."""
    found = world["consultation:temoignages"]
    closed = lifecycle.close_consultation(consultation=found, by=None, now=found.closes_at, via="demo")
    for step in closed.steps.all():
        for job in Job.objects.filter(kind="participation.count", params__step=str(step.uuid)):
            jobs.execute(job.uuid)
    closed.alliance = found.alliance
    after = found.closes_at + dt.timedelta(days=5)
    asked = lifecycle.ask_publication(consultation=closed, by=world["user:agent"], now=after, via="demo")
    lifecycle.publish_results(consultation=asked, by=world["user:member"], now=after, via="demo")


demo.add(DemoStep("participation.testimonies", 64, build))
demo.add(DemoStep("participation.testimonies.live", 67, live))
demo.add(DemoStep("participation.testimonies.closing", 68, end))
