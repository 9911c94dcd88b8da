"""Decisions, the versions of their proposal, the positions of members, objections and their life."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.concertation.vocabulary import Rule, Stand
from maillage.core.text import sort_key


class Decision(models.Model):
    """Something a space is asked to decide, in a meeting or between two, and what came of it."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("decision", "in preparation")
        OPEN = "open", pgettext_lazy("decision", "open")
        CLOSED = "closed", pgettext_lazy("decision", "closed")
        WITHDRAWN = "withdrawn", pgettext_lazy("decision", "taken back by whoever proposed it")

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", pgettext_lazy("decision", "adopted")
        REJECTED = "rejected", pgettext_lazy("decision", "not adopted")
        NO_QUORUM = "no-quorum", pgettext_lazy("decision", "no quorum")
        REWORK = "rework", pgettext_lazy("decision", "to be reworked")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="decisions")
    space = models.ForeignKey("concertation.Space", models.PROTECT, related_name="decisions")
    agenda_item = models.ForeignKey(
        "concertation.AgendaItem", models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    """Null: decided between meetings."""
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    """« 2026-47 »: given when it opens, one sequence a year and alliance."""
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=200)
    sort_key = models.CharField(max_length=200, editable=False)
    context = models.TextField(_("context"), blank=True, max_length=20_000)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    rule = models.CharField(_("decision rule"), max_length=12, choices=Rule, default=Rule.CONSENSUS)
    share_percent = models.PositiveSmallIntegerField(
        _("qualified majority, in percent"), null=True, blank=True,
        validators=[MinValueValidator(50), MaxValueValidator(100)],
    )  # fmt: skip
    fallback = models.BooleanField(_("without consensus, the qualified majority decides"), default=False)
    quorum = models.PositiveSmallIntegerField(_("quorum, in seats"), null=True, blank=True)
    """Fixed when it opens, from the space's rule."""
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    """How many seats might take a position when it opened."""
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(_("answers until"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    tally = models.JSONField(default=dict, blank=True)
    """What the outcome was computed from, by code of stand, and quorum: written once, at the closing."""
    is_public = models.BooleanField(_("shown in public"), default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    presenter = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="proposals")
    follow_up_on = models.DateField(_("to be looked at again on"), null=True, blank=True)
    became = models.TextField(_("what became of it"), blank=True, max_length=5000)
    became_on = models.DateField(null=True, blank=True)
    money_cents = models.BigIntegerField(_("amount"), null=True, blank=True)
    has_dissent = models.BooleanField(default=False, editable=False)
    """An objection was maintained: written at the closing, for the register."""
    after = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    """The decision this one comes back to: a closed one never opens again."""
    language = models.CharField(max_length=2, default="fr")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("decision")
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "year", "number"],
                condition=Q(number__isnull=False),
                name="concertation_number_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(outcome=""), name="concertation_closed_has_outcome"
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(state="closed"), name="concertation_public_once_closed"
            ),
        ]
        indexes = [models.Index(fields=["alliance", "state", "-created_at"], name="concertation_decisions")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.sort_key = sort_key(self.title)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("concertation_in:decision", args=[self.alliance.slug, self.uuid])

    @property
    def reference(self) -> str:
        return f"concertation.decision:{self.uuid}"

    @property
    def references(self) -> tuple[str, ...]:
        """What a person may have withdrawn from, that this decision counts: itself, and its agenda item."""
        return (self.reference, self.agenda_item.reference) if self.agenda_item else (self.reference,)

    @property
    def code(self) -> str:
        """« 2026-47 »; empty before it opens."""
        return f"{self.year}-{self.number}" if self.number else ""


class ProposalVersion(models.Model):
    """The words of the proposal, each time they changed, and why."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("proposal"), max_length=20_000)
    why = models.CharField(_("what changed and why"), max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["decision_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["decision", "number"], name="concertation_version_once")]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.number}"


class DecisionOption(models.Model):
    """Another way that was considered."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(_("option"), max_length=2000)

    class Meta:
        ordering = ["decision_id", "position", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class DecisionDocument(models.Model):
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="documents")
    document = models.ForeignKey("core.Document", models.PROTECT, related_name="+")
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=200)

    class Meta:
        ordering = ["decision_id", "id"]

    def __str__(self) -> str:
        return self.title


class DecisionConcern(models.Model):
    """An actor the decision is about: conflicts of interest are found from it."""

    class How(models.TextChoices):
        PROPOSES = "proposes", _("proposes it")
        CARRIES_OUT = "carries-out", _("will carry it out")
        CONCERNED = "concerned", _("is concerned")

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="concerns")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, related_name="concerned_by")
    how = models.CharField(max_length=12, choices=How)
    interest = models.BooleanField(default=True)
    """Whether it makes a conflict of interest: a table's member may carry out a shared task without one."""

    class Meta:
        ordering = ["decision_id", "how", "actor_id"]
        constraints = [models.UniqueConstraint(fields=["decision", "actor", "how"], name="concertation_concern_once")]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.how} {self.decision_id}"


WAITS = Q(confirmed_at=None) & (Q(source="absent") | Q(stand="withdrawn", source__in=["phone", "paper"]))
"""Positions that wait for a second person (:attr:`Position.waits`)."""


