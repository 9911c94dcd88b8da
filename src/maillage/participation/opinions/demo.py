"""A conversation of the demonstration: what people think of getting around, in sentences of both sides, some added."""

from __future__ import annotations

import datetime as dt
import json
import random
import secrets

from maillage.core import jobs
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World
from maillage.core.models import Job
from maillage.participation.consultations import lifecycle
from maillage.participation.consultations import services as consultations
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.opinions import services
from maillage.participation.opinions.models import Statement
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Channel, Help, Kind

PEOPLE = 150
LEAN = 0.25
POLICY = (
    "Une seule idée par phrase. On ne nomme personne et on n’insulte personne. "
    "Une phrase qui répète une autre n’est pas ajoutée. Il faut deux personnes pour refuser une phrase, et le nombre "
    "de refus est public."
)
# Text, then the share of agreement in the village and on the concession roads, then who passes.
OURS: tuple[tuple[str, float, float, float], ...] = (
    ("Sans auto, on manque des rendez-vous chez le médecin.", 0.9, 0.88, 0.05),
    ("Un transport collectif devrait passer au moins trois fois par jour.", 0.72, 0.3, 0.1),
    ("L’argent devrait d’abord aller à l’entretien des chemins.", 0.22, 0.8, 0.08),
    ("Le covoiturage entre voisins suffirait si on l’organisait.", 0.3, 0.7, 0.14),
    ("Les jeunes partent parce qu’ils ne peuvent pas se déplacer.", 0.76, 0.66, 0.12),
    ("Je serais prêt à payer un peu plus de taxes pour un autobus.", 0.68, 0.16, 0.1),
    ("Les aînés devraient voyager gratuitement.", 0.86, 0.82, 0.06),
    ("Une navette vide, c’est de l’argent perdu.", 0.25, 0.78, 0.08),
    ("Les services devraient se déplacer chez les gens, pas l’inverse.", 0.42, 0.72, 0.14),
    ("Il faut un trottoir entre l’école et l’épicerie.", 0.84, 0.52, 0.1),
    ("Le taxi subventionné serait plus utile qu’un autobus.", 0.28, 0.66, 0.16),
    ("Une piste cyclable servirait aussi l’hiver.", 0.55, 0.14, 0.12),
    ("On devrait pouvoir réserver un transport par téléphone, sans Internet.", 0.9, 0.91, 0.03),
    ("Le transport scolaire devrait prendre aussi des adultes.", 0.7, 0.62, 0.14),
    ("C’est à chaque famille de s’arranger.", 0.12, 0.56, 0.1),
    ("Il manque d’information sur ce qui existe déjà.", 0.82, 0.8, 0.08),
    ("Un arrêt devrait avoir un banc et un abri.", 0.88, 0.58, 0.08),
    ("Les employeurs devraient payer une partie du transport.", 0.66, 0.34, 0.14),
    ("Déménager au village est plus simple que payer un transport.", 0.36, 0.1, 0.16),
    ("Un transport le soir aiderait ceux qui travaillent en usine.", 0.78, 0.68, 0.14),
)
ADDED: tuple[tuple[str, float, float, float], ...] = (
    ("Avec une poussette, la navette actuelle est impossible à prendre.", 0.7, 0.48, 0.26),
    ("Les chiens d’assistance devraient être acceptés partout à bord.", 0.86, 0.84, 0.1),
    ("Le dernier départ devrait attendre la fin des cours du soir.", 0.72, 0.58, 0.2),
    ("On devrait essayer six mois avant de décider.", 0.8, 0.78, 0.1),
    ("Le prix du passage devrait dépendre du revenu.", 0.64, 0.34, 0.14),
)
REFUSED: tuple[tuple[str, str], ...] = (
    ("Il faut réserver le transport par téléphone, sans Internet.", Statement.Reason.SAME),
    ("Le terrain de soccer est mal éclairé.", Statement.Reason.SUBJECT),
    ("Plus de taxes, moins de routes, et qu’on arrête les travaux!", Statement.Reason.SEVERAL),
)


