"""Alliances, their cycles, the people known to them and what those people may do there."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from maillage.core.dates import Dated, DatedQuerySet, once
from maillage.core.text import sort_key


def validate_time_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(value)s” is not a time zone."), params={"value": value})


class Alliance(models.Model):
    """One lasting concertation. Permanent: periods are cycles. A regional one has local ones as children."""

    class Scale(models.TextChoices):
        REGIONAL = "regional", _("regional")
        LOCAL = "local", _("local")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200, help_text=_("In full: Alliance pour la solidarité de…"))
    short_name = models.CharField(_("short name"), max_length=80, help_text=_("As in the header: MRC de…"))
    tagline = models.CharField(_("title of the home page"), max_length=120, blank=True)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    scale = models.CharField(_("scale"), max_length=10, choices=Scale, default=Scale.LOCAL)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("regional alliance"),
    )
    territories: models.ManyToManyField = models.ManyToManyField(
        "territories.Territory", through="AllianceTerritory", related_name="alliances"
    )
    summary = models.TextField(_("in a few words"), blank=True, max_length=2000)
    mandatary = models.CharField(_("mandated organisation"), max_length=200, blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="America/Toronto", validators=[validate_time_zone]
    )
    offers_english = models.BooleanField(_("pages offered in English too"), default=True)
    is_public = models.BooleanField(_("public pages open"), default=False)
    fictional = models.BooleanField(default=False, editable=False)
    threshold = models.PositiveSmallIntegerField(
        _("smallest group shown"), default=5, validators=[MinValueValidator(5)],
        help_text=_("No group smaller than this is ever shown."),
    )  # fmt: skip
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["sort_key", "id"]
        verbose_name = _("alliance")
        constraints = [
            models.CheckConstraint(condition=Q(threshold__gte=5), name="alliances_threshold_at_least_5"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="alliances_not_own_parent"),
        ]

    def __str__(self) -> str:
        return self.short_name

    def save(self, *args, **kwargs) -> None:
        self.sort_key = sort_key(self.short_name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("alliances_in:home", args=[self.slug])

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def today(self, now: dt.datetime | None = None) -> dt.date:
        """The date it is in the alliance's own time zone."""
        return (now or timezone.now()).astimezone(self.zone).date()


class FormerSlug(models.Model):
    """An address the alliance once had: it redirects, and nobody else may take it."""

    slug = models.SlugField(max_length=60, unique=True)
    alliance = models.ForeignKey(Alliance, models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug


class AllianceTerritory(Dated):
    """What an alliance covers, while it does. Some alliances rest on no territory (nations, CSSSPNQL)."""

    alliance = models.ForeignKey(Alliance, models.CASCADE, related_name="coverage")
    territory = models.ForeignKey("territories.Territory", models.PROTECT, related_name="coverage")

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            Dated.interval("alliances_territory"),
            *once("alliances_territory_once", "alliance", "territory"),
        ]

    def __str__(self) -> str:
        return f"{self.alliance_id}: {self.territory_id}"


class Term(models.Model):
    """A word of an extendable list. A local term (``alliance`` set) counts as one of the fixed codes."""

    scheme = models.CharField(max_length=40)
    code = models.SlugField(max_length=60)
    fr = models.CharField(max_length=200)
    en = models.CharField(max_length=200, blank=True)
    alliance = models.ForeignKey(Alliance, models.CASCADE, null=True, blank=True, related_name="terms")
    counts_as = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["scheme", "position", "code", "id"]
        constraints = [
            *once("alliances_term_once", "scheme", "code", or_none="alliance"),
            models.CheckConstraint(
                condition=Q(alliance=None) | ~Q(counts_as=""), name="alliances_local_term_counts_as"
            ),
        ]

    def __str__(self) -> str:
        return self.fr

    @property
    def label(self) -> str:
        """In the reader's language, French where there is no English."""
        return (self.en or self.fr) if get_language() == "en" else self.fr


class Cycle(Dated):
    """A period of an alliance."""

    alliance = models.ForeignKey(Alliance, models.CASCADE, related_name="cycles")
    name = models.CharField(_("name"), max_length=120)
    notes = models.TextField(_("notes"), blank=True, max_length=5000)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [Dated.interval("alliances_cycle")]

    def __str__(self) -> str:
        return self.name


