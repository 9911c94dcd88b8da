"""Two conversations of the demonstration: on getting around, which is over, and on winter, open now. Fictional."""

from __future__ import annotations

import datetime as dt
import json
import random
import secrets
from collections.abc import Sequence

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
    "Une phrase qui répète une autre n’est pas ajoutée. Deux personnes lisent chaque phrase : il en faut deux pour la "
    "montrer, et deux pour la refuser. Le nombre de refus est public."
)
Row = tuple[str, float, float, float]
"""Text, then the share of agreement in the village and on the concession roads, then who passes."""
OURS: tuple[Row, ...] = (
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
ADDED: tuple[Row, ...] = (
    ("Avec une poussette, la navette actuelle est impossible à prendre.", 0.7, 0.48, 0.26),
    ("Les chiens d’assistance devraient être acceptés partout à bord.", 0.86, 0.84, 0.1),
    ("Le dernier départ devrait attendre la fin des cours du soir.", 0.72, 0.58, 0.2),
    ("On devrait essayer six mois avant de décider.", 0.8, 0.78, 0.1),
    ("Le prix du passage devrait dépendre du revenu.", 0.64, 0.34, 0.14),
)
WINTER: tuple[Row, ...] = (
    ("Chauffer coûte trop cher.", 0.82, 0.86, 0.04),
    ("Les trottoirs devraient être déneigés avant les rues.", 0.74, 0.28, 0.12),
    ("On devrait prêter des bottes et des manteaux sans rien demander.", 0.8, 0.72, 0.1),
    ("Je connais quelqu’un à appeler si je manque de courant.", 0.46, 0.7, 0.08),
    ("L’école devrait ouvrir son gymnase le samedi.", 0.84, 0.56, 0.12),
    ("Chacun devrait déneiger l’entrée d’un voisin âgé.", 0.5, 0.78, 0.14),
    ("L’aide au chauffage devrait venir d’elle-même, sans formulaire.", 0.88, 0.8, 0.06),
    ("Fermer un chemin l’hiver peut se comprendre.", 0.6, 0.12, 0.14),
    ("Il y a assez d’activités gratuites l’hiver.", 0.24, 0.2, 0.12),
    ("Une halte chaude au village servirait à beaucoup de monde.", 0.8, 0.42, 0.12),
)
ADDED_IN_WINTER: tuple[Row, ...] = (("Le prix du bois devrait être affiché au dépanneur.", 0.4, 0.82, 0.2),)
PEOPLE_IN_WINTER = 36
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
    later = opened + dt.timedelta(days=5)
    step = _open(world, step, OURS, opened)
    world.keep("consultation:opinions", step.consultation)
    for text, *_shares in ADDED:
        one = services.propose(step=step, text=text, language="fr", now=later)
        for by in (agent, second):
            services.accept(statement=one, by=by, now=later, via="demo")
    for text, reason in REFUSED:
        one = services.propose(step=step, text=text, language="fr", now=later)
        services.ask_refusal(statement=one, reason=reason, by=agent, via="demo")
        services.confirm_refusal(statement=one, by=second, now=later, via="demo")
    _answer(step, (*OURS, *ADDED), PEOPLE, rng, later)


def _open(world: World, step: Step, rows: Sequence[Row], opened: dt.datetime) -> Step:
    """Open, with the statements of the team."""
    agent, alliance = world["user:agent"], step.consultation.alliance
    services.add_statements(step=step, texts=[row[0] for row in rows], by=agent, now=opened, via="demo")
    made = lifecycle.open_consultation(consultation=step.consultation, by=agent, now=opened, via="demo")
    made.alliance = alliance
    step.refresh_from_db()
    step.consultation = made
    return step


def live(world: World, rng: random.Random) -> None:
    """Open now: sentences on winter, one added by someone, one to read, one to confirm."""
    agent, alliance = world["user:agent"], world["alliance:deux-rivieres"]
    opened = dt.datetime.combine(world.today - dt.timedelta(days=7), dt.time(9), tzinfo=alliance.zone)
    made = consultations.create_consultation(
        alliance=alliance, stage=world["stage:evaluation"], by=agent, via="demo",
        title="L’hiver ici : qu’en pensez-vous?",
        intro="Lisez des phrases courtes. Dites si vous êtes d’accord. Vous pouvez ajouter la vôtre.",
        purpose="Savoir ce qui rend l’hiver difficile, avant de préparer le prochain.",
        promise="Les résultats sont publiés ici au printemps. Le comité y répond par écrit.",
        policy=POLICY, space=world["space:coordination"], decided_on=world.ago(-2, 20),
        moderation=Consultation.Moderation.BEFORE, opens_at=opened,
        closes_at=dt.datetime.combine(world.today + dt.timedelta(days=19), dt.time(20), tzinfo=alliance.zone),
        population=42_180, population_source="Recensement fictif de 2021",
        other_ways="Appelez au 819 555-0142 : quelqu’un lit les phrases avec vous.",
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
    later = opened + dt.timedelta(days=3)
    step = _open(world, step, WINTER, opened)
    one = services.propose(step=step, text=ADDED_IN_WINTER[0][0], language="fr", now=later)
    for by in (agent, world["user:member"]):
        services.accept(statement=one, by=by, now=later, via="demo")
    services.propose(step=step, text="La salle communautaire devrait ouvrir quand il manque de courant.", language="fr",
                     now=later)  # fmt: skip
    read = services.propose(step=step, text="Les abribus devraient être chauffés.", language="fr", now=later)
    services.accept(statement=read, by=world["user:member"], now=later, via="demo")
    _answer(step, (*WINTER, *ADDED_IN_WINTER), PEOPLE_IN_WINTER, rng, later)
    world.keep("consultation:hiver", step.consultation)


def _answer(step: Step, rows: Sequence[Row], people: int, rng: random.Random, now: dt.datetime) -> None:
    for person in range(people):
        village = rng.random() < 0.6
        answered = rng.randint(len(rows) // 3, len(rows))
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
demo.add(DemoStep("participation.opinions.live", 67, live))
demo.add(DemoStep("participation.opinions.closing", 68, end))
