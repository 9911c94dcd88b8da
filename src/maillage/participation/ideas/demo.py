"""Two searches for solutions of the demonstration: one that went from ideas to a choice, one under way. Fictional."""

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
from maillage.participation.consultations import asking, lifecycle
from maillage.participation.consultations import services as consultations
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.ideas import choosing, merging, services
from maillage.participation.ideas.models import Idea
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Help, Kind

POLICY = (
    "Une idée à la fois. On ne nomme personne et on n’insulte personne. Deux personnes lisent chaque ajout, pour le "
    "montrer comme pour le refuser. Le nombre de refus est public. Aucune idée n’est réunie à une autre sans "
    "l’accord de la personne qui l’a apportée."
)
PROBLEMS = (
    ("Sans auto, on manque ses rendez-vous", "La clinique est à 25 kilomètres. Le dernier autobus passe à 16 h."),
    ("Le soir et la fin de semaine, tout est loin", "Des cours, des fêtes, des emplois : on y renonce."),
)
# Title, how it would work, place of the problem.
IDEAS: tuple[tuple[str, str, int], ...] = (
    ("Un taxi à plusieurs", "On appelle la veille. La même auto prend trois ou quatre personnes du même rang.", 0),
    ("Partager un taxi pour aller à la clinique", "Le même jour, à la même heure, avec les voisins.", 0),
    (
        "Des bénévoles qui conduisent",
        "Quelqu’un prend les appels et paie l’essence. Des gens le font déjà.",
        0,
    ),
    ("Un autobus scolaire qui prend aussi les adultes", "Il passe déjà partout, et il est à moitié vide le midi.", 0),
    ("Des rendez-vous groupés par rang", "La clinique donne la même demi-journée aux gens du même rang.", 0),
    ("Une ligne téléphonique pour trouver un siège", "Sans Internet. Une vraie voix répond.", 0),
    ("Une navette le vendredi et le samedi soir", "De 18 h à 23 h, entre le village et les rangs.", 1),
    ("Un covoiturage pour les cours du soir", "L’école affiche qui part d’où. On laisse son numéro à l’accueil.", 1),
    ("Prêter l’auto de la municipalité", "Elle dort la fin de semaine. On la réserve, on fait le plein.", 1),
    ("Taxi à partager, avec réservation", "Un prix fixe, affiché au dépanneur.", 0),
    ("Des vélos électriques à emprunter", "Deux à la bibliothèque, avec un siège d’enfant.", 1),
)
SAID: tuple[tuple[int, str], ...] = (
    (2, "Je le fais depuis dix ans pour ma voisine. Il faut payer l’essence, sinon les gens arrêtent."),
    (2, "Et si la personne qui conduit est malade? Il en faudrait trois ou quatre par village."),
    (3, "Mes enfants le prennent. Il y a toujours de la place le midi."),
    (3, "Les assurances disent-elles oui?"),
    (4, "Ce serait gratuit. Il suffit que la clinique accepte."),
    (6, "Le samedi, mon fils finit à 22 h. Il dort chez un ami."),
    (8, "Qui la nettoie? Il faut une personne responsable."),
)
TOGETHER = (0, 1, 9)
CHOSEN_MOST = 6
BALLOTS = 40


def _consultation(world: World, opened: dt.datetime, **values: Any) -> Consultation:
    agent, alliance = world["user:agent"], world["alliance:deux-rivieres"]
    made = consultations.create_consultation(
        alliance=alliance, by=agent, via="demo", policy=POLICY, space=world["space:coordination"], opens_at=opened,
        population=42_180, population_source="Recensement fictif de 2021", **values,
    )  # fmt: skip
    made.alliance = alliance
    consultations.add_helper(
        consultation=made, person=world["person:member"], help=Help.MODERATE, since=None, until=None, by=agent,
        via="demo",
    )  # fmt: skip
    return made


def _step(made: Consultation, world: World, problems: tuple[tuple[str, str], ...], **values: Any) -> Step:
    agent = world["user:agent"]
    step = consultations.add_step(consultation=made, kind=Kind.IDEAS, by=agent, via="demo", **values)
    step.consultation = made
    for label, text in problems:
        services.add_problem(step=step, label=label, text=text, by=agent, via="demo")
    return step


def _bring(step: Step, world: World, title: str, text: str, problem: int, now: dt.datetime) -> tuple[Idea, str]:
    """As its author does, then accepted."""
    key = str(step.problems.order_by("position")[problem].uuid)
    got = services.propose(
        step=step, title=title, text=text, problem=key, nonce=secrets.token_urlsafe(18), now=now
    )  # fmt: skip
    got.idea.step = step
    return _accepted(got.idea, world, now), got.receipt


def _accepted(row: Any, world: World, now: dt.datetime) -> Any:
    """Read by two people."""
    for by in (world["user:agent"], world["user:member"]):
        row = services.accept(row=row, by=by, now=now, via="demo")
    return row