def build(world: World, rng: random.Random) -> None:
    agent, second = world["user:agent"], world["user:member"]
    alliance = world["alliance:deux-rivieres"]
    opened = dt.datetime.combine(world.ago(12, 6), dt.time(9), tzinfo=alliance.zone)
    made = consultations.create_consultation(
        alliance=alliance, stage=world["stage:implementation"], by=agent, via="demo",
        title="Se déplacer ici : qu’en pensez-vous?",
        intro="Lisez des phrases courtes. Dites si vous êtes d’accord. Vous pouvez ajouter la vôtre.",
        purpose="Comprendre ce qui rassemble et ce qui divise, avant de choisir des solutions.",
        promise="Les résultats sont publiés ici. La table transport y répond par écrit.",
        policy=POLICY, space=world["space:coordination"], decided_on=world.ago(9, 18),
        moderation=Consultation.Moderation.BEFORE, opens_at=opened,
        closes_at=opened + dt.timedelta(days=35), population=42_180, population_source="Recensement fictif de 2021",
    )  # fmt: skip
    made.alliance = alliance
    Consultation.objects.filter(pk=made.pk).update(changeable=True)
    made.changeable = True
    step = consultations.add_step(consultation=made, kind=Kind.OPINIONS, by=agent, via="demo")
    step.consultation = made
    consultations.add_helper(
        consultation=made, person=world["person:member"], help=Help.MODERATE, since=None, until=None, by=agent,
        via="demo",
    )  # fmt: skip
    services.add_statements(step=step, texts=[row[0] for row in OURS], by=agent, via="demo")
    made = lifecycle.open_consultation(consultation=made, by=agent, now=opened, via="demo")
    made.alliance = alliance
    step.refresh_from_db()
    step.consultation = world.keep("consultation:opinions", made)
    later = opened + dt.timedelta(days=5)
    for text, *_shares in ADDED:
        one = services.propose(step=step, text=text, language="fr", now=later)
        services.accept(statement=one, by=agent, now=later, via="demo")
    for text, reason in REFUSED:
        one = services.propose(step=step, text=text, language="fr", now=later)
        services.ask_refusal(statement=one, reason=reason, by=agent, via="demo")
        services.confirm_refusal(statement=one, by=second, now=later, via="demo")
    _answer(step, rng, later)


def _answer(step: Step, rng: random.Random, now: dt.datetime) -> None:
    rows = (*OURS, *ADDED)
    for person in range(PEOPLE):
        village = rng.random() < 0.6
        answered = rng.randint(9, len(rows))
        votes: dict[str, int] = {}
        for place in sorted(rng.sample(range(len(rows)), answered)):
            _text, near, far, passes = rows[place]
            # People of one place do not all think alike: their answers lean to one side, the two places a little apart.
            sure = (near if village else far) + (near - far if village else far - near) * LEAN
            votes[str(place + 1)] = 0 if rng.random() < passes else 1 if rng.random() < sure else -1
        channel = Channel.KIOSK if person % 6 == 0 else Channel.ONLINE
        urn.cast(
            consultation=step.consultation, contents={step: json.dumps(votes, separators=(",", ":"))},
            channel=channel, nonce=secrets.token_urlsafe(16), now=now,
        )  # fmt: skip


def end(world: World, rng: random.Random) -> None:
    """Closed at its hour, counted, published by two people."""
    found = world["consultation:opinions"]
    closed = lifecycle.close_consultation(consultation=found, by=None, now=found.closes_at, via="demo")
    for step in closed.steps.all():
        for job in Job.objects.filter(kind="participation.count", params__step=str(step.uuid)):
            jobs.execute(job.uuid)
    after = found.closes_at + dt.timedelta(days=3)
    closed.alliance = found.alliance
    asked = lifecycle.ask_publication(consultation=closed, by=world["user:agent"], now=after, via="demo")
    lifecycle.publish_results(consultation=asked, by=world["user:member"], now=after, via="demo")


demo.add(DemoStep("participation.opinions", 63, build))
demo.add(DemoStep("participation.opinions.closing", 68, end))