class Position(models.Model):
    """Where a seat stands on a proposal. A change adds a row; the former one stays, superseded.

    A seat is one voice, whoever holds it. A citizens' college holds several: there each citizen is a voice of their
    own, told by ``holder``; elsewhere ``holder`` is null.
    """

    class Source(models.TextChoices):
        SELF = "self", pgettext_lazy("position", "given by the member")
        LINK = "link", pgettext_lazy("position", "from a link in an e-mail")
        ROOM = "room", pgettext_lazy("position", "said in the meeting")
        PHONE = "phone", pgettext_lazy("position", "by telephone")
        PAPER = "paper", pgettext_lazy("position", "on paper")
        ABSENT = "absent", pgettext_lazy("position", "recorded for an absent member")

    class Aside(models.TextChoices):
        CHANGED = "changed", pgettext_lazy("position", "changed since")
        HOLDER = "holder", pgettext_lazy("position", "the holder of the seat answered")
        LATER = "later", pgettext_lazy("position", "given again by another way")
        DROPPED = "dropped", pgettext_lazy("position", "not confirmed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="positions")
    seat = models.ForeignKey("concertation.Seat", models.PROTECT, related_name="positions")
    holder = models.ForeignKey(
        "concertation.SeatHolder", models.PROTECT, null=True, blank=True, related_name="positions"
    )
    version = models.ForeignKey(ProposalVersion, models.PROTECT, related_name="positions")
    stand = models.CharField(max_length=12, choices=Stand)
    why = models.TextField(_("why"), blank=True, max_length=5000)
    person = models.ForeignKey("alliances.Person", models.SET_NULL, null=True, blank=True, related_name="positions")
    by_substitute = models.BooleanField(default=False)
    source = models.CharField(max_length=10, choices=Source, default=Source.SELF)
    source_note = models.CharField(_("where it comes from"), max_length=300, blank=True)
    recorded_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """The second person, for a position recorded in someone's absence; until then it does not count."""
    confirmed_at = models.DateTimeField(null=True, blank=True)
    named = models.BooleanField(default=False)
    """The person chose to be named here, beside the actor or the college."""
    given_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)
    aside = models.CharField(max_length=10, choices=Aside, blank=True)
    """Why it no longer stands."""

    class Meta:
        ordering = ["decision_id", "given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "seat"],
                condition=Q(superseded_at=None, holder=None) & ~WAITS,
                name="concertation_position_once",
            ),
            models.UniqueConstraint(
                fields=["decision", "holder"],
                condition=Q(superseded_at=None, holder__isnull=False) & ~WAITS,
                name="concertation_position_once_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.stand} {self.decision_id}"

    @property
    def voice(self) -> tuple[int, int | None]:
        return (self.seat_id, self.holder_id)

    @property
    def waits(self) -> bool:
        """Recorded for someone absent, or a withdrawal that came by telephone or on paper: a second person has not
        confirmed it yet."""
        alone = {self.Source.PHONE, self.Source.PAPER} if self.stand == Stand.WITHDRAWN else set()
        return self.confirmed_at is None and self.source in {self.Source.ABSENT, *alone}


class PositionComment(models.Model):
    """What a member adds once the decision is closed. The position itself changes no more."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="comments")
    seat = models.ForeignKey("concertation.Seat", models.PROTECT, related_name="comments")
    person = models.ForeignKey("alliances.Person", models.SET_NULL, null=True, related_name="position_comments")
    text = models.TextField(_("comment"), max_length=5000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["decision_id", "at", "id"]

    def __str__(self) -> str:
        return f"{self.seat_id} on {self.decision_id}"


class Delegation(models.Model):
    """The holder of a seat lets its substitute answer in their place, for one decision."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="delegations")
    holder = models.ForeignKey("concertation.SeatHolder", models.CASCADE, related_name="delegations")
    absent = models.BooleanField(default=False)
    """Noted by whoever leads the meeting, the holder being away."""
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["decision_id", "at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "holder"], condition=Q(ended_at=None), name="concertation_delegated_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.holder_id} for {self.decision_id}"


class Objection(models.Model):
    """A reasoned objection and its life: raised, answered, lifted or maintained."""

    class State(models.TextChoices):
        RAISED = "raised", pgettext_lazy("objection", "raised")
        ANSWERED = "answered", pgettext_lazy("objection", "answered")
        LIFTED = "lifted", pgettext_lazy("objection", "lifted")
        MAINTAINED = "maintained", pgettext_lazy("objection", "maintained")

    class Answer(models.TextChoices):
        AMENDMENT = "amendment", pgettext_lazy("objection", "by an amendment")
        REPLY = "reply", pgettext_lazy("objection", "by a reply")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="objections")
    seat = models.ForeignKey("concertation.Seat", models.PROTECT, related_name="objections")
    holder = models.ForeignKey(
        "concertation.SeatHolder", models.PROTECT, null=True, blank=True, related_name="objections"
    )
    text = models.TextField(_("objection"), max_length=5000)
    state = models.CharField(max_length=10, choices=State, default=State.RAISED)
    raised_at = models.DateTimeField(default=timezone.now)
    answer_kind = models.CharField(max_length=10, choices=Answer, blank=True)
    answer = models.TextField(_("answer"), blank=True, max_length=5000)
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.ForeignKey(ProposalVersion, models.SET_NULL, null=True, blank=True, related_name="answers")
    """The amended proposal that answers it."""
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_why = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["decision_id", "raised_at", "id"]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def voice(self) -> tuple[int, int | None]:
        return (self.seat_id, self.holder_id)

    @property
    def lives(self) -> bool:
        """Neither lifted nor maintained yet."""
        return self.state in {self.State.RAISED, self.State.ANSWERED}
