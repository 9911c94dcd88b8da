"""Preparing a consultation: its words, its steps, its options. Once it is open, what people are asked stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from maillage.alliances.acts.services import tell
from maillage.alliances.models import Alliance, Person
from maillage.core import audit, documents
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.participation.consultations import asking
from maillage.participation.consultations.indexing import forget, put
from maillage.participation.consultations.models import Asked, Consultation, Helper, Option, Step
from maillage.participation.vocabulary import COUNTINGS, Help, Kind, Method

S = Consultation.State
EDITABLE = frozenset(
    {
        "title", "intro", "purpose", "evaluates", "about", "concerns", "decided_by", "decided_on", "promise", "is_vote",
        "one_page", "policy", "moderation", "kiosk_grace", "population", "population_source", "threshold", "language",
        "opens_at", "closes_at", "stage", "space", "other_ways",
    }
)  # fmt: skip
EDITABLE_OPEN = frozenset({"population", "population_source", "stage", "other_ways", "decided_on"})
"""Once people have begun to answer: nothing of what they are asked, nor until when."""
EDITABLE_AFTER = frozenset({"population", "population_source", "stage"})
STEP_EDITABLE = frozenset(
    {
        "title", "intro", "method", "counting", "ties", "seed", "envelope_cents", "most_choices", "score_most",
        "opens_at", "closes_at", "after",
    }
)  # fmt: skip
OPTION_EDITABLE = frozenset({"label", "text", "cost_cents", "picture_alt", "source"})
PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})
PICTURE_RULE = "participation.read_picture"
RELATED = ("alliance", "stage", "space", "opened_by", "publish_asked_by", "published_by", "cancel_asked_by",
           "cancelled_by", "consultation", "after", "picture", "step")  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return getattr(value, "pk", value)


CODES = frozenset(
    {
        "is_vote", "one_page", "moderation", "kiosk_grace", "population", "threshold", "opens_at", "closes_at", "stage",
        "space", "decided_on", "language",
    }
)  # fmt: skip
"""What the log may hold: ids, codes, dates, numbers."""


def _logged(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in sorted(names)}


def check(consultation: Consultation) -> None:
    """Errors: ``ValidationError``, by field."""
    consultation.full_clean(exclude=RELATED)
    errors: dict[str, str] = {}
    for name in ("stage", "space"):
        row = getattr(consultation, name)
        owner = row.cycle.alliance_id if name == "stage" and row else getattr(row, "alliance_id", None)
        if row is not None and owner != consultation.alliance_id:
            errors[name] = _("Choose something of the same alliance.")
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def create_consultation(*, alliance: Alliance, by: Any, via: str = "web", **values: Any) -> Consultation:
    """A consultation in preparation. ``values``: any of ``EDITABLE``.

    Errors: ``PermissionDenied``; ``ValidationError``, by field; ``KeyError`` for another field.
    """
    require(by, "participation.run", alliance)
    if unknown := set(values) - EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    made = Consultation(alliance=alliance, **values)
    check(made)
    made.save()
    audit.record(
        "participation.consultation_created", made, by=by, alliance=alliance, via=via, after=_logged(made, CODES)
    )
    put([made])
    return made


@transaction.atomic
def update_consultation(
    *, consultation: Consultation, changes: Mapping[str, Any], by: Any, via: str = "web"
) -> Consultation:
    """Change some of ``EDITABLE``; once open, some of ``EDITABLE_OPEN`` only.

    Errors: ``PermissionDenied``; ``ValidationError``; ``KeyError`` for another field.
    """
    require(by, "participation.run", consultation)
    if unknown := set(changes) - EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    found = locked(consultation)
    allowed = {S.DRAFT: EDITABLE, S.OPEN: EDITABLE_OPEN}.get(S(found.state), EDITABLE_AFTER)
    different = sorted(name for name, value in changes.items() if getattr(found, name) != value)
    if not different:
        return found
    if set(different) - allowed:
        raise ValidationError(_("People have already read this: it is changed only in preparation."))
    logged = CODES & set(different)
    before = _logged(found, logged)
    for name in different:
        setattr(found, name, changes[name])
    check(found)
    found.save()
    audit.record(
        "participation.consultation_updated", found, by=by, alliance=found.alliance, via=via,
        before=before, after=_logged(found, logged) | {"changed": different},
    )  # fmt: skip
    put([found])
    return found


def locked(consultation: Consultation) -> Consultation:
    """The consultation read again under its lock, with the alliance it already had."""
    found = lock(consultation)
    found.alliance = consultation.alliance
    return found


def in_preparation(consultation: Consultation) -> Consultation:
    """Locked, and still in preparation. Errors: ``ValidationError``."""
    found = locked(consultation)
    if found.state != S.DRAFT:
        raise ValidationError(_("This consultation is no longer in preparation."))
    return found


@transaction.atomic
def delete_consultation(*, consultation: Consultation, by: Any, via: str = "web") -> None:
    """Throw away what was never opened. Errors: ``PermissionDenied``; ``ValidationError`` once it was open."""
    require(by, "participation.run", consultation)
    found = in_preparation(consultation)
    audit.record("participation.consultation_deleted", found, by=by, alliance=found.alliance, via=via)
    pictures = [
        option.picture for option in Option.objects.filter(step__consultation=found).select_related("picture")
        if option.picture is not None
    ]  # fmt: skip
    forget([found.pk])
    found.delete()
    for picture in pictures:
        documents.delete(picture)


# Steps


def _check_step(step: Step) -> None:
    if step.kind == Kind.PRIORITIES:
        if step.counting not in COUNTINGS.get(step.method, ()):
            raise ValidationError({"rule": _("Choose a rule of counting.")})
        if step.method != Method.BUDGET:
            step.envelope_cents = None
        if step.method not in {Method.BUDGET, Method.APPROVAL}:
            step.most_choices = None
    else:
        step.method = step.counting = ""
        step.envelope_cents = step.most_choices = None
    step.full_clean(exclude=RELATED)
    if step.after is not None and (step.after.consultation_id != step.consultation_id or step.after_id == step.pk):
        raise ValidationError({"after": _("Choose another step of the same consultation.")})


@transaction.atomic
def add_step(*, consultation: Consultation, kind: str, by: Any, via: str = "web", **values: Any) -> Step:
    """One more thing asked, after the others. ``values``: any of ``STEP_EDITABLE``.

    Errors: ``PermissionDenied``; ``ValidationError``; ``KeyError`` for another field.
    """
    require(by, "participation.run", consultation)
    if unknown := set(values) - STEP_EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    found = in_preparation(consultation)
    last = found.steps.aggregate(last=Max("position"))["last"]
    step = Step(consultation=found, kind=kind, position=0 if last is None else last + 1, **values)
    _check_step(step)
    step.save()
    _log_step("step_added", step, by, via, {"kind": kind, "counting": step.counting})
    return step


def _log_step(act: str, step: Step, by: Any, via: str, after: Mapping[str, Any]) -> None:
    alliance = step.consultation.alliance
    audit.record(f"participation.{act}", step, by=by, alliance=alliance, via=via, after=after)


@transaction.atomic
def update_step(*, step: Step, changes: Mapping[str, Any], by: Any, via: str = "web") -> Step:
    """Change some of ``STEP_EDITABLE``, in preparation. Errors: as :func:`add_step`."""
    require(by, "participation.run", step)
    if unknown := set(changes) - STEP_EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    consultation = in_preparation(step.consultation)
    found = lock(step)
    found.consultation = consultation
    for name, value in changes.items():
        setattr(found, name, value)
    _check_step(found)
    found.save()
    _log_step("step_updated", found, by, via, {"changed": sorted(changes), "counting": found.counting})
    return found


@transaction.atomic
def move_step(*, step: Step, up: bool, by: Any, via: str = "web") -> None:
    """Before the one above it, or after the one below. At the end of the list nothing happens."""
    require(by, "participation.run", step)
    consultation = in_preparation(step.consultation)
    rows = list(consultation.steps.order_by("position", "pk"))
    place = [row.pk for row in rows].index(step.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows):
        row.position = position
    Step.objects.bulk_update(rows, ["position"])
    step.consultation = consultation
    _log_step("step_updated", step, by, via, {"changed": ["position"], "position": other})


@transaction.atomic
def remove_step(*, step: Step, by: Any, via: str = "web") -> None:
    """Take a step away, in preparation."""
    require(by, "participation.run", step)
    step.consultation = in_preparation(step.consultation)
    _log_step("step_removed", step, by, via, {"kind": step.kind})
    pictures = [row.picture for row in step.options.select_related("picture") if row.picture is not None]
    step.delete()
    for picture in pictures:
        documents.delete(picture)


# Options


def _check_option(option: Option) -> None:
    option.full_clean(exclude=RELATED)
    if option.picture_id and not option.picture_alt.strip():
        raise ValidationError({"picture_alt": _("Say what the picture shows, for those who do not see it.")})


def _keep_picture(option: Option, picture: tuple[bytes, str, str] | None, alliance: Alliance) -> None:
    if picture is None:
        return
    data, name, content_type = picture
    if content_type not in PICTURES:
        raise ValidationError({"picture": _("Choose a picture: PNG, JPEG or WebP.")})
    try:
        option.picture = documents.store(
            data, name=name, content_type=content_type, rule=PICTURE_RULE, alliance=alliance
        )
    except documents.DocumentRefused as refused:
        raise ValidationError({"picture": str(refused)}) from refused


@transaction.atomic
def add_option(
    *, step: Step, by: Any, picture: tuple[bytes, str, str] | None = None, via: str = "web", **values: Any
) -> Option:
    """One more thing to choose from. ``picture``: ``(data, name, content type)``.

    Errors: ``PermissionDenied``; ``ValidationError``, by field.
    """
    require(by, "participation.run", step)
    if unknown := set(values) - OPTION_EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    consultation = in_preparation(step.consultation)
    if step.kind != Kind.PRIORITIES:
        raise ValidationError(_("This kind of step has no options."))
    last = step.options.aggregate(last=Max("number"))["last"] or 0
    option = Option(step=step, number=last + 1, **values)
    _keep_picture(option, picture, consultation.alliance)
    _check_option(option)
    option.save()
    audit.record(
        "participation.option_added", option, by=by, alliance=consultation.alliance, via=via,
        after={"step": step.pk, "number": option.number, "cost_cents": option.cost_cents},
    )  # fmt: skip
    return option


@transaction.atomic
def update_option(
    *,
    option: Option,
    changes: Mapping[str, Any],
    by: Any,
    picture: tuple[bytes, str, str] | None = None,
    drop_picture: bool = False,
    via: str = "web",
) -> Option:
    """Change an option, in preparation. A new picture takes the place of the former one."""
    require(by, "participation.run", option)
    if unknown := set(changes) - OPTION_EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    consultation = in_preparation(option.step.consultation)
    found = lock(option)
    former = found.picture
    for name, value in changes.items():
        setattr(found, name, value)
    if drop_picture and picture is None:
        found.picture, found.picture_alt = None, ""
    _keep_picture(found, picture, consultation.alliance)
    _check_option(found)
    found.save()
    if former is not None and found.picture_id != former.pk:
        documents.delete(former)
    audit.record(
        "participation.option_updated", found, by=by, alliance=consultation.alliance, via=via,
        after={"changed": sorted(changes), "number": found.number, "cost_cents": found.cost_cents},
    )  # fmt: skip
    return found


@transaction.atomic
def remove_option(*, option: Option, by: Any, via: str = "web") -> None:
    """Take an option away, in preparation; those that follow are numbered again, since nothing is printed yet."""
    require(by, "participation.run", option)
    consultation, step = in_preparation(option.step.consultation), option.step
    found = lock(option)
    picture = found.picture
    audit.record(
        "participation.option_removed", found, by=by, alliance=consultation.alliance, via=via,
        before={"step": step.pk, "number": found.number},
    )  # fmt: skip
    found.delete()
    for number, row in enumerate(step.options.order_by("number"), start=1):
        # One by one, going up: no two ever share a number.
        if row.number != number:
            Option.objects.filter(pk=row.pk).update(number=number)
    if picture is not None:
        documents.delete(picture)


@transaction.atomic
def ask_withdrawal(*, option: Option, why: str, by: Any, now: dt.datetime, via: str = "web") -> Asked:
    """The first of two people asks that an option no longer be chosen, with the reason. It counts until the second one
    confirms, and nobody who answers sees anything of it.

    Errors: ``PermissionDenied``; ``ValidationError`` without reason, or where it is not open.
    """
    require(by, "participation.run", option)
    if not why.strip():
        raise ValidationError({"why": _("Say why: people read it on the ballot.")})
    consultation = locked(option.step.consultation)
    step = lock(option.step)
    found = lock(option)
    _may_be_withdrawn(consultation, step, found, now)
    return asking.ask(
        consultation=consultation, kind=Asked.Kind.WITHDRAW, step=step, subject=str(found.uuid),
        given={"number": found.number, "label": found.label}, why=why, by=by, now=now, via=via,
    )  # fmt: skip


def _may_be_withdrawn(consultation: Consultation, step: Step, option: Option, now: dt.datetime) -> None:
    end = step.closes_at or consultation.closes_at
    if consultation.state != S.OPEN or step.state == Step.State.CLOSED or (end is not None and now >= end):
        raise ValidationError(_("An option is withdrawn while people may choose it only."))
    if option.withdrawn_at is not None:
        raise ValidationError(_("This option is withdrawn already."))


def withdraw(asked: Asked, by: Any, now: dt.datetime, via: str) -> None:
    """The second person confirmed: it can no longer be chosen. It stays on the ballot, with the reason."""
    option = lock(Option.objects.get(uuid=asked.subject, step__consultation=asked.consultation))
    _may_be_withdrawn(asked.consultation, option.step, option, now)
    option.withdrawn_at, option.withdrawn_why = now, asked.why
    option.full_clean(exclude=RELATED)
    option.save(update_fields=["withdrawn_at", "withdrawn_why"])
    _told(
        "option_withdrawn", "option-withdrawn", asked, option, by, now, via, {"number": option.number},
        label=f"{asked.consultation.title} · {option.label}",
    )  # fmt: skip


def _told(
    act: str, kind: str, asked: Asked, row: Any, by: Any, now: dt.datetime, via: str, after: dict[str, Any], label: str
) -> None:
    found = asked.consultation
    entry = audit.record(f"participation.{act}", row, by=by, alliance=found.alliance, via=via, after=after)
    tell(
        alliance=found.alliance, kind=kind, by=by, label=label, reference=found.reference, source=asked.why[:300],
        entry=entry, at=now,
    )  # fmt: skip


@transaction.atomic
def ask_extension(
    *, consultation: Consultation, closes_at: dt.datetime | None, why: str, by: Any, now: dt.datetime, via: str = "web"
) -> Asked:
    """The first of two people asks that it close later. Until the second one confirms, the hour that was said stands.

    Whoever could put it off alone could wait until enough of their own had answered.
    Errors: ``PermissionDenied``; ``ValidationError`` for an hour that is not later, without reason, past the closing.
    """
    require(by, "participation.run", consultation)
    found = locked(consultation)
    asking.is_open(found)
    _later(found, closes_at, now)
    if not why.strip():
        raise ValidationError({"why": _("Say why: the reason is published.")})
    assert closes_at is not None
    return asking.ask(
        consultation=found, kind=Asked.Kind.EXTEND, given={"closes_at": closes_at.isoformat()}, why=why, by=by,
        now=now, via=via,
    )  # fmt: skip


def _later(found: Consultation, closes_at: dt.datetime | None, now: dt.datetime) -> None:
    if found.closes_at is not None and found.closes_at <= now:
        raise ValidationError({"closes_at": _("It is past its closing: it is no longer put off.")})
    if closes_at is None or (found.closes_at is not None and closes_at <= found.closes_at):
        raise ValidationError(
            {
                "closes_at": _(
                    "People were told that they have until then: it may only close later. "
                    "To close sooner, ask that it be closed, and say why."
                )
            }
        )


def extend(asked: Asked, by: Any, now: dt.datetime, via: str) -> None:
    """The second person confirmed: it closes at the later hour."""
    found, former = asked.consultation, asked.consultation.closes_at
    closes_at = dt.datetime.fromisoformat(asked.given["closes_at"])
    _later(found, closes_at, now)
    found.closes_at = closes_at
    check(found)
    found.save(update_fields=["closes_at"])
    asked.given["former"] = former.isoformat() if former else ""
    asked.save(update_fields=["given"])
    after = {"closes_at": closes_at.isoformat(), "former": asked.given["former"]}
    _told("consultation_extended", "consultation-extended", asked, found, by, now, via, after, label=found.title)
    put([found])


# Helpers


@transaction.atomic
def add_helper(
    *,
    consultation: Consultation,
    person: Person,
    help: str,
    since: dt.date | None,
    until: dt.date | None,
    by: Any,
    now: dt.datetime | None = None,
    via: str = "web",
) -> Helper:
    """Trust a person with a part of the consultation: they may then be a second person, so that the public log says it
    once it is under way (at ``now``), without name. Errors: ``PermissionDenied``; ``ValidationError``."""
    require(by, "participation.run", consultation)
    found = locked(consultation)
    if person.alliance_id != found.alliance_id or person.erased_at is not None:
        raise ValidationError({"person": _("Choose someone of the same alliance.")})
    if help not in Help.values:
        raise ValidationError({"help": _("Choose what the person does.")})
    if since is not None and until is not None and until <= since:
        raise ValidationError({"until": _("The last day comes before the first one.")})
    made = Helper(consultation=found, person=person, help=help, since=since, until=until)
    made.full_clean(exclude=["consultation", "person"])
    made.save()
    entry = audit.record(
        "participation.helper_added", made, by=by, alliance=found.alliance, via=via,
        after={"consultation": found.pk, "person_id": person.pk, "help": help},
    )  # fmt: skip
    if found.state != S.DRAFT:
        tell(
            alliance=found.alliance, kind="helper-named", by=by, reference=found.reference, entry=entry, at=now,
            label=lambda: _("%(title)s: %(help)s") % {"title": found.title, "help": Help(help).label},
        )  # fmt: skip
    return made


@transaction.atomic
def end_helper(*, helper: Helper, on: dt.date, by: Any, via: str = "web") -> Helper:
    """Their trust ends at once. What they did stays in the log."""
    require(by, "participation.run", helper)
    found = lock(helper)
    if found.until is not None and found.until <= on:
        return found
    if found.since is not None and found.since >= on:
        # It never began: nothing is to be kept.
        audit.record(
            "participation.helper_ended", found, by=by, alliance=helper.consultation.alliance, via=via,
            before={"person_id": found.person_id, "help": found.help},
        )  # fmt: skip
        found.delete()
        return found
    found.until = on
    found.save(update_fields=["until"])
    audit.record(
        "participation.helper_ended", found, by=by, alliance=helper.consultation.alliance, via=via,
        after={"until": on.isoformat(), "help": found.help},
    )  # fmt: skip
    return found
