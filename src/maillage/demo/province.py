"""A large fictional instance, to measure: 104 local alliances on the real territories, 17 regional ones.

Written in bulk, with the invariants that the services keep: sort keys, dates inside dates, one seat at a time in
a space, an audit line for each row. Refused where anything real is recorded.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from maillage.accounts.models import User
from maillage.actors.models import Actor, ActorField, Organisation
from maillage.actors.vocabulary import ActorType, Scheme
from maillage.alliances.models import (
    Agreement,
    Alliance,
    AllianceTerritory,
    Cycle,
    MemoryEvent,
    Person,
    Role,
    Stage,
)
from maillage.alliances.vocabulary import STAGES, fixed_terms
from maillage.concertation.models import Seat, Space
from maillage.core.demonstration import DOMAIN, silent
from maillage.core.models import AuditEntry
from maillage.core.text import sort_key
from maillage.demo.services import DemoRefused, require_demo_mode
from maillage.territories.models import Territory

ACTORS, SEATS_EACH, SHARED = 20_000, (2, 4), 20
"""How many actors in all; by turns, how many seats each holds (60 000 in all); one organisation in ``SHARED`` is
also present elsewhere."""
SEED = 104
BATCH = 2_000
PREFIX = "essai-"

KINDS = (
    ("Maison", "de"), ("Centre", "de"), ("Atelier", "de"), ("Carrefour", "de"), ("Comité", "de"), ("Coopérative", "de"),
    ("Fondation", "pour"), ("Regroupement", "de"), ("Entraide", "et"), ("Réseau", "de"), ("Service", "de"),
    ("Accueil", "et"), ("Collectif", "pour"), ("Table", "de"), ("Relais", "de"), ("Ressourcerie", "de"),
)  # fmt: skip
THINGS = (
    "logement", "cuisine", "transport", "famille", "jeunesse", "quartier", "voisinage", "santé", "mémoire", "travail",
    "lecture", "jardins", "répit", "musique", "forêt", "rivière", "couture", "cœur", "œuvres", "école", "amitié",
    "marché", "navette", "hébergement", "emploi", "droits", "loisirs", "patrimoine", "îlots", "entraide",
)  # fmt: skip
WORDS = (
    "boréal", "clair", "neuf", "debout", "ensemble", "vivant", "solidaire", "du coin", "du rang", "de la côte",
    "du Nord", "des érables", "des pruches", "du pont", "de l’anse", "des trois vents", "du moulin", "de l’aube",
    "des saules", "du portage", "de la grève", "du large", "du plateau", "des ormes",
)  # fmt: skip
SHARES = (
    (ActorType.COMMUNITY, 40), (ActorType.INSTITUTION, 14), (ActorType.MUNICIPALITY, 12), (ActorType.FOUNDATION, 4),
    (ActorType.BUSINESS, 6), (ActorType.SOCIAL_ECONOMY, 6), (ActorType.CITIZENS, 8), (ActorType.INDIGENOUS, 3),
    (ActorType.GROUP, 4), (ActorType.OTHER_LEVEL, 1), (ActorType.UNSPECIFIED, 2),
)  # fmt: skip
TABLES = (
    "Logement", "Alimentation", "Transport", "Petite enfance", "Emploi", "Aînées et aînés", "Jeunesse", "Santé",
    "Immigration", "Culture", "Participation citoyenne", "Milieu rural", "Revenu", "Femmes", "Éducation", "Loisirs",
)  # fmt: skip


def load(*, today: dt.date | None = None, progress: Callable[[int, int, str], None] = silent) -> bool:
    """Fill the database; ``False`` where it already is.

    Errors: ``DemoRefused`` in production, where an alliance is not fictional, or where the tree is not loaded.
    """
    require_demo_mode()
    if Alliance.objects.filter(fictional=False).exists():
        raise DemoRefused(_("This database holds real alliances. Choose an empty one to measure."))
    if Alliance.objects.filter(slug__startswith=PREFIX).exists():
        return False
    with transaction.atomic(), override("fr"):
        Builder(today or timezone.localdate(), progress).build()
    reindex(progress)
    with connection.cursor() as cursor:
        # A server learns by itself what its tables hold, but minutes later: plans made before would be measured.
        cursor.execute("ANALYZE")
    return True


def reindex(progress: Callable[[int, int, str], None]) -> None:
    """What was written in bulk is told to the search index at once."""
    from maillage.core import search

    progress(0, 1, _("Search"))
    search.rebuild()
    progress(1, 1, _("Search"))


def split(total: int, parts: int, rng: random.Random) -> list[int]:
    """``total`` in ``parts`` of unequal sizes, as real territories are: the largest about eight times the median."""
    weights = [rng.lognormvariate(0, 0.8) + 0.2 for _ in range(parts)]
    sizes = [max(20, int(total * weight / sum(weights))) for weight in weights]
    order = sorted(range(parts), key=lambda index: -sizes[index])
    for turn in range(abs(total - sum(sizes))):
        sizes[order[turn % (parts // 2)]] += 1 if sum(sizes) < total else -1
    return sizes


class Builder:
    """The rows of the whole instance, table by table."""

    def __init__(self, today: dt.date, progress: Callable[[int, int, str], None]) -> None:
        self.today, self.progress = today, progress
        self.rng = random.Random(SEED)
        self.year = today.year - 1
        self.since = dt.date(self.year, 4, 1)
        self.until = dt.date(self.year + 4, 4, 1)
        self.done = 0
        self.total = 10 * ACTORS + 8_000
        """About how many rows, log included: for the progress only."""

    def save(self, model: type[models.Model], rows: Sequence[Any], note: str, action: str = "") -> list[Any]:
        """Write the rows in batches and, where it is a change that matters, a line of the log for each."""
        made: list[Any] = []
        for start in range(0, len(rows), BATCH):
            part = model._base_manager.bulk_create(rows[start : start + BATCH])
            made += part
            if action:
                AuditEntry.objects.bulk_create(
                    AuditEntry(
                        action=action, via="demo", model=model._meta.label_lower, object_id=str(row.pk),
                        alliance_id=getattr(row, "alliance_id", None),
                    )
                    for row in part
                )  # fmt: skip
            self.done += len(part) * (2 if action else 1)
            self.progress(min(self.done, self.total), self.total, note)
        return made

    def build(self) -> None:
        alliances = self.alliances()
        self.around(alliances)
        actors = self.actors(alliances)
        spaces = self.spaces(alliances, actors)
        self.seats(actors, spaces)

    def territories(self) -> tuple[list[Territory], list[Territory]]:
        """Regions and MRC (or equivalents) of the real tree, loaded where it was not."""
        from maillage.territories.services import load_tree

        load_tree(by=None, via="demo")
        real = Territory.objects.exclude(slug__startswith="fictif-").order_by("sort_key", "id")
        regions = list(real.filter(kind=Territory.Kind.REGION))
        mrcs = list(real.filter(kind__in=[Territory.Kind.MRC, Territory.Kind.TE]).prefetch_related("memberships"))
        if (len(regions), len(mrcs)) != (17, 104):
            raise DemoRefused(_("The tree of territories is not complete. Load it first: maillage import territories."))
        return regions, mrcs

    def alliances(self) -> list[Alliance]:
        regions, mrcs = self.territories()
        above = self.save(
            Alliance, [self.alliance(place, Alliance.Scale.REGIONAL, None) for place in regions], "Alliances",
            "alliances.created",
        )  # fmt: skip
        by_region = {place.pk: alliance for place, alliance in zip(regions, above, strict=True)}

        def parent(place: Territory) -> Alliance | None:
            held = (row.parent_id for row in place.memberships.all() if row.holds(self.today))
            return next((by_region[key] for key in held if key in by_region), None)

        local = self.save(
            Alliance, [self.alliance(place, Alliance.Scale.LOCAL, parent(place)) for place in mrcs], "Alliances",
            "alliances.created",
        )  # fmt: skip
        self.save(
            AllianceTerritory,
            [
                AllianceTerritory(alliance=alliance, territory=place, since=self.since)
                for place, alliance in zip([*regions, *mrcs], [*above, *local], strict=True)
            ],
            "Alliances",
        )
        return local

    def alliance(self, place: Territory, scale: str, parent: Alliance | None) -> Alliance:
        short = f"{place.name} (essai)"
        return Alliance(
            slug=f"{PREFIX}{place.slug}"[:60], name=f"Alliance fictive d’essai : {place.name}", short_name=short[:80],
            sort_key=sort_key(short), scale=scale, parent=parent, fictional=True, is_public=True,
            summary="Alliance fictive, faite pour mesurer.", mandatary="Mandataire fictif",
        )  # fmt: skip

    def around(self, alliances: list[Alliance]) -> None:
        """A period with its agreement and stages, an agent, ten lines of memory: for each alliance."""
        cycles = self.save(
            Cycle,
            [Cycle(alliance=row, name=f"{self.year}-{self.year + 4}", since=self.since, until=self.until)
             for row in alliances],
            "Alliances",
        )  # fmt: skip
        self.save(
            Agreement,
            [Agreement(cycle=cycle, title=f"Entente {cycle.name}", since=self.since, until=self.until,
                       envelope_cents=self.rng.randint(2_000, 20_000) * 10_000) for cycle in cycles],
            "Alliances",
        )  # fmt: skip
        states = (Stage.State.DONE, Stage.State.DONE, Stage.State.ACTIVE, Stage.State.ACTIVE, Stage.State.PLANNED)
        self.save(
            Stage,
            [Stage(cycle=cycle, kind=kind, name=str(label), position=position, state=states[position])
             for cycle in cycles for position, (kind, label) in enumerate(STAGES)],
            "Alliances",
        )  # fmt: skip
        self.save(
            MemoryEvent,
            [MemoryEvent(alliance=row, on=self.since + dt.timedelta(days=29 * number),
                         title=f"Rencontre fictive {number + 1}", body="Faite pour mesurer.")
             for row in alliances for number in range(10)],
            "Alliances",
        )  # fmt: skip
        users = [User(email=f"agence.{row.slug}@{DOMAIN}", name="Agente fictive", password="!") for row in alliances]
        made = self.save(User, users, "Alliances")
        people = self.save(
            Person,
            [Person(alliance=row, user=user, name=user.name, sort_key=sort_key(user.name), email=user.email)
             for row, user in zip(alliances, made, strict=True)],
            "Alliances",
        )  # fmt: skip
        self.save(Role, [Role(person=row, kind=Role.Kind.AGENT, since=self.since) for row in people], "Alliances")

    def name(self) -> str:
        kind, link = self.rng.choice(KINDS)
        return f"{kind} {link} {self.rng.choice(THINGS)} {self.rng.choice(WORDS)} {self.rng.randint(1, 999)}"

    def actors(self, alliances: list[Alliance]) -> list[list[Actor]]:
        """The actors of each alliance. A citizens' college has no organisation; some organisations are shared."""
        codes, weights = zip(*SHARES, strict=True)
        rows: list[Actor] = []
        sizes = split(ACTORS, len(alliances), self.rng)
        for alliance, size in zip(alliances, sizes, strict=True):
            for _number in range(size):
                name = self.name()
                since = self.since + dt.timedelta(days=self.rng.randrange(400))
                rows.append(Actor(
                    alliance=alliance, name=name, sort_key=sort_key(name), since=since,
                    type=self.rng.choices(codes, weights)[0], mission="Organisme fictif, fait pour mesurer.",
                    is_public=self.rng.random() < 0.97,
                ))  # fmt: skip
        self.organisations(rows)
        made = self.save(Actor, rows, "Actors", "actors.created")
        fields = [code for code, *_labels in fixed_terms()["field"]]
        self.save(
            ActorField,
            [ActorField(actor=row, scheme=Scheme.FIELD, code=self.rng.choice(fields)) for row in made],
            "Actors",
        )
        found, start = [], 0
        for size in sizes:
            found.append(made[start : start + size])
            start += size
        return found

    def organisations(self, rows: list[Actor]) -> None:
        own = [row for row in rows if row.type != ActorType.CITIZENS]
        unique = [row for index, row in enumerate(own) if index % SHARED or not index]
        made = self.save(
            Organisation, [Organisation(name=row.name, sort_key=row.sort_key) for row in unique], "Organisations"
        )
        waiting = iter(made)
        for index, row in enumerate(own):
            if index % SHARED or not index:
                row.organisation = next(waiting)
            else:
                other = own[max(0, index - 211)]
                row.organisation, row.name, row.sort_key = other.organisation, other.name, other.sort_key

    def spaces(self, alliances: list[Alliance], actors: list[list[Actor]]) -> list[list[Space]]:
        """A table for about eighteen actors, six at least."""
        rows = []
        for alliance, members in zip(alliances, actors, strict=True):
            for number in range(max(6, len(members) // 18)):
                name = f"Table {TABLES[number % len(TABLES)]}" + (
                    f" {number // len(TABLES) + 1}" if number >= len(TABLES) else ""
                )
                rows.append(Space(alliance=alliance, name=name, sort_key=sort_key(name), since=self.since))
        made = self.save(Space, rows, "Spaces", "concertation.space_created")
        by_alliance: dict[int, list[Space]] = {row.pk: [] for row in alliances}
        for space in made:
            by_alliance[space.alliance_id].append(space)
        return [by_alliance[row.pk] for row in alliances]

    def seats(self, actors: list[list[Actor]], spaces: list[list[Space]]) -> None:
        self.save(Seat, list(self.seat_rows(actors, spaces)), "Seats", "concertation.seat_given")

    def seat_rows(self, actors: list[list[Actor]], spaces: list[list[Space]]) -> Iterator[Seat]:
        """Two seats, four seats, two seats… never twice at the same table."""
        number = 0
        for members, tables in zip(actors, spaces, strict=True):
            for actor in members:
                count = SEATS_EACH[number % len(SEATS_EACH)]
                number += 1
                for space in self.rng.sample(tables, count):
                    yield Seat(space=space, actor=actor, since=actor.since, category="Membre")
