"""Consultations, their steps, what is asked in each, who may answer, and the words of other languages."""

from __future__ import annotations

import secrets
import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.core.dates import Dated, DatedQuerySet, once
from maillage.core.text import sort_key
from maillage.participation.vocabulary import About, Access, Counting, Help, Kind, Method

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""No character that is taken for another when it is read from paper or said aloud."""


def short_name() -> str:
    """Six characters for the address that is printed on posters: ``/v/<short>/``."""
    return "".join(secrets.choice(ALPHABET) for _ in range(6))


class Consultation(models.Model):
    """Something people are asked, in one step or several, with what is promised to them."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("consultation", "in preparation")
        OPEN = "open", pgettext_lazy("consultation", "open")
        CLOSED = "closed", pgettext_lazy("consultation", "closed")
        PUBLISHED = "published", pgettext_lazy("consultation", "results published")
        CANCELLED = "cancelled", pgettext_lazy("consultation", "cancelled")

    class Moderation(models.TextChoices):
        BEFORE = "before", _("read by two people before they are shown")
        AFTER = "after", _("shown at once, read by two people afterwards")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    short = models.CharField(max_length=12, unique=True, default=short_name, editable=False)
    alliance = models.ForeignKey("alliances.Alliance", models.CASCADE, related_name="consultations")
    stage = models.ForeignKey(
        "alliances.Stage", models.SET_NULL, null=True, blank=True, related_name="consultations",
        verbose_name=_("stage"),
    )  # fmt: skip
    space = models.ForeignKey(
        "concertation.Space", models.PROTECT, null=True, blank=True, related_name="consultations",
        verbose_name=_("who decides with it"),
    )  # fmt: skip
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=200)
    sort_key = models.CharField(max_length=200, editable=False)
    intro = models.TextField(_("what it is about, in plain words"), blank=True, max_length=2000)
    purpose = models.TextField(_("what it is for"), blank=True, max_length=2000)
    evaluates = models.TextField(_("the action that people look back on"), blank=True, max_length=500)
    """Evaluation of action: the project or plan it is turned on, in words; ``about`` is its reference."""
    about = models.CharField(_("what is held here that people look back on"), max_length=120, blank=True)
    """``room.model:uuid`` of what it is about, where a room of the product holds it."""
    concerns = models.CharField(_("whom this action concerns"), max_length=300, blank=True)
    decided_by = models.CharField(_("who decides with it, in words"), max_length=200, blank=True)
    decided_on = models.DateField(_("when it is decided"), null=True, blank=True)
    promise = models.TextField(_("what is promised to those who answer"), blank=True, max_length=2000)
    is_vote = models.BooleanField(_("what it says is decided: people vote"), default=False)
    """False: people give their opinion, and the buttons say so."""
    access = models.CharField(_("who may answer"), max_length=8, choices=Access, default=Access.OPEN)
    postal_codes = models.CharField(_("postal codes accepted, or their beginnings"), max_length=1000, blank=True)
    """Tidied, with a space between two: « J0K J6E1A1 ». What is typed is compared with them and kept nowhere."""
    other_ways = models.TextField(_("how to answer on paper or by telephone"), blank=True, max_length=1000)
    changeable = models.BooleanField(_("a ballot may be changed with its receipt until the closing"), default=False)
    one_page = models.BooleanField(_("everything on one page"), default=True)
    """False: one idea a screen."""
    policy = models.TextField(_("rules of moderation, published"), blank=True, max_length=5000)
    moderation = models.CharField(
        _("what participants add is"), max_length=8, choices=Moderation, default=Moderation.BEFORE
    )
    kiosk_grace = models.PositiveSmallIntegerField(
        _("minutes left to kiosks to send what they hold, after the closing"), default=0,
        validators=[MaxValueValidator(72 * 60)],
    )  # fmt: skip
    population = models.PositiveIntegerField(_("how many people it concerns"), null=True, blank=True)
    population_source = models.CharField(_("source of that number"), max_length=200, blank=True)
    threshold = models.PositiveSmallIntegerField(
        _("smallest group shown"), default=5, validators=[MinValueValidator(5)]
    )
    language = models.CharField(max_length=8, default="fr")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(_("why it closes before its time"), max_length=500, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(_("why it is cancelled"), max_length=500, blank=True)
    cancel_asked_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    cancelled_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """The second person: never the one who asked. What people sent is destroyed, or never told."""
    reminded_on = models.DateField(null=True, blank=True)
    """The last day when those of the list who had not answered were reminded."""
    published_at = models.DateTimeField(null=True, blank=True)
    publish_asked_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    published_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """The second person: never the one who asked."""
    feedback = models.TextField(_("what was done with it"), blank=True, max_length=10_000)
    feedback_on = models.DateField(null=True, blank=True)
    imported_from = models.CharField(max_length=200, blank=True)
    """Name of the file of a vote held elsewhere; its people never went through the product."""
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("consultation")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(opens_at__lt=F("closes_at")),
                name="participation_opens_before_closing",
            ),
            models.CheckConstraint(condition=Q(threshold__gte=5), name="participation_threshold_at_least_5"),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_why=""), name="participation_cancelled_says_why"
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("publish_asked_by")),
                name="participation_published_by_two",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by=None) | ~Q(cancelled_by=F("cancel_asked_by")),
                name="participation_cancelled_by_two",
            ),
        ]
        indexes = [models.Index(fields=["alliance", "state", "-created_at"], name="participation_list")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.sort_key = sort_key(self.title)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("participation_in:consultation", args=[self.alliance.slug, self.uuid])

    @property
    def reference(self) -> str:
        return f"participation.consultation:{self.uuid}"

    @property
    def is_evaluation(self) -> bool:
        """People look back on something that was done."""
        return bool(self.evaluates.strip() or self.about)


class Step(models.Model):
    """One thing gathered, in its own time. The ballots of a step know nothing of those of another."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("step", "to come")
        OPEN = "open", pgettext_lazy("step", "open")
        CLOSED = "closed", pgettext_lazy("step", "closed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    title = models.CharField(pgettext_lazy("of a text", "title"), max_length=200, blank=True)
    intro = models.TextField(_("what is asked, in plain words"), blank=True, max_length=2000)
    method = models.CharField(_("ballot"), max_length=10, choices=Method, blank=True)
    """Priorities only, as are the six that follow."""
    counting = models.CharField(_("rule of counting"), max_length=14, choices=Counting, blank=True)
    ties = models.CharField(_("equal options are told apart by"), max_length=8, default="cost", blank=True)
    """``maillage.methods.budgeting.Ties``; other rules leave equal options equal."""
    seed = models.CharField(max_length=40, blank=True, default="0")
    envelope_cents = models.BigIntegerField(_("envelope"), null=True, blank=True)
    most_choices = models.PositiveSmallIntegerField(_("choices at most"), null=True, blank=True)
    score_most = models.PositiveSmallIntegerField(
        _("highest score"), default=5, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    """Null, as for ``closes_at``: with the consultation."""
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    closed_at = models.DateTimeField(null=True, blank=True)
    after = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="next")
    """The step whose outcome it starts from: ideas gathered, then prioritised."""

    class Meta:
        ordering = ["consultation_id", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(opens_at__lt=F("closes_at")),
                name="participation_step_opens_first",
            ),
            models.CheckConstraint(
                condition=Q(envelope_cents=None) | Q(envelope_cents__gt=0), name="participation_envelope_positive"
            ),
            models.CheckConstraint(
                condition=~Q(kind="priorities") | (~Q(method="") & ~Q(counting="")),
                name="participation_priorities_have_a_method",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    @property
    def alliance(self):  # the rules ask it
        return self.consultation.alliance


class Option(models.Model):
    """A problem, an objective or a project to choose from. Withdrawn while open: it stays, and says why."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    step = models.ForeignKey(Step, models.CASCADE, related_name="options")
    number = models.PositiveSmallIntegerField()
    """As printed on paper and written in the published file; never given again."""
    label = models.CharField(_("name"), max_length=200)
    text = models.TextField(_("in plain words"), blank=True, max_length=2000)
    cost_cents = models.BigIntegerField(_("cost"), null=True, blank=True)
    picture = models.ForeignKey("core.Document", models.PROTECT, null=True, blank=True, related_name="+")
    picture_alt = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    source = models.CharField(max_length=120, blank=True)
    """``participation.idea:uuid``, or the id that the imported file gives."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(_("why it is withdrawn"), max_length=500, blank=True)

    class Meta:
        ordering = ["step_id", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "number"], name="participation_option_number_once"),
            models.CheckConstraint(
                condition=Q(cost_cents=None) | Q(cost_cents__gte=0), name="participation_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_why=""), name="participation_withdrawn_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def alliance(self):  # the rules ask it
        return self.step.consultation.alliance


class CodeVoid(models.Model):
    """A code that stops working: lost, or in the wrong hands. Two people; the public log says it, without name."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="code_voids")
    elector = models.OneToOneField("participation.Elector", models.CASCADE, related_name="void")
    why = models.CharField(_("why"), max_length=300)
    replaced = models.BooleanField(_("give another code"), default=True)
    asked_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """The second person: never the one who asked."""
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["consultation_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")), name="participation_void_by_two"
            )
        ]

    def __str__(self) -> str:
        return str(self.elector_id)


