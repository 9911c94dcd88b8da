"""What a space is for, how it decides, who holds its seats, what it offers, what stands in its way."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.actors.vocabulary import ActorType
from maillage.concertation.vocabulary import Condition, Rule
from maillage.core.dates import Dated, DatedQuerySet


class SpaceSetting(Dated):
    """How a space works, while it does: a change closes one row and opens another, so the past stays readable."""

    class Access(models.TextChoices):
        OPEN = "open", _("open to all")
        INVITATION = "invitation", _("by invitation")

    space = models.ForeignKey("concertation.Space", models.CASCADE, related_name="settings")
    scale = models.SlugField(_("territory scale"), max_length=60, blank=True)
    """A code of the scheme ``scale``."""
    access = models.CharField(_("access"), max_length=12, choices=Access, default=Access.INVITATION)
    rule = models.CharField(_("decision rule"), max_length=12, choices=Rule, default=Rule.CONSENSUS)
    share_percent = models.PositiveSmallIntegerField(
        _("qualified majority, in percent"), null=True, blank=True,
        validators=[MinValueValidator(50), MaxValueValidator(100)],
    )  # fmt: skip
    quorum = models.PositiveSmallIntegerField(_("quorum, in seats"), null=True, blank=True)
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum, in percent of seats"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    mandate = models.TextField(_("mandate"), blank=True, max_length=10_000)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["space_id", "-since", "-id"]
        constraints = [Dated.interval("concertation_setting")]

    def __str__(self) -> str:
        return f"{self.space_id}: {self.rule}"


class SpaceFunction(Dated):
    """One of the six functions (scheme ``space-function``) that a space covers."""

    space = models.ForeignKey("concertation.Space", models.CASCADE, related_name="functions")
    code = models.SlugField(max_length=60)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["space_id", "code", "id"]
        constraints = [Dated.interval("concertation_function")]

    def __str__(self) -> str:
        return f"{self.space_id}: {self.code}"


class SpaceLink(Dated):
    """How two spaces fit together. ``other`` may belong to the regional (or a local) alliance."""

    class Kind(models.TextChoices):
        PART_OF = "part-of", _("is part of")
        REPORTS_TO = "reports-to", _("reports to")
        ADVISES = "advises", _("advises")

    space = models.ForeignKey("concertation.Space", models.CASCADE, related_name="links_out")
    other = models.ForeignKey("concertation.Space", models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=12, choices=Kind)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["space_id", "kind", "other_id", "id"]
        constraints = [
            Dated.interval("concertation_space_link"),
            models.CheckConstraint(condition=~Q(space=models.F("other")), name="concertation_link_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.space_id} {self.kind} {self.other_id}"


class DecisionStep(Dated):
    """Who does what on the decision path: a space, or a body outside (a council of mayors), at a scale."""

    class Part(models.TextChoices):
        ADVISES = "advises", _("advises")
        DECIDES = "decides", _("decides")
        ENDORSES = "endorses", _("endorses")
        FUNDS = "funds", _("decides on money")

    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="decision_steps")
    scale = models.SlugField(_("territory scale"), max_length=60)
    part = models.CharField(_("part in decisions"), max_length=10, choices=Part)
    space = models.ForeignKey(
        "concertation.Space", models.CASCADE, null=True, blank=True, related_name="decision_steps"
    )
    actor = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="decision_steps")
    about = models.CharField(_("about what"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["alliance_id", "scale", "part", "id"]
        constraints = [
            Dated.interval("concertation_step"),
            models.CheckConstraint(condition=Q(space=None) ^ Q(actor=None), name="concertation_step_space_or_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.scale}: {self.part}"

    @property
    def who(self) -> str:
        """The name of the space or of the actor."""
        return str(self.space or self.actor)


class SeatPlan(Dated):
    """How many seats a space keeps for a college (a type of actor). Seats held below that number are vacancies."""

    space = models.ForeignKey("concertation.Space", models.CASCADE, related_name="seat_plans")
    college = models.CharField(_("college"), max_length=20, choices=ActorType)
    seats = models.PositiveSmallIntegerField(_("seats"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["space_id", "college", "-since", "id"]
        constraints = [Dated.interval("concertation_seat_plan")]

    def __str__(self) -> str:
        return f"{self.space_id}: {self.seats} {self.college}"


class SeatHolder(Dated):
    """The person who holds an actor's seat, or who takes their place. A citizens' college has several seats.

    In public the actor's name stands; ``named`` is the person's own choice, for this seat only.
    """

    class Part(models.TextChoices):
        HOLDER = "holder", _("holder")
        SUBSTITUTE = "substitute", _("substitute")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seat = models.ForeignKey("concertation.Seat", models.CASCADE, related_name="holders")
    person = models.ForeignKey("alliances.Person", models.CASCADE, related_name="seats_held")
    part = models.CharField(_("part"), max_length=10, choices=Part, default=Part.HOLDER)
    named = models.BooleanField(default=False)
    named_at = models.DateTimeField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["seat_id", "part", "since", "id"]
        constraints = [Dated.interval("concertation_holder")]
        indexes = [models.Index(fields=["person"], name="concertation_holders")]

    def __str__(self) -> str:
        return f"{self.person_id} for seat {self.seat_id}"


class Facilitation(Dated):
    """Who leads the meetings of a space, in turn: the actor, and inside, the person."""

    space = models.ForeignKey("concertation.Space", models.CASCADE, related_name="facilitations")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, related_name="facilitations")
    person = models.ForeignKey("alliances.Person", models.SET_NULL, null=True, blank=True, related_name="facilitations")

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["space_id", "-since", "-id"]
        constraints = [Dated.interval("concertation_facilitation")]

    def __str__(self) -> str:
        return f"{self.actor_id} at {self.space_id}"


class ConditionOffer(Dated):
    """A condition of savoir d'expérience that a space promises to keep."""

    space = models.ForeignKey("concertation.Space", models.CASCADE, related_name="conditions")
    code = models.CharField(max_length=12, choices=Condition)
    note = models.CharField(_("how"), max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["space_id", "code", "id"]
        constraints = [Dated.interval("concertation_condition")]

    def __str__(self) -> str:
        return f"{self.space_id}: {self.code}"


class ConditionKept(models.Model):
    """Whether a condition was kept at one meeting. Unknown is no row."""

    meeting = models.ForeignKey("concertation.Meeting", models.CASCADE, related_name="conditions")
    code = models.CharField(max_length=12, choices=Condition)
    kept = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["meeting_id", "code"]
        constraints = [models.UniqueConstraint(fields=["meeting", "code"], name="concertation_condition_kept_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.code} {self.kept}"


class Charter(Dated):
    """The rules of working together of a space, conflicts prevention included. In force once adopted."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    space = models.ForeignKey("concertation.Space", models.CASCADE, related_name="charters")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("text"), max_length=50_000)
    decision = models.ForeignKey(
        "concertation.Decision", models.PROTECT, null=True, blank=True, related_name="charters"
    )
    adopted_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=2, default="fr")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["space_id", "-number"]
        constraints = [
            Dated.interval("concertation_charter"),
            models.UniqueConstraint(fields=["space", "number"], name="concertation_charter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.space_id}: {self.number}"


class Obstacle(Dated):
    """What stands in a space's way (scheme ``obstacle``). Named for the space: there is no field for an actor."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    space = models.ForeignKey("concertation.Space", models.CASCADE, related_name="obstacles")
    code = models.SlugField(_("kind"), max_length=60)
    words = models.TextField(_("in the space’s words"), max_length=2000)
    is_public = models.BooleanField(_("shown in public"), default=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["space_id", "-since", "-id"]
        constraints = [Dated.interval("concertation_obstacle")]

    def __str__(self) -> str:
        return f"{self.space_id}: {self.code}"


class ObstacleStep(models.Model):
    """What was tried against an obstacle, and what came of it."""

    obstacle = models.ForeignKey(Obstacle, models.CASCADE, related_name="steps")
    on = models.DateField(_("date"))
    tried = models.TextField(_("what was tried"), max_length=2000)
    outcome = models.TextField(_("what came of it"), blank=True, max_length=2000)

    class Meta:
        ordering = ["obstacle_id", "on", "id"]

    def __str__(self) -> str:
        return f"{self.obstacle_id}, {self.on}"