class Agreement(Dated):
    """What the mandatary signed for a cycle. The envelope is in cents; unknown is null, never zero."""

    cycle = models.OneToOneField(Cycle, models.CASCADE, related_name="agreement")
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=200)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    envelope_cents = models.BigIntegerField(_("envelope"), null=True, blank=True)
    modulations = models.TextField(_("local modulations"), blank=True, max_length=5000)
    document = models.ForeignKey(
        "core.Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            Dated.interval("alliances_agreement"),
            models.CheckConstraint(
                condition=Q(envelope_cents=None) | Q(envelope_cents__gte=0),
                name="alliances_envelope_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgreementParty(models.Model):
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    name = models.CharField(_("name"), max_length=200)
    capacity = models.CharField(_("signs as"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Stage(Dated):
    """A stage of a cycle. The five of the method may be renamed, repeated, overlap; others may be added."""

    class Kind(models.TextChoices):
        PORTRAIT = "portrait", _("portrait and diagnosis")
        PLAN = "plan", _("shared vision and action plan")
        PLANNING = "planning", _("planning of operations and governance")
        IMPLEMENTATION = "implementation", _("implementation")
        EVALUATION = "evaluation", _("follow-up, evaluation and feedback")
        OTHER = "other", _("other stage")

    class State(models.TextChoices):
        PLANNED = "planned", _("to come")
        ACTIVE = "active", _("under way")
        DONE = "done", _("done")

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="stages")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    summary = models.TextField(_("where it stands"), blank=True, max_length=2000)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [Dated.interval("alliances_stage")]

    def __str__(self) -> str:
        return self.name


class Deliverable(models.Model):
    stage = models.ForeignKey(Stage, models.CASCADE, related_name="deliverables")
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=200)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class Person(models.Model):
    """A human known to one alliance, with or without an account. Erased: the row stays, empty."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey(Alliance, models.CASCADE, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="persons")
    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["sort_key", "id"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "user"],
                condition=Q(user__isnull=False),
                name="alliances_person_user_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)


class Role(Dated):
    """What a person may do in the alliance, from a date and until another. Ended: access ends at once.

    ``REGIONAL`` (coordinator) also sees the child alliances of the alliance it is held in.
    """

    class Kind(models.TextChoices):
        AGENT = "agent", _("agent")
        REGIONAL = "regional", _("regional coordinator")
        MEMBER = "member", _("member")
        EVALUATOR = "evaluator", _("evaluator")
        ELECTED = "elected", _("elected official")
        ACCOMPANYING = "accompanying", _("accompanying professional")
        TREASURER = "treasurer", _("treasurer")
        OBSERVER = "observer", _("observer")

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    kind = models.CharField(_("role"), max_length=20, choices=Kind)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "since", "id"]
        constraints = [Dated.interval("alliances_role")]
        indexes = [models.Index(fields=["person", "kind"], name="alliances_role_person_kind")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"


class DelegatedPower(Dated):
    """A power the tables have delegated to the agent (or another role), with the decision it comes from."""

    alliance = models.ForeignKey(Alliance, models.CASCADE, related_name="delegated_powers")
    role_kind = models.CharField(_("given to"), max_length=20, choices=Role.Kind, default=Role.Kind.AGENT)
    title = models.CharField(_("power"), max_length=200)
    limits = models.TextField(_("limits"), blank=True, max_length=2000)
    given_by = models.CharField(_("given by"), max_length=200)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["role_kind", "title", "id"]
        constraints = [Dated.interval("alliances_delegated_power")]

    def __str__(self) -> str:
        return self.title


class Invitation(models.Model):
    """An invitation to hold a role, sent by e-mail. Only the digest of its token is kept."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey(Alliance, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    role_kind = models.CharField(_("role"), max_length=20, choices=Role.Kind)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return str(self.uuid)


class MemoryEvent(models.Model):
    """A line of the memory written by hand. Without alliance: a national event, the same for all."""

    class Precision(models.TextChoices):
        DAY = "day", _("day")
        MONTH = "month", _("month")
        YEAR = "year", _("year")

    class Kind(models.TextChoices):
        MILESTONE = "milestone", _("milestone")
        CONTEXT = "context", _("context")
        ELECTION = "election", _("election")
        PEOPLE = "people", _("change of people")
        LAW = "law", _("law or programme")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey(Alliance, models.CASCADE, null=True, blank=True, related_name="memory")
    on = models.DateField(_("date"))
    precision = models.CharField(_("precision"), max_length=5, choices=Precision, default=Precision.DAY)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.MILESTONE)
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=200)
    body = models.TextField(_("text"), blank=True, max_length=5000)
    title_en = models.CharField(max_length=200, blank=True)
    body_en = models.TextField(blank=True, max_length=5000)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_public = models.BooleanField(_("public"), default=True)
    is_key = models.BooleanField(_("turning point"), default=False)
    language = models.CharField(max_length=2, choices=[("fr", "Français"), ("en", "English")], default="fr")

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return self.title


from maillage.alliances.acts.models import ActInName, Appeal  # noqa: E402
from maillage.alliances.links.models import PersonLink  # noqa: E402
from maillage.alliances.notices.models import Notice, NoticeChoice  # noqa: E402

__all__ = [
    "ActInName", "Agreement", "AgreementParty", "Alliance", "AllianceTerritory", "Appeal", "Cycle", "DelegatedPower",
    "Deliverable", "FormerSlug", "Invitation", "MemoryEvent", "Notice", "NoticeChoice", "Person", "PersonLink", "Role",
    "Stage", "Term",
]  # fmt: skip
