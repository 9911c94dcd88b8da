"""Organisations known to the instance, and actors: their dated presence in one alliance."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.actors.vocabulary import ActorType
from maillage.core.dates import Dated, DatedQuerySet
from maillage.core.text import sort_key


class Organisation(models.Model):
    """Known once to the instance: public facts and identifiers only. Everything private hangs on actors."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=300)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    website = models.URLField(_("website"), blank=True)

    class Meta:
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)


class OrganisationIdentifier(models.Model):
    """A public identifier (NEQ, charity number…), or a hint from an imported file (scheme ``import``)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=30)
    value = models.CharField(max_length=80)

    class Meta:
        ordering = ["scheme", "value", "id"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "value"], name="actors_identifier_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class ActorQuerySet(DatedQuerySet):
    def current(self) -> ActorQuerySet:
        """Actors that were not absorbed by another in a merge."""
        return self.filter(merged_into=None)


class Actor(Dated):
    """The presence of an organisation (or of a college of citizens) in one alliance."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="actors")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="actors")
    name = models.CharField(_("name"), max_length=300)
    sort_key = models.CharField(max_length=200, editable=False)
    type = models.CharField(_("type"), max_length=20, choices=ActorType, default=ActorType.UNSPECIFIED)
    mission = models.TextField(_("mission"), blank=True, max_length=5000)
    website = models.URLField(_("website"), blank=True)
    territory = models.ForeignKey(
        "territories.Territory", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("territory")
    )
    is_public = models.BooleanField(_("shown in public"), default=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="absorbed")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ActorQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        verbose_name = _("actor")
        constraints = [
            Dated.interval("actors_actor"),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="actors_not_into_itself"),
        ]
        indexes = [
            models.Index(fields=["alliance", "sort_key", "id"], name="actors_directory"),
            models.Index(fields=["alliance", "type"], name="actors_by_type"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("actors_in:actor", args=[self.alliance.slug, self.uuid])


class ActorAlias(models.Model):
    """Another spelling of the actor's name, as a file or a merge brought it: found by search and imports."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=300)
    folded = models.CharField(max_length=300, db_index=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["actor", "name"], name="actors_alias_once")]

    def __str__(self) -> str:
        return self.name


class ActorField(models.Model):
    """A sector, field or scale (``scheme``) that an actor works in (``code`` of ``alliances.Term``)."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="tags")
    scheme = models.CharField(max_length=40)
    code = models.SlugField(max_length=60)

    class Meta:
        ordering = ["scheme", "code", "id"]
        constraints = [models.UniqueConstraint(fields=["actor", "scheme", "code"], name="actors_tag_once")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code}"


class Mandate(Dated):
    """A person speaks for an actor, while this holds. Private: in public, the actor's name stands."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("alliances.Person", models.CASCADE, related_name="mandates")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="mandates")
    title = models.CharField(_("title or function"), max_length=120, blank=True)
    is_contact = models.BooleanField(_("writes and answers for the organisation"), default=False)
    """Receives what is sent to the actor: campaigns of ties, requests."""

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["since", "id"]
        constraints = [Dated.interval("actors_mandate")]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.actor_id}"


class ActorMerge(models.Model):
    """Two actors became one; ``trace`` says what moved, so that it can be undone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="actor_merges")
    kept = models.ForeignKey(Actor, models.PROTECT, related_name="merges_kept")
    absorbed = models.ForeignKey(Actor, models.PROTECT, related_name="merges_absorbed")
    trace = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.absorbed_id} into {self.kept_id}"


class NotDuplicate(models.Model):
    """A person said these two are not the same: they are not proposed again. ``first`` has the lower id."""

    first = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    second = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["first_id", "second_id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="actors_not_duplicate_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="actors_not_duplicate_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"


class DuplicateProposal(models.Model):
    """Two actors whose names look alike, found by ``methods.matching``. Derived: found again at any time."""

    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="duplicate_proposals")
    first = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    second = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    """``[[code, one, other], …]``: see ``actors.reasons``."""

    class Meta:
        ordering = ["-score", "first_id", "second_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="actors_proposal_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="actors_proposal_order"),
        ]
        indexes = [models.Index(fields=["alliance", "-score"], name="actors_proposals")]

    def __str__(self) -> str:
        return f"{self.first_id} may be {self.second_id}"


from maillage.actors.interests.models import Interest, InterestReview, Withdrawal, WithdrawalNote  # noqa: E402
from maillage.actors.participation.models import Participation  # noqa: E402
from maillage.actors.ties.models import CampaignReply, Offering, Tie, TieCampaign, TieImport  # noqa: E402

__all__ = [
    "Actor", "ActorAlias", "ActorField", "ActorMerge", "CampaignReply", "DuplicateProposal", "Interest",
    "InterestReview", "Mandate", "NotDuplicate", "Offering", "Organisation", "OrganisationIdentifier", "Participation",
    "Tie", "TieCampaign", "TieImport", "Withdrawal", "WithdrawalNote",
]  # fmt: skip
