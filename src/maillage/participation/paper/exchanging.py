"""A sheet of paper against a code, or a name of the list: one person, one ballot, whichever way they answer.

An exchange writes the turnout that a ballot sent on line would have written, and adds one to the batch. Nothing else:
no line in a log, no instant, no number of a code. So nothing tells afterwards who took paper, and **nothing takes an
exchange back**: whoever could undo one could undo the turnout of a ballot that is in the urn, and answer twice.

A sheet that is keyed in beyond those exchanged was given without a code: two people say why it counts, or the whole
batch is voided.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core.access import require
from maillage.core.text import sort_key
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.paper import keeping
from maillage.participation.paper.models import Batch, KeyedSheet
from maillage.participation.paper.services import held, in_time, record, told
from maillage.participation.urn import errors, seal
from maillage.participation.urn import services as urn
from maillage.participation.urn.models import Elector
from maillage.participation.vocabulary import Access

S = Batch.State
HANDED = frozenset({S.PRINTED, S.OUT, S.KEYING})
"""States in which sheets of a batch may still be handed out."""
KEPT, SIGNS = 8, 24
"""Exchanges that are known when they are sent twice, and the signs each is known by."""
FOUND = 12
"""People shown of a list at a time."""


@dataclass(frozen=True)
class Given:
    """``again``: this very exchange had already been made (its answer was lost, or Enter was struck twice)."""

    batch: Batch
    again: bool = False


def new_nonce() -> str:
    return secrets.token_urlsafe(18)


def is_handed_out(batch: Batch) -> bool:
    """Whether sheets of this batch are given against a code today; the service looks at the hour again."""
    step = batch.step
    opened = step.consultation.state == Consultation.State.OPEN and step.state == Step.State.OPEN
    return keeping.is_tied(step.consultation) and opened and batch.state in HANDED


@transaction.atomic
def exchange_code(*, batch: Batch, code: str, nonce: str, by: Any, now: dt.datetime) -> Given:
    """Take the right to answer that this code gives, for one sheet of the batch.

    ``code``: as typed or scanned, alone or at the end of an address. ``nonce``: random signs that the page carried.
    Errors: ``PermissionDenied``; ``ValidationError`` for a code that is unknown, void or used, a step that is not open,
    a batch whose sheets are all given.
    """
    require(by, "participation.key_paper", batch)
    found = _handed(batch)
    typed = code.rsplit("#", 1)[-1].strip()
    if not typed:
        raise ValidationError(_("Type the code that is on the person’s slip."))
    try:
        elector = urn.find_elector(found.step.consultation, typed)
    except errors.CodeUnknown as unknown:
        if urn.key_is_lost(found.step):
            raise ValidationError(_("For the moment, the server cannot check any code: give no ballot.")) from unknown
        raise ValidationError(
            _("This code is not known, or is void: no paper ballot is given. Check each sign.")
        ) from unknown
    return _exchange(found, elector, nonce, now, _("This code has already been used: no paper ballot is given."))


@transaction.atomic
def exchange_person(*, batch: Batch, elector: Elector, nonce: str, by: Any, now: dt.datetime) -> Given:
    """The same, for someone of a list, known by their name. Errors: as :func:`exchange_code`."""
    require(by, "participation.key_paper", batch)
    found = _handed(batch)
    if found.step.consultation.access != Access.LIST or elector.person_id is None:
        raise ValidationError(_("Here a paper ballot is given against a code."))
    said = _("This person has already answered, or has a paper ballot: no other one is given.")
    return _exchange(found, elector, nonce, now, said)


def _handed(batch: Batch) -> Batch:
    """The batch under the locks. Errors: ``ValidationError`` where none of its sheets is given against a code."""
    found = held(batch)
    if not keeping.is_tied(found.step.consultation):
        raise ValidationError(_("Here a paper ballot is given to whoever asks for one: there is no code."))
    if found.state not in HANDED:
        raise ValidationError(_("No sheet of this batch is handed out any more."))
    return found


def _exchange(found: Batch, elector: Elector, nonce: str, now: dt.datetime, used: str) -> Given:
    tag = _tag(found, elector, nonce)
    known = found.just_given.split()
    if tag in known:
        return Given(found, again=True)
    if found.exchanged >= found.printed:
        raise ValidationError(_("All the sheets of this batch are given: take another batch."))
    try:
        urn.give_paper(step=found.step, elector=elector, now=now)
    except errors.CodeUsed as refused:
        raise ValidationError(used) from refused
    except errors.CodeUnknown as refused:
        raise ValidationError(_("This code is void: no paper ballot is given.")) from refused
    except errors.NotOpen as refused:
        raise ValidationError(_("This step is not open now: no paper ballot is given.")) from refused
    found.exchanged += 1
    found.just_given = " ".join([*known, tag][-KEPT:])
    if found.state == S.PRINTED:
        found.state = S.OUT
    found.save(update_fields=["exchanged", "just_given", "state"])
    return Given(found)


def _tag(batch: Batch, elector: Elector, nonce: str) -> str:
    """Without the nonce, which is kept nowhere, nobody computes it: it says nothing of who."""
    key = seal.derive("maillage exchange", batch.uuid.bytes)
    return hmac.new(key, f"{elector.pk} {nonce}".encode(), "sha256").hexdigest()[:SIGNS]


def people_named(consultation: Consultation, typed: str) -> list[Elector]:
    """Those of the list whose name holds each word typed; never whether they answered. One query."""
    words = sort_key(typed).split()
    if consultation.access != Access.LIST or not words or len(typed.strip()) < 2:
        return []
    rows = Elector.objects.filter(consultation=consultation, voided_at=None, person__erased_at=None)
    wanted = Q()
    for word in words[:6]:
        wanted &= Q(person__sort_key__contains=word)
    return list(
        rows.exclude(person=None).filter(wanted).select_related("person").order_by("person__sort_key", "pk")[:FOUND]
    )


# More sheets than codes


def _counted(found: Batch) -> int:
    """How many sheets the batch is known to have: those accepted, else those that both readings have."""
    if found.state == S.ACCEPTED:
        return found.counted + found.spoilt
    return KeyedSheet.objects.filter(batch=found, round=1).count()


def to_settle(batch: Batch) -> int:
    """How many sheets given without a code wait for two people to say why they count."""
    if batch.state not in {S.COMPARED, S.ACCEPTED} or batch.untied_at is not None:
        return 0
    return keeping.untied(batch, _counted(batch))


def _unsettled(batch: Batch) -> Batch:
    found = held(batch)
    in_time(found.step.consultation)
    if not to_settle(found):
        raise ValidationError(_("Nothing is to be decided about sheets given without a code."))
    return found


@transaction.atomic
def propose_untied(*, batch: Batch, why: str, by: Any, via: str = "web") -> Batch:
    """The first of two people says why the sheets given without a code count; the reason is public.

    Errors: ``PermissionDenied``; ``ValidationError`` without a reason, or where no such sheet is to be decided.
    """
    require(by, "participation.key_paper", batch)
    if not why.strip():
        raise ValidationError({"why": _("Say why these sheets count: the reason is public.")})
    found = _unsettled(batch)
    found.untied_why, found.untied_asked_by = why.strip()[:500], by
    found.save(update_fields=["untied_why", "untied_asked_by"])
    record("batch_untied_proposed", found, by, via, sheets=to_settle(found))
    return found


@transaction.atomic
def confirm_untied(*, batch: Batch, why: str, by: Any, now: dt.datetime, via: str = "web") -> Batch:
    """The second person agrees with the reason they read (``why``). Whoever does not voids the batch instead.

    Errors: ``ValidationError`` for whoever proposed it, where nobody did, or where the reason has changed.
    """
    require(by, "participation.key_paper", batch)
    found = _unsettled(batch)
    if found.untied_asked_by_id is None:
        raise ValidationError(_("Someone says first why these sheets count."))
    if found.untied_asked_by_id == by.pk:
        raise ValidationError(_("You proposed it: a second person confirms."))
    if found.untied_why != why:
        raise ValidationError(_("Another reason was given meanwhile: look at it again."))
    number = to_settle(found)
    found.untied_by, found.untied_at = by, now
    found.save(update_fields=["untied_by", "untied_at"])
    entry = record("batch_untied_settled", found, by, via, sheets=number)
    more = ngettext("%(n)s sheet given without a code", "%(n)s sheets given without a code", number) % {"n": number}
    told(found, "paper-untied", by, entry, now, why=found.untied_why, more=more)
    return found
