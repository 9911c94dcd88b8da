"""Endorsement by elected councils, and what delegates take back to their boards."""

from __future__ import annotations

import uuid

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Endorsement(models.Model):
    """A council is asked to endorse (entériner) a decision: a plan, a project. Its resolution is kept."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft resolution")
        SENT = "sent", _("sent to the clerk")
        ENDORSED = "endorsed", _("endorsed")
        REFUSED = "refused", _("not endorsed")
        DEFERRED = "deferred", _("put off")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="endorsements")
    decision = models.ForeignKey(
        "concertation.Decision", models.PROTECT, null=True, blank=True, related_name="endorsements"
    )
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=200)
    council = models.ForeignKey("actors.Actor", models.PROTECT, related_name="endorsements")
    whereas = models.JSONField(default=list, blank=True)
    """« ATTENDU QUE… », one text each."""
    resolved = models.TextField(_("it is resolved"), blank=True, max_length=10_000)
    clerk_deadline = models.DateField(_("to the clerk before"), null=True, blank=True)
    session_on = models.DateField(_("council’s session"), null=True, blank=True)
    session_public = models.BooleanField(_("session open to the public"), default=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    sent_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    resolution_number = models.CharField(_("number of the resolution"), max_length=60, blank=True)
    note = models.TextField(_("what the council said"), blank=True, max_length=5000)
    document = models.ForeignKey("core.Document", models.SET_NULL, null=True, blank=True, related_name="+")
    is_public = models.BooleanField(_("shown in public"), default=False)
    reminded_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("concertation_in:endorsement", args=[self.alliance.slug, self.uuid])

    @property
    def reference(self) -> str:
        return f"concertation.endorsement:{self.uuid}"


class EndorsementAnswer(models.Model):
    """Each answer of the council, kept: put off in March, endorsed in April."""

    endorsement = models.ForeignKey(Endorsement, models.CASCADE, related_name="answers")
    state = models.CharField(max_length=10, choices=Endorsement.State)
    on = models.DateField()
    resolution_number = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True, max_length=5000)

    class Meta:
        ordering = ["endorsement_id", "-on", "-id"]

    def __str__(self) -> str:
        return f"{self.endorsement_id}: {self.state}"


class EndorsementInterest(models.Model):
    """An elected person with an interest, as the law asks: disclosed, abstained, in public session.

    Loi sur les élections et les référendums dans les municipalités (RLRQ, chapitre E-2.2), article 361: the general
    nature of a particular pecuniary interest is disclosed before the deliberation begins, the member takes no part in
    it nor in the vote; leaves a session that is not public; absent, discloses it at the first session they attend after
    learning of it. Article 362 says when that does not apply. Announced beforehand: ``disclosed_on`` is then null.
    """

    endorsement = models.ForeignKey(Endorsement, models.CASCADE, related_name="interests")
    person = models.ForeignKey(
        "alliances.Person", models.SET_NULL, null=True, blank=True, related_name="endorsement_interests"
    )
    elected_as = models.CharField(_("elected as"), max_length=200)
    """The public office: « conseillère du district 3 »."""
    nature = models.CharField(_("nature of the interest"), max_length=500)
    disclosed_on = models.DateField(_("disclosed on"), null=True, blank=True)
    abstained = models.BooleanField(_("abstained from discussion and vote"), default=True)
    left_room = models.BooleanField(_("left the session meanwhile"), default=False)
    was_absent = models.BooleanField(_("was absent from that session"), default=False)

    class Meta:
        ordering = ["endorsement_id", "id"]

    def __str__(self) -> str:
        return f"{self.endorsement_id}: {self.elected_as}"


class DelegateMandate(models.Model):
    """What a delegate must take back to the board of their actor, and what the board answered."""

    class State(models.TextChoices):
        GIVEN = "given", _("mandate given")
        ASKED = "asked", _("gone back to the board")
        ANSWERED = "answered", _("answered")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seat = models.ForeignKey("concertation.Seat", models.PROTECT, related_name="delegate_mandates")
    person = models.ForeignKey(
        "alliances.Person", models.SET_NULL, null=True, blank=True, related_name="delegate_mandates"
    )
    decision = models.ForeignKey(
        "concertation.Decision", models.CASCADE, null=True, blank=True, related_name="delegate_mandates"
    )
    """Null: the standing mandate of the delegate."""
    mandate = models.TextField(_("mandate"), blank=True, max_length=5000)
    question = models.TextField(_("what goes back to the board"), blank=True, max_length=2000)
    board_on = models.DateField(_("board’s meeting"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.GIVEN)
    answer = models.TextField(_("answer"), blank=True, max_length=5000)
    answered_on = models.DateField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return str(self.uuid)


class NoConflict(models.Model):
    """A member whose organisation is concerned says in words why that is no conflict of interest.

    Kept in the log of the item, read by the members of the space. ``found`` says what had been found
    (``endorsements.found.Conflict.key``): something found since is asked about again. Never changed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="no_conflicts")
    reference = models.CharField(max_length=120)
    person = models.ForeignKey("alliances.Person", models.SET_NULL, null=True, blank=True, related_name="no_conflicts")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="no_conflicts")
    words = models.TextField(_("why there is no conflict"), max_length=1000, blank=True)
    found = models.JSONField(default=list, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["reference"], name="concertation_no_conflicts")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.reference}"