def _comment(idea: Idea, world: World, text: str, now: dt.datetime) -> None:
    said = services.comment(idea=idea, text=text, now=now)
    said.idea = idea
    _accepted(said, world, now)


def _open(made: Consultation, world: World, now: dt.datetime, *steps: Step) -> None:
    found = lifecycle.open_consultation(consultation=made, by=world["user:agent"], now=now, via="demo")
    found.alliance = made.alliance
    for step in steps:
        step.refresh_from_db()
        step.consultation = found


def build(world: World, rng: random.Random) -> None:
    """From ideas to a choice: eleven ideas, three said as one, one refused, then forty ballots."""
    agent, second = world["user:agent"], world["user:member"]
    alliance = world["alliance:deux-rivieres"]
    opened = dt.datetime.combine(world.ago(7, 3), dt.time(9), tzinfo=alliance.zone)
    made = _consultation(
        world, opened, title="Se rendre à ses rendez-vous sans auto : vos idées",
        intro="Qu’est-ce qui aiderait? Apportez votre idée, lisez celles des autres. Ensuite, on choisira ensemble.",
        purpose="Trouver des solutions avec les gens qui vivent le problème.",
        promise="Chaque idée est lue. Celles qui passent en premier vont à la table transport, qui répond par écrit.",
        decided_on=world.ago(4, 20), closes_at=opened + dt.timedelta(days=50),
    )  # fmt: skip
    step = _step(made, world, PROBLEMS, title="Apportez vos idées", closes_at=opened + dt.timedelta(days=25))
    choice = consultations.add_step(
        consultation=made, kind=Kind.PRIORITIES, title="Quelles solutions d’abord?", method="grades",
        counting="judgment", opens_at=opened + dt.timedelta(days=30), after=step, by=agent, via="demo",
    )  # fmt: skip
    _open(made, world, opened, step, choice)
    now = opened + dt.timedelta(days=6)
    brought = [_bring(step, world, *row, now) for row in IDEAS]
    for place, text in SAID:
        _comment(brought[place][0], world, text, now + dt.timedelta(days=2))
    refused = services.propose(
        step=step, title="Le terrain de soccer est mal éclairé", problem=str(step.problems.earliest("position").uuid),
        nonce=secrets.token_urlsafe(18), now=now,
    ).idea  # fmt: skip
    refused.step = step
    services.ask_refusal(row=refused, reason=Idea.Reason.SUBJECT, by=agent, via="demo")
    services.confirm_refusal(row=refused, by=second, now=now, via="demo")
    merge = merging.propose_merge(
        step=step, ideas=[brought[place][0] for place in TOGETHER], title="Un taxi à partager entre voisins",
        text="On réserve la veille, par téléphone. La même auto prend plusieurs personnes du même rang, à prix fixe.",
        answers_until=alliance.today(now) + dt.timedelta(days=14), by=agent, now=now, via="demo",
    )  # fmt: skip
    for place in TOGETHER:
        merging.answer(
            consultation=step.consultation, receipt=brought[place][1], merge=merge.uuid, agreed=True,
            now=now + dt.timedelta(days=5),
        )  # fmt: skip
    _choose(world, step, choice, rng)
    world.keep("consultation:idees", step.consultation)


def _choose(world: World, step: Step, choice: Step, rng: random.Random) -> None:
    """The gathering closes at its hour; the agent chooses the options; people vote on them."""
    assert step.closes_at is not None
    assert choice.opens_at is not None
    lifecycle.close_step(step=step, now=step.closes_at, via="demo")
    step.refresh_from_db()
    step.consultation = choice.consultation
    # What says several ideas together, then what was discussed most.
    ranked = sorted(
        Idea.objects.filter(step=step, state=Idea.State.SHOWN),
        key=lambda idea: (-idea.merged.count(), -idea.comments.count(), idea.number),
    )
    now = step.closes_at + dt.timedelta(days=2)
    asked = choosing.ask_choice(
        step=step, ideas=ranked[:CHOSEN_MOST], into=choice, why="Les idées les plus discutées, une fois réunies.",
        by=world["user:agent"], now=now, via="demo",
    )  # fmt: skip
    asking.confirm(asked=asked, by=world["user:member"], now=now + dt.timedelta(hours=3), via="demo")
    lifecycle.open_step(choice, by=None, via="demo")
    now = choice.opens_at + dt.timedelta(days=3)
    for _ballot in range(BALLOTS):
        grades = [rng.choices((6, 5, 4, 3, 2, 1, 0), (9 - place, 7, 5, 3, 2, 1 + place / 2, 1))[0]
                  for place in range(CHOSEN_MOST)]  # fmt: skip
        urn.cast(
            consultation=choice.consultation, contents={choice: json.dumps(grades, separators=(",", ":"))},
            channel="online", nonce=secrets.token_urlsafe(16), now=now,
        )  # fmt: skip


