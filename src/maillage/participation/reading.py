"""What someone without account adds is read by two people: one proposes to show it or to refuse it, another agrees.

Statements, ideas and comments on ideas are such rows. Nobody is ever both of the two: the services refuse it, and so do
the constraints of :func:`by_two`.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.text import fold

WORDS = re.compile(r"\w+")
EACH = 50
"""Rows on a page of what is to be read: all of them may be settled at once."""
WAITING_MOST = 20_000
"""Rows of one kind that may wait in a step: a robot that sends ten thousand silences nobody."""
SEEN_UNREAD_MOST = 50
"""Moderated afterwards, rows that everyone may see before two people read them: beyond, new ones wait to be read first.
A robot floods what is to be read, never what people see."""


def folded(text: str) -> str:
    """By which two texts are the same but for capitals, accents, punctuation and spaces."""
    return " ".join(WORDS.findall(fold(text)))


def digest_of(text: str) -> str:
    """A short digest of the folded text, by which the same words are found among thousands; blank for no words."""
    plain = folded(text)
    return hashlib.blake2b(plain.encode(), digest_size=16).hexdigest() if plain else ""


class DigestField(models.CharField):
    """:func:`digest_of` of other columns of the row, kept by whatever writes it whole, ``bulk_create`` included.

    Who writes some columns only names this one too.
    """

    def __init__(self, *args: Any, of: Sequence[str] = (), **kwargs: Any) -> None:
        self.of = tuple(of)
        kwargs.update(max_length=32, blank=True, default="", editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for told in ("max_length", "blank", "default", "editable"):
            kwargs.pop(told, None)
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = digest_of(" ".join(getattr(model_instance, name) for name in self.of))
        setattr(model_instance, self.attname, value)
        return value


class ReadByTwo(models.Model):
    """The two readings of a row. At most one verdict is proposed at a time."""

    checked = models.BooleanField(default=False)
    """False: two people have not read it yet, whether it is shown already (``Moderation.AFTER``) or not."""
    accept_asked_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """Who read it first, and would show it."""
    accepted_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """The second person: never the one who proposed."""
    refuse_asked_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    refused_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """The second person: never the one who asked."""
    note = models.CharField(gettext_lazy("in a few words, for the second person"), max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def proposed(self) -> str:
        """``accept``, ``refuse``, or nothing where nobody has read it, or two have."""
        if self.checked:
            return ""
        if self.refuse_asked_by_id is not None:
            return "refuse"
        return "accept" if self.accept_asked_by_id is not None else ""

    @property
    def proposed_by_id(self) -> int | None:
        return self.refuse_asked_by_id or self.accept_asked_by_id

    @property
    def key(self) -> str:
        """What a page sends back of a row: which one, and what it showed of it."""
        found: uuid.UUID = getattr(self, "uuid", None) or self.pk
        return f"{found}.{self.sign}"

    @property
    def sign(self) -> str:
        """Changes with the words, and with a refusal that is asked for: nobody confirms what they did not read."""
        # One of the two classes has these columns, the other its own.
        words = "\n".join(str(getattr(self, name, "")) for name in ("title", "text"))
        asked = f"{self.reason}\n{self.note}" if self.proposed == "refuse" else ""  # type: ignore[attr-defined]
        return hashlib.blake2b(f"{words}\n{asked}".encode(), digest_size=8).hexdigest()


def by_two(name: str) -> list[models.CheckConstraint]:
    """The constraints of a table of rows read by two; ``name`` begins theirs."""
    return [
        models.CheckConstraint(
            condition=Q(accepted_by=None) | ~Q(accepted_by=F("accept_asked_by")), name=f"{name}_accepted_by_two"
        ),
        models.CheckConstraint(
            condition=Q(refused_by=None) | ~Q(refused_by=F("refuse_asked_by")), name=f"{name}_refused_by_two"
        ),
        models.CheckConstraint(
            condition=Q(accept_asked_by=None) | Q(refuse_asked_by=None), name=f"{name}_one_verdict"
        ),
        models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name=f"{name}_refusal_says_why"),
    ]  # fmt: skip


ASKED = Q(accept_asked_by__isnull=False) | Q(refuse_asked_by__isnull=False)
TO_READ = Q(checked=False) & ~ASKED
TO_CONFIRM = Q(checked=False) & ASKED


def rank(shown: str) -> Case:
    """What waits for a second person, then what nobody has read, then what is shown, then the rest."""
    return Case(
        When(TO_CONFIRM, then=Value(0)), When(TO_READ, then=Value(1)), When(state=shown, then=Value(2)),
        default=Value(3), output_field=IntegerField(),
    )  # fmt: skip


def what_to_do(proposed: str) -> str:
    """What the queue of everything says of a row (:attr:`ReadByTwo.proposed`)."""
    if proposed == "refuse":
        return _("Look at the refusal, then confirm it or not")
    return _("Read it too, then show it or not") if proposed else _("Read it, then accept it or refuse it")


def asked_by(user: Any) -> Q:
    """What this person proposed, and that waits for somebody else."""
    # Never null: what nobody proposed is nobody's, and ``exclude`` must keep it.
    mine = Q(accept_asked_by__isnull=False, accept_asked_by=user.pk)
    return mine | Q(refuse_asked_by__isnull=False, refuse_asked_by=user.pk)


# What a page sends


READ, CONFIRM, ALL = "lire", "confirmer", "tout"


def view_asked(asked: str, counts: dict[str, int]) -> str:
    """Which part of the queue a page shows: what its address says, else the first where something waits."""
    if asked in {READ, CONFIRM, ALL}:
        return asked
    return CONFIRM if counts["for_you"] else READ if counts["unread"] else ALL


def read_keys(keys: Iterable[str]) -> dict[uuid.UUID, str]:
    """The rows that a page sends back, each with what it showed of it; what is no key is left out."""
    found: dict[uuid.UUID, str] = {}
    for key in list(keys)[:EACH]:
        name, _dot, sign = key.partition(".")
        try:
            found[uuid.UUID(name)] = sign[:16]
        except ValueError:
            continue
    return found


def is_full(rows: models.QuerySet[Any], most: int) -> bool:
    """Whether at least so many rows are there: read no further than that."""
    return rows.order_by()[:most].count() >= most


@dataclass
class Outcome:
    """What became of the rows of a page."""

    asked: int = 0
    """Read a first time."""
    shown: int = 0
    refused: int = 0
    back: int = 0
    left: list[str] = field(default_factory=list)
    """Why others are as they were; each reason once."""

    def leave(self, words: Iterable[str]) -> None:
        self.left = list(dict.fromkeys([*self.left, *words]))


def changed_words() -> str:
    return _("What is written changed since you opened the page: read it again.")


def ranges(numbers: Iterable[int], longest: int = 120) -> list[str]:
    """« 3 to 7, 12 »: lines of the public log short enough to be kept whole."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    lines: list[str] = []
    for first, last in runs:
        if first == last:
            said = str(first)
        else:
            said = f"{first}, {last}" if last == first + 1 else _("%(n)s to %(last)s") % {"n": first, "last": last}
        if lines and len(lines[-1]) + len(said) + 2 <= longest:
            lines[-1] += f", {said}"
        else:
            lines.append(said)
    return lines
