"""What every act on ideas stands on: the step under its lock, texts made tidy, what is still open."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maillage.core.locks import lock
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.ideas.models import Idea
from maillage.participation.vocabulary import Kind

C = Consultation.State
TITLE_MOST, TEXT_MOST, COMMENT_MOST = 200, 2000, 1000
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
"""Signs that show nothing, or that turn the direction of what follows."""


def is_open(step: Step, now: dt.datetime) -> bool:
    end = step.closes_at or step.consultation.closes_at
    return step.consultation.state == C.OPEN and step.state == Step.State.OPEN and (end is None or now < end)


def tidy(text: str) -> str:
    """Without signs that hide or turn the rest; lines stay."""
    plain = CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(" ".join(line.split()) for line in plain.strip().split("\n"))


def one_line(text: str) -> str:
    return " ".join(tidy(text).split())


def too_long(text: str, most: int) -> str:
    """A sentence where it is; nothing otherwise."""
    if len(text) <= most:
        return ""
    return _("Your text has %(n)s signs. Shorten it to %(most)s at most: it is still here.") % {
        "n": len(text), "most": most,
    }  # fmt: skip


def locked(step: Step) -> Step:
    """The step read again under its lock, with the consultation as it now stands."""
    found = lock(step)
    found.consultation = Consultation.objects.select_related("alliance__parent").get(pk=found.consultation_id)
    if found.kind != Kind.IDEAS:
        raise ValidationError(_("This step gathers no ideas."))
    return found


def still_moves(step: Step) -> None:
    """Errors: ``ValidationError`` once the results are published, or where it is cancelled."""
    if step.consultation.state == C.CANCELLED:
        raise ValidationError(_("The consultation is cancelled: nothing changes any more."))
    if step.consultation.state == C.PUBLISHED:
        raise ValidationError(_("The results are published: nothing changes any more."))


def next_number(step: Step) -> int:
    """The number of a new idea. The caller holds the step."""
    return drawn(set(Idea.objects.filter(step=step).values_list("number", flat=True)))


def drawn(taken: Collection[int]) -> int:
    """A free number at random: counted, numbers would say in which order ideas came. Three figures, easy to say aloud;
    more where half of those are taken, which tells of the later ones that they are."""
    low = 100
    while len(taken) * 2 >= low * 9:
        low *= 10
    while (found := low + secrets.randbelow(low * 9)) in taken:
        pass
    return found