OPEN_IDEAS: tuple[tuple[str, str], ...] = (
    ("Une cuisine collective le samedi", "On cuisine à dix, on repart avec cinq repas. Les enfants jouent à côté."),
    ("Un frigo libre près de l’école", "On prend, on laisse. Une personne vérifie chaque matin."),
    ("Cuisiner ensemble la fin de semaine", "Avec quelqu’un qui montre comment faire avec peu."),
    ("Un jardin dans la cour de l’église", "La terre est bonne, et il y a de l’eau."),
    ("Une tournée d’épicerie en autobus", "Deux fois par mois, avec retour à la porte."),
)


def live(world: World, rng: random.Random) -> None:
    """Under way: ideas and comments to read, a refusal to confirm, a merge that waits for its authors."""
    agent, second = world["user:agent"], world["user:member"]
    alliance = world["alliance:deux-rivieres"]
    opened = dt.datetime.combine(world.today - dt.timedelta(days=12), dt.time(9), tzinfo=alliance.zone)
    made = _consultation(
        world, opened, title="Manger à sa faim jusqu’à la fin du mois : vos idées",
        intro="Quelques mots suffisent. Lisez aussi les idées des autres, et dites ce qui les rendrait meilleures.",
        purpose="Trouver ce qui aiderait vraiment, avant d’écrire le plan d’action.",
        promise="Chaque idée est lue. Au printemps, on vous demandera de choisir celles qui passent en premier.",
        decided_on=world.ago(-3, 15),
        closes_at=dt.datetime.combine(world.today + dt.timedelta(days=20), dt.time(20), tzinfo=alliance.zone),
    )  # fmt: skip
    step = _step(made, world, (("La fin du mois, le frigo est vide", "Des gens sautent des repas pour le loyer."),))
    _open(made, world, opened, step)
    now = opened + dt.timedelta(days=4)
    brought = [_bring(step, world, title, text, 0, now) for title, text in OPEN_IDEAS]
    said = services.bring(
        step=step, title="Cuisiner à plusieurs, avec les aînés", text="Ils savent faire du pain et des conserves.",
        came=Idea.Came.WORKSHOP, source="Atelier du Carrefour du Confluent", by=agent, now=now,
        via="demo",
    )  # fmt: skip
    said.step = step
    # Whoever entered it had read it.
    services.accept(row=said, by=second, now=now, via="demo")
    said.refresh_from_db()
    said.step = step
    _comment(brought[1][0], world, "Qui paie l’électricité? La bibliothèque pourrait.", now)
    services.comment(idea=brought[0][0], text="Il faudrait aussi un transport pour y aller.", now=now)
    services.comment(idea=brought[3][0], text="Le curé a dit oui l’an passé.", now=now)
    for title in ("Des bons d’épicerie sans formulaire", "Une boîte de recettes à petit prix"):
        idea = services.propose(step=step, title=title, nonce=secrets.token_urlsafe(18), now=now).idea
    idea.step = step
    services.accept(row=idea, by=second, now=now, via="demo")
    noise = services.propose(
        step=step, title="Achetez mes casseroles", nonce=secrets.token_urlsafe(18), now=now
    ).idea  # fmt: skip
    noise.step = step
    services.ask_refusal(row=noise, reason=Idea.Reason.NOISE, by=second, via="demo")
    merge = merging.propose_merge(
        step=step, ideas=[brought[0][0], brought[2][0], said], title="Une cuisine collective la fin de semaine",
        text="On cuisine ensemble le samedi, avec des gens qui montrent. On repart avec des repas.",
        answers_until=world.today + dt.timedelta(days=9), by=agent, now=now, via="demo",
    )  # fmt: skip
    merging.answer(
        consultation=step.consultation, receipt=brought[0][1], merge=merge.uuid, agreed=True, now=now
    )  # fmt: skip


def end(world: World, rng: random.Random) -> None:
    """Closed at its hour, counted, published by two people, with what was done with it."""
    found = world["consultation:idees"]
    closed = lifecycle.close_consultation(consultation=found, by=None, now=found.closes_at, via="demo")
    for step in closed.steps.all():
        for job in Job.objects.filter(kind="participation.count", params__step=str(step.uuid)):
            jobs.execute(job.uuid)
    closed.alliance = found.alliance
    after = found.closes_at + dt.timedelta(days=4)
    asked = lifecycle.ask_publication(consultation=closed, by=world["user:agent"], now=after, via="demo")
    lifecycle.publish_results(consultation=asked, by=world["user:member"], now=after, via="demo")
    Consultation.objects.filter(pk=closed.pk).update(
        feedback="La table transport essaie le taxi à partager dans deux rangs, dès l’automne. Elle a demandé à la "
        "clinique de grouper ses rendez-vous : réponse attendue.",
        feedback_on=closed.decided_on,
    )  # fmt: skip


demo.add(DemoStep("participation.ideas", 66, build))
demo.add(DemoStep("participation.ideas.live", 67, live))
demo.add(DemoStep("participation.ideas.closing", 68, end))
