"""Spaces of concertation and their seats."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core.dates import Dated, DatedQuerySet, once
from maillage.core.text import sort_key


class Space(Dated):
    """A table, a committee, a forum, an assembly: where people meet, at any scale."""

    class Kind(models.TextChoices):
        TABLE = "table", _("table")
        COMMITTEE = "committee", _("committee")
        FORUM = "forum", _("forum")
        ASSEMBLY = "assembly", _("assembly")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="spaces")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.TABLE)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    sort_key = models.CharField(max_length=200, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    purpose = models.TextField(_("what it is for"), blank=True, max_length=5000)
    external_id = models.CharField(max_length=80, blank=True, help_text=_("As the imported file names it."))
    is_public = models.BooleanField(_("shown in public"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        verbose_name = _("space")
        constraints = [
            Dated.interval("concertation_space"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="concertation_not_own_parent"),
        ]
        indexes = [models.Index(fields=["alliance", "sort_key", "id"], name="concertation_spaces")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """The short name where there is one: for labels of drawings."""
        return self.short_name or self.name

    def get_absolute_url(self) -> str:
        return reverse("concertation_in:space", args=[self.alliance.slug, self.uuid])


class Seat(Dated):
    """An actor's place in a space. ``category`` is the words of the space's own list (« Membres actifs »)."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="seats")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, related_name="seats")
    category = models.CharField(_("category"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["space_id", "actor_id", "id"]
        constraints = [
            Dated.interval("concertation_seat"),
            *once("concertation_seat_once", "space", "actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_id} at {self.space_id}"


from maillage.concertation.decisions.models import (  # noqa: E402
    Decision,
    DecisionConcern,
    DecisionDocument,
    DecisionOption,
    Delegation,
    Objection,
    Position,
    PositionComment,
    ProposalVersion,
)
from maillage.concertation.endorsements.models import (  # noqa: E402
    DelegateMandate,
    Endorsement,
    EndorsementAnswer,
    EndorsementInterest,
    NoConflict,
)
from maillage.concertation.governance.models import (  # noqa: E402
    Charter,
    ConditionKept,
    ConditionOffer,
    DecisionStep,
    Facilitation,
    Obstacle,
    ObstacleStep,
    SeatHolder,
    SeatPlan,
    SpaceFunction,
    SpaceLink,
    SpaceSetting,
)
from maillage.concertation.imports.models import (  # noqa: E402
    CategoryMemory,
    ImportMemory,
    ImportProposal,
    ImportRun,
)
from maillage.concertation.meetings.models import (  # noqa: E402
    AgendaDocument,
    AgendaItem,
    Meeting,
    MeetingAccess,
    MeetingInvitation,
    MeetingSeries,
)
from maillage.concertation.minutes.models import (  # noqa: E402
    Amendment,
    Attendance,
    Erratum,
    Minutes,
    MinutesItem,
    MinutesText,
    Note,
    NoteVersion,
    SpeakingTime,
)
from maillage.concertation.tasks.models import Task  # noqa: E402
from maillage.concertation.voices.models import Approach, WantedVoice  # noqa: E402

__all__ = [
    "AgendaDocument", "AgendaItem", "Amendment", "Approach", "Attendance", "CategoryMemory", "Charter",
    "ConditionKept", "ConditionOffer", "Decision", "DecisionConcern", "DecisionDocument", "DecisionOption",
    "DecisionStep", "DelegateMandate", "Delegation", "Endorsement", "EndorsementAnswer", "EndorsementInterest",
    "Erratum", "Facilitation", "ImportMemory", "ImportProposal", "ImportRun", "Meeting", "MeetingAccess",
    "MeetingInvitation", "MeetingSeries", "Minutes", "MinutesItem", "MinutesText", "NoConflict", "Note",
    "NoteVersion", "Objection", "Obstacle", "ObstacleStep", "Position", "PositionComment", "ProposalVersion", "Seat",
    "SeatHolder", "SeatPlan", "Space", "SpaceFunction", "SpaceLink", "SpaceSetting", "SpeakingTime", "Task",
    "WantedVoice",
]  # fmt: skip
