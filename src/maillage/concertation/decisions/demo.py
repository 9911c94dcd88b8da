"""Forty fictional decisions over two years: most agreed on, some with dissent, some sent back, two open now."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from maillage.accounts.models import User
from maillage.actors.interests.services import LINK
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Person
from maillage.concertation.decisions import services
from maillage.concertation.decisions.voices import Room, Voice, room_of
from maillage.concertation.endorsements import conflicts
from maillage.concertation.endorsements.found import asked
from maillage.concertation.governance.holders import seats_held
from maillage.concertation.minutes import attendance
from maillage.concertation.models import AgendaItem, Decision, Meeting, Position, SeatHolder, Space
from maillage.concertation.tasks.services import add_task, finish_task
from maillage.concertation.vocabulary import Stand
from maillage.core.access import may
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World

SITE = "https://demo.invalid"
AGREE, RESERVATION, OBJECTION = Stand.AGREE.value, Stand.RESERVATION.value, Stand.OBJECTION.value
ABSTAIN, WITHDRAWN = Stand.ABSTAIN.value, Stand.WITHDRAWN.value


@dataclass(frozen=True)
class Story:
    """A proposal, and what is said about it."""

    space: str
    title: str
    text: str
    context: str = ""
    reservations: tuple[str, ...] = ()
    objection: str = ""
    reply: str = ""
    amended: str = ""
    """The new words, where the objection changed the proposal: it is then lifted."""
    why: str = ""
    abstain: int = 0
    leaves: str = ""
    """The words of a member who withdraws."""
    silent: float = 0.1
    options: tuple[str, ...] = ()
    money: int | None = None
    became: str = ""
    follow_months: int = 0
    tasks: tuple[str, ...] = ()
    public: bool = True
    fallback: bool = False


STORIES: tuple[Story, ...] = (
    Story("coordination", "Un ordre du jour commun aux six tables",
          "Que le comité envoie chaque mois aux tables un ordre du jour d’une page, dix jours d’avance.",
          became="L’ordre du jour part dix jours d’avance depuis ce temps. Deux retards en un an.", follow_months=6),
    Story("coordination", "Une charte de fonctionnement pour le comité",
          "Que le comité adopte la charte proposée : la parole, le désaccord, les conditions de présence.", silent=0.0,
          became="La charte est lue à chaque nouvelle personne qui siège."),
    Story("Logement", "Un portrait des logements inoccupés",
          "Que la table fasse le portrait des logements inoccupés de chaque municipalité d’ici six mois.",
          tasks=("Réunir les rôles d’évaluation",), became="Le portrait compte 212 logements."),
    Story("Manger à sa faim", "Une cuisine collective qui se déplace",
          "Que la table achète l’équipement d’une cuisine collective mobile, partagée entre trois villages.",
          reservations=("D’accord, si l’entretien n’est pas laissé aux seuls bénévoles.",), money=1_800_000,
          tasks=("Trouver un lieu d’entreposage", "Former deux responsables par village")),
    Story("Se déplacer", "Essayer une navette le jeudi",
          "Qu’une navette relie les villages à Rivière-aux-Saules le jeudi, pendant six mois d’essai.",
          objection="Un seul départ le matin ne sert à rien à qui travaille l’après-midi.",
          reply="Un essai à un départ d’abord; les chiffres diront s’il en faut deux.", abstain=1, money=2_400_000,
          became="L’essai a servi à 340 passages. Un deuxième départ a été ajouté.", follow_months=6),
    Story("coordination", "La répartition de la première enveloppe entre les tables",
          "Que l’enveloppe soit répartie à parts égales entre les six tables la première année.",
          objection="Les tables n’ont pas les mêmes besoins : des parts égales ne sont pas des parts justes.",
          reply="Parts égales la première année seulement; les besoins serviront ensuite.", abstain=1, silent=0.0,
          options=("Selon la population touchée", "Selon les projets déposés"), money=24_000_000,
          became="La deuxième année, l’enveloppe a suivi les besoins.", follow_months=9),
    Story("Petite enfance et familles", "Un répit le samedi",
          "Qu’un répit gratuit soit offert deux samedis par mois dans deux villages.",
          reservations=("D’accord, si le transport est compris.",), tasks=("Trouver deux locaux",)),
    Story("Revenu et emploi", "Un parrainage pour un premier emploi",
          "Que dix jeunes soient jumelés à une personne d’expérience pendant leurs trois premiers mois d’emploi.",
          abstain=2, money=950_000),
    Story("Briser l’isolement", "Un café des voisins dans chaque village",
          "Que chaque village tienne un café des voisins par saison, avec 200 $ pour les frais.", money=160_000,
          became="Sept villages sur huit l’ont tenu. Le huitième s’y joint ce printemps."),
    Story("Logement", "Six places d’urgence pour l’hiver",
          "Que six places d’hébergement d’urgence ouvrent du 1er décembre au 31 mars.",
          objection="Le local prévu n’a pas de douche. Des gens y passeront quatre mois.",
          amended="Que six places d’hébergement d’urgence ouvrent du 1er décembre au 31 mars, "
          "dans un local avec douche.",
          why="Le local change : celui de la rue du Moulin a une douche.", money=3_200_000,
          became="Les six places ont été occupées 81 nuits sur 121."),
    Story("coordination", "Deux sièges de plus pour les citoyennes et les citoyens",
          "Que le comité compte quatre sièges citoyens plutôt que deux.",
          reservations=("D’accord, si la préparation et les frais suivent.",), tasks=("Préparer l’accueil",),
          became="Les deux nouveaux sièges sont occupés.", follow_months=5),
    Story("Logement", "Une charte écrite avec les locataires",
          "Que la table adopte la charte écrite avec les locataires qui y siègent.", silent=0.0),
    Story("Manger à sa faim", "Une carte d’achat plutôt qu’un panier",
          "Que les comptoirs offrent le choix entre un panier et une carte d’achat de même valeur.",
          objection="La carte ne vaut que dans une chaîne : au village, personne ne pourra s’en servir.",
          amended="Que les comptoirs offrent le choix entre un panier et une carte d’achat acceptée "
          "aux épiceries de village.",
          why="La carte sera acceptée par les cinq épiceries de village.",
          reservations=("D’accord, si l’on refait le compte après trois mois.",), follow_months=4,
          became="Une personne sur deux choisit la carte."),
    Story("Se déplacer", "Un horaire de soir pour qui travaille tard",
          "Qu’un dernier départ quitte Rivière-aux-Saules à 21 h 30, du lundi au vendredi.",
          objection="Le budget ne tient que si le départ de 18 h disparaît. Nous ne pouvons pas l’appuyer.",
          reply="Le départ de 18 h reste; l’écart est pris sur la réserve.", abstain=2),
    Story("Revenu et emploi", "Une fiche d’une page sur les droits méconnus",
          "Que la fiche d’une page soit imprimée à 2 000 exemplaires et laissée là où les gens passent.", silent=0.55,
          public=False),
    Story("Petite enfance et familles", "Une semaine de la famille en juin",
          "Que la semaine de la famille ait lieu la deuxième semaine de juin, dans quatre villages.",
          became="Quelque 600 personnes y sont venues."),
    Story("Briser l’isolement", "Des appels de bienveillance l’hiver",
          "Que des bénévoles appellent chaque semaine les personnes seules qui le demandent, de décembre à mars.",
          reservations=("D’accord, si une formation d’une heure est offerte.",), tasks=("Former les bénévoles",)),
    Story("coordination", "Les règles du premier appel de projets",
          "Que l’appel demande un formulaire de quatre pages et donne une réponse en six semaines.",
          reservations=("D’accord, si une personne aide les petits groupes à remplir.",
                        "D’accord, mais six semaines, c’est court pour bien lire."), follow_months=8,
          became="Réponse donnée en sept semaines. Le formulaire passe à trois pages."),
    Story("coordination", "La charte du comité, revue après un an",
          "Que la charte demande les documents dix jours d’avance, sur deux pages au plus.", silent=0.0),
    Story("Logement", "Un fonds d’aide au premier loyer, première version",
          "Que l’alliance crée un fonds de 60 000 $ pour aider 40 ménages à payer leur premier mois de loyer.",
          objection="L’argent n’est pas là : le fonds prendrait tout ce qui reste pour la table.",
          leaves="Possède des logements visés.", reservations=("D’accord, si le montant baisse.",)),
    Story("Manger à sa faim", "La tournée des surplus d’épicerie",
          "Qu’une tournée hebdomadaire recueille les surplus de six épiceries.", leaves="Exploite une des épiceries.",
          tasks=("Signer les ententes avec les épiceries",)),
    Story("Se déplacer", "Un tarif solidaire",
          "Que l’aller-retour coûte 2 $ à qui dit en avoir besoin, sans preuve à donner.",
          objection="Sans aucune preuve, le conseil n’acceptera pas de payer l’écart.",
          amended="Que l’aller-retour coûte 2 $ à qui dit en avoir besoin, sans preuve à donner, "
          "pour un essai de six mois.",
          why="Un essai de six mois, avec les chiffres remis au conseil.", follow_months=6,
          became="Une personne sur cinq paie 2 $. Le conseil reconduit le tarif."),
    Story("coordination", "Recommander au conseil un poste d’agente ou d’agent à temps plein",
          "Que le comité recommande au conseil de la MRC de porter le poste à temps plein pour un an.",
          objection="Notre conseil n’a pas été consulté. Nous ne pouvons pas recommander une dépense à notre place.",
          reply="Le conseil décidera : la recommandation ne l’engage pas.", abstain=1, money=7_200_000),
    Story("Petite enfance et familles", "Une trousse pour les nouveaux parents",
          "Qu’une trousse soit remise à chaque famille au premier rendez-vous de suivi.",
          reservations=("D’accord, si elle est aussi offerte dans la langue de la nation voisine.",)),
    Story("Revenu et emploi", "Une clinique d’impôts dans trois villages",
          "Que la clinique d’impôts se déplace dans trois villages en mars et en avril.",
          became="La clinique a reçu 188 personnes.", tasks=("Recruter huit bénévoles",)),
    Story("Briser l’isolement", "Des visites d’amitié à domicile",
          "Que la table jumelle vingt bénévoles et vingt personnes seules, pour une visite par semaine.", silent=0.6,
          public=False),
    Story("Logement", "Une charte de la table",
          "Que la table adopte ses règles de travail : parler un à la fois, ne pas décider à la place des absents.",
          public=False),
    Story("coordination", "Accueillir la rencontre régionale",
          "Que l’alliance accueille la prochaine rencontre des trois MRC.", abstain=1),
    Story("Manger à sa faim", "Des paniers d’été pour les familles",
          "Que les comptoirs préparent des paniers d’été pour les familles privées des repas de l’école.",
          reservations=("D’accord, si l’on ne demande aucune preuve.",), money=1_100_000),
    Story("Se déplacer", "Des abribus éclairés aux trois arrêts les plus sombres",
          "Que trois abribus éclairés soient installés avant l’hiver.", abstain=1, leaves="Fabrique les abribus.",
          money=2_100_000),
    Story("Petite enfance et familles", "Rejoindre les pères seuls",
          "Que deux pères qui ont vécu seuls avec leurs enfants animent quatre rencontres, payés pour le faire.",
          reservations=("D’accord, si la halte-garderie est ouverte.",)),
    Story("Logement", "Un fonds d’aide au premier loyer",
          "Que l’Alliance crée un fonds de 45 000 $ pour aider 30 ménages à payer leur premier mois de loyer et le "
          "branchement des services, à raison d’au plus 1 500 $ par ménage.",
          context="La première proposition, de 60 000 $, a été renvoyée au travail. Celle-ci tient dans le budget.",
          objection="Le montant maximal de 1 500 $ par ménage est trop bas chez nous : un premier mois et le "
          "branchement coûtent 1 900 $. L’aide ne suffira pas à emménager.",
          reply="Le seuil sera revu dans six mois avec les chiffres réels.",
          reservations=("D’accord, si le comité vérifie l’état des logements avant d’aider à les louer.",
                        "D’accord, mais il faut viser aussi les personnes seules, pas seulement les familles."),
          leaves="Possède des logements visés.", abstain=1, money=4_500_000, follow_months=6, silent=0.0, fallback=True,
          options=("Un prêt sans intérêt plutôt qu’une aide", "Un montant plus haut pour moins de ménages"),
          tasks=("Former le comité du fonds", "Ouvrir les demandes", "Revoir le seuil de 1 500 $")),
    Story("Revenu et emploi", "Un engagement sur le salaire viable",
          "Que chaque organisme de la table publie l’écart entre son plus bas salaire et le salaire viable.",
          objection="Nos salaires suivent une convention : ce chiffre ne dira rien de notre volonté.",
          reply="Chaque organisme écrira une phrase à côté de son chiffre.", abstain=2),
    Story("coordination", "Les règles du prochain appel de projets",
          "Que l’appel demande trois pages, offre une aide à la rédaction et donne une réponse en huit semaines.",
          reservations=("D’accord, si la grille est publiée d’avance.",), follow_months=7),
    Story("Briser l’isolement", "Une fête des Deux-Rives en août",
          "Que les huit villages tiennent une seule fête, en août, avec un transport gratuit.",
          objection="Une seule fête vide les sept autres villages.",
          amended="Que les huit villages tiennent une fête commune tous les deux ans, avec un transport gratuit.",
          why="Une année sur deux, pour ne pas vider les fêtes de village."),
    Story("Manger à sa faim", "Des jardins partagés à Cap-Mélèze",
          "Que trois terrains municipaux deviennent des jardins partagés, avec l’eau fournie.", abstain=1),
    Story("Se déplacer", "Le taxibus dans les rangs",
          "Que le taxibus desserve six rangs sur appel, deux jours par semaine.",
          reservations=("D’accord, si l’on peut réserver par téléphone.",), money=3_600_000, follow_months=6),
)  # fmt: skip

BETWEEN: tuple[Story, ...] = (
    Story("coordination", "Appuyer la demande régionale sur le transport",
          "Que le comité appuie la demande de la région au ministère : un transport adapté le soir.", silent=0.3),
    Story("Logement", "Prolonger les places d’urgence de deux semaines",
          "Que les six places d’urgence restent ouvertes jusqu’au 14 avril.",
          reservations=("D’accord, si le personnel de nuit est payé en heures doubles.",), silent=0.2),
    Story("Manger à sa faim", "Acheter un congélateur pour Val-Cormier",
          "Que la table paie un congélateur de 2 400 $ au comptoir de Val-Cormier.", money=240_000, silent=0.6,
          public=False),
    Story("Briser l’isolement", "Devancer les appels de bienveillance",
          "Que les appels commencent le 1er novembre plutôt que le 1er décembre.", silent=0.2),
)  # fmt: skip
NOW: tuple[Story, ...] = (
    Story("coordination", "Le partage de la prochaine enveloppe",
          "Que 60 % de l’enveloppe aille aux tables selon les besoins, 30 % à parts égales, 10 % aux imprévus.",
          context="Trois scénarios ont été lus à la dernière rencontre. Celui-ci a reçu le plus d’appuis.",
          options=("Tout à parts égales", "Tout selon les besoins"),
          reservations=("D’accord, si les imprévus sont rendus aux tables en fin d’année.",),
          objection="Les besoins sont mesurés avec des chiffres de 2021. Ils ne disent rien des loyers d’aujourd’hui.",
          silent=0.5, money=31_000_000, fallback=True),
    Story("Manger à sa faim", "Ouvrir le comptoir un soir par semaine",
          "Que le comptoir ouvre le mercredi de 17 h à 20 h, à l’essai jusqu’en juin.",
          context="Une personne sur trois qui vient au comptoir travaille le jour.",
          reservations=("D’accord, si personne ne ferme seul le soir.",), silent=0.5),
)  # fmt: skip
TRADE = frozenset({ActorType.BUSINESS, ActorType.SOCIAL_ECONOMY})
ENOUGH = 4
"""Seats below which a young table does not decide yet."""
ABSENT_SOURCE = "courriel du membre"
NO_CONFLICT = "Nous y donnons du temps et n’en tirons rien."


@dataclass
class Made:
    """What the step keeps in mind while it goes."""

    world: World
    rng: random.Random
    readers: dict[int, list] = field(default_factory=dict)


def build(world: World, rng: random.Random) -> None:
    made = Made(world, rng)
    planned = sorted(_planned(world), key=lambda one: one[0])
    for when, story, item in planned:
        decision = _decide(made, story, when, item)
        if decision is not None:
            world.keep(f"decision:{story.title}", decision)
    for story in NOW:
        world.keep(f"decision:{story.title}", _open_now(made, story))


def _planned(world: World) -> list[tuple[dt.datetime, Story, AgendaItem | None]]:
    """Each story on an item of a meeting that was held, in order; those between meetings on days of their own."""
    planned: list[tuple[dt.datetime, Story, AgendaItem | None]] = []
    for key in dict.fromkeys(story.space for story in STORIES):
        space = _space(world, key)
        meetings = [
            row
            for row in world.all(f"meeting:{key}")
            if row.state == Meeting.State.HELD
            and seats_held(space, space.alliance.today(row.starts_at)).count() >= ENOUGH
        ]
        items: list[AgendaItem] = []
        for meeting in sorted(meetings, key=lambda row: row.starts_at):
            found = list(meeting.items.order_by("position", "pk"))
            for item in found:
                item.meeting = meeting
            deciding = [item for item in found if item.kind == AgendaItem.Kind.DECISION]
            items.append((deciding or found or [None])[0])
        stories = [story for story in STORIES if story.space == key]
        items = [item for item in items if item is not None]
        # The last stories go with the last meetings; a table that met less tells less.
        for story, item in zip(reversed(stories), _spread(items, len(stories)), strict=False):
            planned.append((item.meeting.starts_at + dt.timedelta(minutes=50), story, item))
    for index, story in enumerate(BETWEEN):
        day = world.ago(18 - 5 * index, 12)
        noon = dt.datetime.combine(day, dt.time(12), tzinfo=world["alliance:deux-rivieres"].zone)
        planned.append((noon, story, None))
    return planned


def _spread(items: list[AgendaItem], wanted: int) -> list[AgendaItem]:
    """As many of these as are wanted, evenly, the latest first."""
    backwards = list(reversed(items))
    if len(backwards) <= wanted:
        return backwards
    return [backwards[len(backwards) * index // wanted] for index in range(wanted)]


def _space(world: World, key: str) -> Space:
    space: Space = world[f"space:{key}"]
    space.alliance = world["alliance:deux-rivieres"]
    return space


def _create(
    made: Made, story: Story, when: dt.datetime, item: AgendaItem | None, closes: dt.datetime | None
) -> Decision:
    world = made.world
    return services.create_decision(
        space=_space(world, story.space), title=story.title, text=story.text, context=story.context, agenda_item=item,
        money_cents=story.money, options=story.options, closes_at=closes, by=world["user:agent"], now=when, via="demo",
        after=world.made.get(f"decision:{story.title}, première version"),
    )  # fmt: skip


def _decide(made: Made, story: Story, when: dt.datetime, item: AgendaItem | None) -> Decision | None:
    """A decision from its opening to what became of it."""
    world, agent = made.world, made.world["user:agent"]
    length = dt.timedelta(hours=1) if item is not None else dt.timedelta(days=9)
    if when + length >= dt.datetime.combine(world.today, dt.time.min, tzinfo=_space(world, story.space).alliance.zone):
        return None
    decision = _create(made, story, when, item, None if item is not None else when + length)
    if story.fallback:
        services.update_decision(decision=decision, changes={"fallback": True}, by=agent, now=when, via="demo")
    decision = services.open_decision(decision=decision, by=agent, now=when, site=SITE, via="demo", tell=False)
    minute = dt.timedelta(minutes=5) if item is not None else dt.timedelta(days=1)
    _speak(made, story, decision, when + minute, in_the_room=item is not None)
    objection = decision.objections.first()
    if objection is not None:
        objection.decision = decision
        _objection(made, story, decision, objection, when + 3 * minute)
    closed = services.close_decision(
        decision=decision, by=agent, now=when + length - dt.timedelta(minutes=1), site=SITE, via="demo", told=False
    )
    _after(made, story, closed)
    closed.refresh_from_db()
    return closed


def _stands(made: Made, story: Story, room: Room) -> dict[Voice, tuple[str, str]]:
    """Who says what: told apart from one decision to the next, the same every time the demonstration is made."""
    rng, voices = made.rng, [voice for voice in room.voices if not room.is_out(voice)]
    order = list(voices)
    rng.shuffle(order)
    said: dict[Voice, tuple[str, str]] = {}
    if story.leaves:
        business = [
            voice for voice in order if voice.seat.actor.type in {"business", "social-economy"} and voice.holders
        ]
        leaving = (business or [voice for voice in order if voice.holder is None and voice.holders])[:1]
        said |= dict.fromkeys(leaving, (WITHDRAWN, story.leaves))
        order = [voice for voice in order if voice not in said]
    if story.objection:
        against = [
            voice for voice in order if voice.holder is None and not any(row.person.user_id for row in voice.holders)
        ]
        said[against[0]] = (OBJECTION, story.objection)
    rest = [voice for voice in order if voice not in said]
    for words in story.reservations:
        if rest:
            said[rest.pop()] = (RESERVATION, words)
    for _ in range(story.abstain):
        if rest:
            said[rest.pop()] = (ABSTAIN, "")
    for voice in rest:
        if rng.random() >= story.silent:
            said[voice] = (AGREE, "")
    return said


def _speak(made: Made, story: Story, decision: Decision, when: dt.datetime, *, in_the_room: bool) -> None:
    room = room_of(decision, decision.alliance.today(when))
    said = _stands(made, story, room)
    if in_the_room:
        assert decision.agenda_item is not None
        agent, meeting = made.world["user:agent"], decision.agenda_item.meeting
        there = {voice.seat.pk: attendance.PRESENT for voice in said}
        attendance.set_attendance(meeting=meeting, seats=there, by=agent, now=when, via="demo")
        _answer_first(decision, said, when)
        services.record_round(
            decision=decision, said={voice.key: words for voice, words in said.items()}, by=agent, now=when, site=SITE,
            tell_them=False, via="demo",
        )  # fmt: skip
        return
    for index, (voice, (stand, words)) in enumerate(said.items()):
        holder = next(iter(voice.holders), None)
        if holder is None or (story in NOW and holder.person.user_id is not None):
            continue  # whoever signs in to look finds something to answer
        _by_themselves(decision, voice, holder.person, stand, words, when + dt.timedelta(minutes=47 * index))


def _by_themselves(
    decision: Decision, voice: Voice, person: Person, stand: str, words: str, when: dt.datetime
) -> Position:
    person.alliance = decision.alliance
    return services.take_position(
        decision=decision, key=voice.key, person=person, stand=stand, why=words, by=None, now=when, via=LINK
    )


def _answer_first(decision: Decision, said: dict[Voice, tuple[str, str]], when: dt.datetime) -> None:
    """Those whose organisation is concerned, and who stay, say why before they speak."""
    for voice, (stand, _words) in said.items():
        for holder in voice.holders if stand != WITHDRAWN else ():
            person = holder.person
            person.alliance = decision.alliance
            about = asked(person, decision, decision.alliance.today(when))
            if about is not None:
                conflicts.say_no_conflict(person=person, subject=about[0], words=NO_CONFLICT, now=when, via=LINK)


def _objection(made: Made, story: Story, decision: Decision, objection, when: dt.datetime) -> None:
    """It is answered; an amendment lifts it, a reply does not."""
    agent = made.world["user:agent"]
    if story.amended:
        services.amend(
            decision=decision, text=story.amended, why=story.why, answers=[objection], by=agent, now=when, site=SITE,
            via="demo", tell=False,
        )  # fmt: skip
        later = when + dt.timedelta(minutes=5)
        voice = room_of(decision, decision.alliance.today(when)).by_key[objection.voice]
        if decision.agenda_item is not None:
            services.record_round(
                decision=decision, said={voice.key: (AGREE, story.why)}, by=agent, now=later, site=SITE,
                tell_them=False, via="demo",
            )  # fmt: skip
        else:
            _by_themselves(decision, voice, voice.holders[0].person, AGREE, story.why, later)
    elif story.reply:
        services.answer_objection(
            objection=objection, text=story.reply, by=agent, now=when, site=SITE, via="demo", tell=False
        )


def _after(made: Made, story: Story, decision: Decision) -> None:
    """Published by a second person, its tasks given, looked at again."""
    world, agent, closed_at = made.world, made.world["user:agent"], decision.closed_at
    assert closed_at is not None
    closed_on = decision.alliance.today(closed_at)
    if story.public:
        for reader in _readers(made, decision):
            services.publish_decision(decision=decision, by=reader, now=closed_at + dt.timedelta(days=2), via="demo")
            break
    decision.refresh_from_db()
    if decision.outcome != Decision.Outcome.ADOPTED:
        return
    seats = list(seats_held(decision.space, closed_on).order_by("actor__sort_key", "pk"))
    for index, title in enumerate(story.tasks):
        due = closed_on + dt.timedelta(days=30 * (index + 1))
        task = add_task(
            alliance=decision.alliance, space=decision.space, title=title, by=agent, decision=decision, due_on=due,
            owner_actor=made.rng.choice(seats).actor, is_public=decision.is_public, via="demo",
        )  # fmt: skip
        if due < world.today and made.rng.random() < 0.8:
            finish_task(task=task, on=due - dt.timedelta(days=made.rng.randrange(1, 9)), by=agent, via="demo")
        elif world.today - due > dt.timedelta(days=45):
            finish_task(task=task, on=due + dt.timedelta(days=30), by=agent, via="demo")
    if not story.follow_months:
        if story.became:
            services.record_follow_up(decision=decision, by=agent, today=world.today, became=story.became, via="demo")
        return
    due = closed_on + dt.timedelta(days=30 * story.follow_months)
    Decision.objects.filter(pk=decision.pk).update(follow_up_on=due)
    decision.refresh_from_db()
    if story.became and due <= world.today:
        services.record_follow_up(decision=decision, by=agent, today=due, became=story.became, via="demo")


def _readers(made: Made, decision: Decision) -> Iterator[User]:
    """The members with an account who sit there: the second person of a publication."""
    key = decision.space_id
    if key not in made.readers:
        holders = SeatHolder.objects.at(made.world.today).filter(seat__space=decision.space, person__user__isnull=False)
        made.readers[key] = [row.person.user for row in holders.select_related("person__user").order_by("pk")]
    # Read again each time: what an account must not read is kept on it, for one request.
    for user in made.readers[key]:
        fresh = type(user).objects.get(pk=user.pk)
        if may(fresh, "concertation.publish_decision", decision):
            yield fresh


def _open_now(made: Made, story: Story) -> Decision:
    """Open since five days, closing in nine; some answered, one objects, one position waits for a second person."""
    world, agent = made.world, made.world["user:agent"]
    zone = world["alliance:deux-rivieres"].zone
    opened = dt.datetime.combine(world.today - dt.timedelta(days=5), dt.time(9, 30), tzinfo=zone)
    closes = dt.datetime.combine(world.today + dt.timedelta(days=9), dt.time(16), tzinfo=zone)
    decision = _create(made, story, opened, None, closes)
    if story.fallback:
        services.update_decision(decision=decision, changes={"fallback": True}, by=agent, now=opened, via="demo")
    decision = services.open_decision(decision=decision, by=agent, now=opened, site=SITE, via="demo", tell=False)
    _speak(made, story, decision, opened + dt.timedelta(hours=4), in_the_room=False)
    room = room_of(decision, world.today)
    day = decision.alliance.today(opened)
    absent = next(
        (
            voice
            for voice in room.silent()
            if voice.holder is None and voice.holders and asked(voice.holders[0].person, decision, day) is None
        ),
        None,
    )
    if absent is not None:
        services.record_position(
            decision=decision, key=absent.key, stand=AGREE, source=Position.Source.ABSENT, source_note=ABSENT_SOURCE,
            by=agent, now=opened + dt.timedelta(days=3), site=SITE, via="demo",
        )  # fmt: skip
    decision.refresh_from_db()
    return decision


demo.add(DemoStep("concertation.decisions", 60, build))