class Asked(models.Model):
    """An act on a consultation under way that nobody does alone: one person asks, another one confirms.

    Until then nothing changes for those who answer. What was not confirmed when it closes falls.
    """

    class Kind(models.TextChoices):
        WITHDRAW = "withdraw", _("Withdraw an option")
        CLOSE = "close", _("Close before its time")
        EXTEND = "extend", _("Put the closing later")
        CODES = "codes", _("Print more codes")
        LIST = "list", _("Add people to the list")
        WORDS = "words", _("Write texts in another language")
        QUESTION = "question", _("Put a wording right")
        IDEAS = "ideas", _("Have people choose among ideas")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("asked", "waits for a second person")
        AGREED = "agreed", pgettext_lazy("asked", "confirmed, still to be done")
        DONE = "done", pgettext_lazy("asked", "confirmed, and done")
        DROPPED = "dropped", pgettext_lazy("asked", "not confirmed")
        LAPSED = "lapsed", pgettext_lazy("asked", "fallen: it closed before a second person confirmed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="asked")
    step = models.ForeignKey(Step, models.CASCADE, null=True, blank=True, related_name="asked")
    """The step whose closing makes it fall; null: that of the consultation."""
    kind = models.CharField(max_length=10, choices=Kind)
    subject = models.CharField(max_length=80, blank=True)
    """What it is about, where a kind has several: the option, the lot, the language. Asked once at a time."""
    given = models.JSONField(default=dict, blank=True)
    """What is to be done, by kind; people only while it waits."""
    why = models.CharField(_("why"), max_length=500)
    asked_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    confirmed_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """The second person: never the one who asked."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["consultation_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")), name="participation_asked_by_two"
            ),
            models.UniqueConstraint(
                fields=["consultation", "kind", "subject"], condition=Q(state__in=["waiting", "agreed"]),
                name="participation_asked_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject}".strip()


class ConsultationLanguage(models.Model):
    """A language beyond French and English that the ballot is offered in."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="languages")
    code = models.CharField(_("code"), max_length=8)
    name = models.CharField(_("name, in that language"), max_length=60)
    right_to_left = models.BooleanField(_("written from right to left"), default=False)

    class Meta:
        ordering = ["consultation_id", "code"]
        constraints = [models.UniqueConstraint(fields=["consultation", "code"], name="participation_language_once")]

    def __str__(self) -> str:
        return self.name


class Wording(models.Model):
    """A text of a consultation in another language: English, or one of ``ConsultationLanguage``.

    ``key``: ``title``, ``intro``, ``purpose``, ``promise``,
    ``other_ways``, ``step:<uuid>:title``, ``step:<uuid>:intro``, ``option:<uuid>:label``,
    ``option:<uuid>:text``, ``question:<uuid>:label``, ``choice:<uuid>:<code>``, ``statement:<uuid>``, ``ui:<code>``
    (the words of the page itself, in a language that the product does not speak).
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=8)
    key = models.CharField(max_length=120)
    text = models.TextField(max_length=5000)

    class Meta:
        ordering = ["consultation_id", "language", "key"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "language", "key"], name="participation_wording_once")
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.key}"


class AboutQuestion(models.Model):
    """An optional question « about you », with what it is asked for."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="about_questions")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("question"), max_length=12, choices=About)
    purpose = models.CharField(_("what the answer is for"), max_length=300)
    choices = models.JSONField(default=list, blank=True)
    """``[{"code": …, "fr": …, "en": …}]``; empty: the usual ones of the kind."""

    class Meta:
        ordering = ["consultation_id", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["consultation", "kind"], name="participation_about_once")]

    def __str__(self) -> str:
        return self.get_kind_display()


class Helper(Dated):
    """A person trusted with a part of a consultation, while it lasts: what they did is in the public log."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="helpers")
    person = models.ForeignKey("alliances.Person", models.CASCADE, related_name="consultations_helped")
    help = models.CharField(_("does what"), max_length=10, choices=Help)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["consultation_id", "id"]
        constraints = [
            Dated.interval("participation_helper"),
            *once("participation_helper_once", "consultation", "person", "help"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.help}"

    @property
    def alliance(self):  # the rules ask it
        return self.consultation.alliance


class FeedbackLink(models.Model):
    """What the alliance decided with it: a decision of the product, or another room's row by its reference."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="feedback_links")
    decision = models.ForeignKey(
        "concertation.Decision", models.PROTECT, null=True, blank=True, related_name="consultations"
    )
    reference = models.CharField(max_length=120, blank=True)
    label = models.CharField(_("in a few words"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["consultation_id", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision=None) | ~Q(reference="") | ~Q(label=""),
                name="participation_feedback_says_something",
            )
        ]

    def __str__(self) -> str:
        return self.label or self.reference or str(self.decision_id)
