"""From what a page sent to ballots in the urn. No request, no user: whoever answers has none."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import OperationalError

from maillage.participation import kinds
from maillage.participation.consultations.access import postal_matches
from maillage.participation.consultations.models import AboutQuestion, Consultation, Step
from maillage.participation.kinds import Read, StepKind
from maillage.participation.urn import errors as refused
from maillage.participation.urn import services as urn
from maillage.participation.urn.models import Elector
from maillage.participation.vocabulary import ONE_BALLOT_EACH, Access, Channel
from maillage.participation.voting import about

NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
ON_SITE = frozenset({Channel.KIOSK, Channel.HELPED})


@dataclass(frozen=True)
class Part:
    """A step as the page asks it."""

    step: Step
    kind: StepKind
    prefix: str


@dataclass(frozen=True)
class Reading:
    """What was sent, read: nothing is in the urn yet."""

    parts: Sequence[Part]
    reads: Mapping[Step, Read]
    about: str
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def contents(self) -> dict[Step, str]:
        return {step: read.content for step, read in self.reads.items()}

    @property
    def answered(self) -> int:
        return sum(read.answered for read in self.reads.values())


@dataclass(frozen=True)
class Outcome:
    """What became of a ballot. ``state``: a code that the page turns into a sentence (``voting.words``)."""

    state: str
    receipt: str = ""
    again: bool = False

    @property
    def counted(self) -> bool:
        return self.state in {"counted", "partly"}


def new_nonce() -> str:
    return secrets.token_urlsafe(18)


def tidy_nonce(typed: str) -> str:
    """The nonce that the page carried, or a new one where there is none worth the name."""
    return typed if NONCE.fullmatch(typed) else new_nonce()


def closing_of(step: Step) -> dt.datetime | None:
    return step.closes_at or step.consultation.closes_at


def is_open(step: Step, now: dt.datetime, channel: str = Channel.ONLINE) -> bool:
    """Whether the page may still ask it: its hour counts, whether the worker has closed it or not."""
    consultation, end = step.consultation, closing_of(step)
    grace = dt.timedelta(minutes=consultation.kiosk_grace) if channel == Channel.KIOSK else dt.timedelta()
    return (
        consultation.state == Consultation.State.OPEN
        and step.state == Step.State.OPEN
        and (end is None or now < end + grace)
    )


def parts_of(consultation: Consultation) -> list[Part]:
    """The steps that a ballot may answer, open or not; a kind that no part has registered is left out."""
    found = []
    for step in sorted(consultation.steps.all(), key=lambda step: (step.position, step.pk)):
        step.consultation = consultation
        if kinds.is_in_ballot(step):
            found.append(Part(step, kinds.of(step), kinds.field_prefix(step)))
    return found


def read(parts: Sequence[Part], questions: Sequence[AboutQuestion], typed: Mapping[str, Sequence[str]]) -> Reading:
    reads = {part.step: part.kind.read(part.step, typed) for part in parts}
    told = {name: words for one in reads.values() for name, words in one.errors.items()}
    return Reading(parts, reads, about.read(questions, typed), told)


def typed_back(parts: Sequence[Part], consultation: Consultation, receipt: str) -> dict[str, list[str]]:
    """What the envelopes of this receipt hold, as a form would send it. Errors: those of ``urn.read_back``."""
    found: dict[str, list[str]] = {}
    for part in parts:
        sealed = urn.read_back(consultation=consultation, receipt=receipt, step=part.step)
        found |= {name: list(values) for name, values in part.kind.typed(part.step, sealed.content).items()}
        found |= about.typed(sealed.about)
    return found


def postal_trouble(consultation: Consultation, typed: str) -> str:
    """The code of a sentence of ``voting.words``; empty where the postal code is of the territory."""
    found = postal_matches(consultation.postal_codes, typed)
    return "postal_missing" if found is None else "" if found else "postal_outside"


def needs_code(consultation: Consultation) -> bool:
    return consultation.access in ONE_BALLOT_EACH


def code_trouble(consultation: Consultation, typed: str) -> str:
    """For what is no ballot (an idea, a sentence, a testimony): why the code typed opens nothing; empty where it does,
    or where none is asked.

    Read only: whether the code has answered is neither asked nor marked, and nothing ties it to what is sent with it.
    """
    if not needs_code(consultation):
        return ""
    if not typed.strip():
        return "code_missing"
    try:
        urn.find_elector(consultation, typed)
    except refused.CodeUnknown:
        return "key_lost" if any(map(urn.key_is_lost, consultation.steps.all())) else "code_unknown"
    return ""


def needs_postal(consultation: Consultation, channel: str) -> bool:
    return consultation.access == Access.POSTAL and channel not in ON_SITE


def cast(
    *,
    consultation: Consultation,
    reading: Reading,
    channel: str = Channel.ONLINE,
    code: str = "",
    nonce: str,
    now: dt.datetime,
) -> Outcome:
    """Put it in the urn. What was refused is told by a code; nothing is written then, and what was typed stays."""
    try:
        return _cast(consultation, reading, channel, code, nonce, now)
    except (refused.Busy, OperationalError):
        # Nothing was written, or it was and is found again: the page, or the phone by itself, sends it again.
        return Outcome("busy")
    except refused.KeyLost:
        return Outcome("key_lost")


def _cast(
    consultation: Consultation, reading: Reading, channel: str, code: str, nonce: str, now: dt.datetime
) -> Outcome:
    contents = reading.contents
    elector: Elector | None = None
    done: list[Step] = []
    if needs_code(consultation):
        if not code.strip():
            return Outcome("code_missing")
        try:
            elector = urn.find_elector(consultation, code)
        except refused.CodeUnknown:
            # Under another secret no code is known: it is not the person's mistake.
            return Outcome("key_lost" if any(map(urn.key_is_lost, contents)) else "code_unknown")
        done = [step for step in contents if urn.has_answered(step, elector)]
        if 0 < len(done) < len(contents):
            contents = {step: content for step, content in contents.items() if step not in done}
    try:
        taken = urn.cast(
            consultation=consultation, contents=contents, about=reading.about, channel=channel, elector=elector,
            nonce=nonce, now=now,
        )  # fmt: skip
    except refused.NotOpen:
        return Outcome("closed")
    except refused.CodeUsed:
        return Outcome("code_used")
    except refused.CodeUnknown:
        return Outcome("code_unknown")
    return Outcome("partly" if 0 < len(done) < len(reading.contents) else "counted", taken.receipt, taken.again)


def change(*, consultation: Consultation, reading: Reading, receipt: str, now: dt.datetime) -> Outcome:
    """Replace the answers of this receipt."""
    try:
        urn.change(consultation=consultation, receipt=receipt, contents=reading.contents, about=reading.about, now=now)
    except (refused.Busy, OperationalError):
        return Outcome("busy")
    except refused.KeyLost:
        return Outcome("key_lost")
    except refused.NotOpen:
        return Outcome("closed")
    except (refused.ReceiptUnknown, refused.NotChangeable):
        return Outcome("receipt_lost")
    return Outcome("changed", receipt)


def minutes_for(asked: int) -> int:
    """How long it takes, said before it begins: two thirds of a minute a question, and two minutes at least."""
    return max(2, -(-asked * 2 // 3))
