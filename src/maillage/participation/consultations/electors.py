"""The right to one ballot: codes printed without names, codes sent to a list, lost codes made void.

A printed code is kept nowhere: only its digest is. A listed person's is made again from the instance's secret and
their row, so that a reminder repeats the same one; the database alone, or a backup, does not give it.
Nothing here says to anyone who has answered: reminders are sent by the worker, to those whose turnout is missing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.alliances.acts.services import tell
from maillage.alliances.models import Person
from maillage.alliances.notices.models import NoticeChoice
from maillage.alliances.notices.services import notify, wanted
from maillage.core import audit, jobs
from maillage.core.access import require
from maillage.core.formats import datetime_
from maillage.core.locks import lock
from maillage.participation.consultations import asking
from maillage.participation.consultations.access import read_postal_codes
from maillage.participation.consultations.models import ALPHABET, Asked, CodeVoid, Consultation, Step
from maillage.participation.consultations.services import in_preparation, locked
from maillage.participation.urn import marks, seal
from maillage.participation.urn.models import Elector, Turnout
from maillage.participation.vocabulary import Access
from maillage.participation.words import words_of

S = Consultation.State
LOT = 2000
"""Codes in one lot."""
CODE, REMINDER = "consultation-code", "consultation-reminder"


@dataclass(frozen=True)
class Printed:
    """A code as it is shown, once."""

    number: int
    code: str


@transaction.atomic
def set_access(
    *, consultation: Consultation, access: str, changeable: bool, postal_codes: str, by: Any, via: str = "web"
) -> Consultation:
    """Who may answer, and whether a ballot may be changed. In preparation only.

    Errors: ``PermissionDenied``; ``ValidationError``, by field.
    """
    require(by, "participation.run", consultation)
    found = in_preparation(consultation)
    if access not in Access.values:
        raise ValidationError({"access": _("Choose who may answer.")})
    try:
        tidied = read_postal_codes(postal_codes)
    except ValidationError as refused:
        raise ValidationError({"postal_codes": refused.messages}) from refused
    if access == Access.POSTAL and not tidied:
        raise ValidationError({"postal_codes": _("Say which postal codes may answer.")})
    if len(tidied) > 1000:
        raise ValidationError({"postal_codes": _("This is too long: write the beginnings only, such as J0K.")})
    before = {"access": found.access, "changeable": found.changeable}
    found.access, found.changeable = access, changeable
    found.postal_codes = tidied if access == Access.POSTAL else found.postal_codes
    found.save(update_fields=["access", "changeable", "postal_codes"])
    audit.record(
        "participation.access_chosen", found, by=by, alliance=found.alliance, via=via, before=before,
        after={"access": access, "changeable": changeable},
    )  # fmt: skip
    return found


def _takes_codes(consultation: Consultation, access: str) -> Consultation:
    """Locked, in preparation or open, with this access. Errors: ``ValidationError``."""
    found = locked(consultation)
    if found.state not in {S.DRAFT, S.OPEN}:
        raise ValidationError(_("It is closed: no code is given any more."))
    if found.access != access:
        raise ValidationError(_("Answers are not given with these codes here."))
    return found


def _lot(count: int, label: str) -> str:
    """The label made tidy. Errors: ``ValidationError``, by field."""
    tidied = " ".join(label.split())[:80]
    if not tidied:
        raise ValidationError({"label": _("Say where these codes go: “Maison des familles”.")})
    if not 1 <= count <= LOT:
        raise ValidationError({"count": _("Between 1 and %(most)s codes at a time.") % {"most": LOT}})
    return tidied


@transaction.atomic
def print_codes(
    *, consultation: Consultation, count: int, label: str, by: Any, now: dt.datetime, via: str = "web"
) -> list[Printed]:
    """A lot of new codes, given back here and never again. The public log says how many, and for where.

    In preparation only: once it is open, two people agree on a lot first (``ask_codes``).
    Errors: ``PermissionDenied``; ``ValidationError``, by field.
    """
    require(by, "participation.run", consultation)
    label = _lot(count, label)
    found = _takes_codes(consultation, Access.CODES)
    _alone(found)
    return _print(found, count, label, by, now, via)


def _alone(consultation: Consultation) -> None:
    if consultation.state != S.DRAFT:
        raise ValidationError(_("It is open: two people decide on it, one asks and another one confirms."))


def _print(
    found: Consultation, count: int, label: str, by: Any, now: dt.datetime, via: str, why: str = ""
) -> list[Printed]:
    made = _draw(found, label, count)
    entry = audit.record(
        "participation.codes_printed", found, by=by, alliance=found.alliance, via=via,
        after={"count": count, "first": made[0].number, "last": made[-1].number},
    )  # fmt: skip
    tell(
        alliance=found.alliance, kind="codes-printed", by=by, reference=found.reference, entry=entry, at=now,
        label=lambda: _("%(title)s: %(count)s codes") % {"title": found.title, "count": count},
        source=(f"{label} · {why}" if why else label)[:300],
    )  # fmt: skip
    return made


@transaction.atomic
def ask_codes(
    *, consultation: Consultation, count: int, label: str, why: str, by: Any, now: dt.datetime, via: str = "web"
) -> Asked:
    """The first of two people asks for more codes while people answer: as many ballots that nobody else would see come.

    Errors: ``PermissionDenied``; ``ValidationError``, by field.
    """
    require(by, "participation.run", consultation)
    label = _lot(count, label)
    found = _takes_codes(consultation, Access.CODES)
    return asking.ask(
        consultation=found, kind=Asked.Kind.CODES, subject=label, given={"count": count, "label": label}, why=why,
        by=by, now=now, via=via,
    )  # fmt: skip


@transaction.atomic
def print_agreed(*, asked: Asked, by: Any, now: dt.datetime, via: str = "web") -> list[Printed]:
    """Make the lot that two people agreed on: once, as many codes as they said.

    Errors: ``PermissionDenied``; ``ValidationError`` where it is not confirmed, made already, or closed meanwhile.
    """
    require(by, "participation.run", asked.consultation)
    found = asking.held(asked)
    if found.kind != Asked.Kind.CODES or found.state != Asked.State.AGREED:
        raise ValidationError(_("These codes are not to be made: not confirmed, or made already."))
    consultation = _takes_codes(found.consultation, Access.CODES)
    found.state = Asked.State.DONE
    found.save(update_fields=["state"])
    return _print(consultation, found.given["count"], found.given["label"], by, now, via, why=found.why)


def _draw(consultation: Consultation, label: str, count: int) -> list[Printed]:
    """New codes that differ from each other and from those that exist, numbered after them."""
    last = Elector.objects.filter(consultation=consultation).aggregate(last=Max("number"))["last"] or 0
    drawn: dict[str, str] = {}
    while len(drawn) < count:
        code = marks.new_code()
        drawn[marks.code_mark(consultation, code)] = code
        if len(drawn) == count:
            for mark in Elector.objects.filter(consultation=consultation, mark__in=drawn).values_list(
                "mark", flat=True
            ):
                del drawn[mark]
    printed, rows = [], []
    for number, (mark, code) in enumerate(drawn.items(), start=last + 1):
        rows.append(Elector(consultation=consultation, mark=mark, label=label, number=number))
        printed.append(Printed(number, marks.shown_code(code)))
    Elector.objects.bulk_create(rows, batch_size=500)
    return printed


@dataclass(frozen=True)
class Lot:
    label: str
    first: int
    last: int
    count: int
    voided: int


def lots(consultation: Consultation) -> list[Lot]:
    """The lots of printed codes, in the order of their numbers. One query."""
    rows = (
        Elector.objects.filter(consultation=consultation, number__isnull=False)
        .order_by().values("label")
        .annotate(
            first=Min("number"), last=Max("number"), count=Count("pk"), voided=Count("pk", filter=~Q(voided_at=None))
        )
        .order_by("first")
    )  # fmt: skip
    return [Lot(**row) for row in rows]


# A list of members


@transaction.atomic
def add_to_list(*, consultation: Consultation, people: Iterable[Person], by: Any, via: str = "web") -> int:
    """Put people on the list; those already on it stay as they are. How many were added. In preparation only: once it
    is open, two people do it (``ask_list``).

    Errors: ``PermissionDenied``; ``ValidationError`` for someone without e-mail address, or of another alliance.
    """
    require(by, "participation.run", consultation)
    found = _takes_codes(consultation, Access.LIST)
    _alone(found)
    return _add(found, _fresh(found, people), by, via)


def _fresh(consultation: Consultation, people: Iterable[Person]) -> list[Person]:
    """Those who are not on the list yet. Errors: ``ValidationError`` for someone who cannot be."""
    on_it = set(Elector.objects.filter(consultation=consultation, voided_at=None).values_list("person", flat=True))
    fresh = {person.pk: person for person in people if person.pk not in on_it}
    for person in fresh.values():
        if person.alliance_id != consultation.alliance_id or person.erased_at is not None:
            raise ValidationError(_("Choose people of the same alliance."))
        if not person.email:
            raise ValidationError(_("Someone has no e-mail address: their code could not be sent."))
    return list(fresh.values())


def _add(consultation: Consultation, people: Iterable[Person], by: Any, via: str) -> int:
    made = [_listed(consultation, person) for person in people]
    if made:
        audit.record(
            "participation.list_changed", consultation, by=by, alliance=consultation.alliance, via=via,
            after={"added": [elector.person_id for elector in made]},
        )  # fmt: skip
    return len(made)


@transaction.atomic
def ask_list(
    *, consultation: Consultation, people: Iterable[Person], why: str, by: Any, now: dt.datetime, via: str = "web"
) -> Asked:
    """The first of two people asks that these people may answer too, while others already do.

    Errors: ``PermissionDenied``; ``ValidationError`` as :func:`add_to_list`, or where all of them are on it.
    """
    require(by, "participation.run", consultation)
    found = _takes_codes(consultation, Access.LIST)
    fresh = _fresh(found, people)
    if not fresh:
        raise ValidationError(_("Choose someone who is not on the list yet."))
    return asking.ask(
        consultation=found, kind=Asked.Kind.LIST, given={"people": sorted(person.pk for person in fresh)}, why=why,
        by=by, now=now, via=via,
    )  # fmt: skip


def to_be_listed(asked: Asked) -> list[Person]:
    """Who would be added; those erased meanwhile, or left without address, are no longer there."""
    rows = Person.objects.filter(pk__in=asked.given.get("people", ()), erased_at=None).exclude(email="")
    return list(rows.order_by("sort_key", "pk"))


def enlist(asked: Asked, by: Any, now: dt.datetime, via: str) -> None:
    """The second person confirmed: they are on the list. The public log says how many."""
    found = asked.consultation
    count = _add(found, _fresh(found, to_be_listed(asked)), by, via)
    tell(
        alliance=found.alliance, kind="list-changed", by=by, reference=found.reference, source=asked.why[:300], at=now,
        label=lambda: _("%(title)s: people added to the list: %(n)s") % {"title": found.title, "n": count},
    )  # fmt: skip


def _listed(consultation: Consultation, person: Person) -> Elector:
    # The code is made from the row's own number: the row comes first, with a mark that no code has.
    row = Elector.objects.create(
        consultation=consultation, person=person, mark=marks.code_mark(consultation, marks.new_code())
    )
    row.mark = marks.code_mark(consultation, list_code(consultation, row))
    row.save(update_fields=["mark"])
    return row


def list_code(consultation: Consultation, elector: Elector) -> str:
    """The code of someone on the list, made again from the instance's secret."""
    key = seal.derive("maillage list code", consultation.uuid.bytes)
    drawn = int.from_bytes(hmac.new(key, f"{elector.pk}".encode(), hashlib.sha256).digest(), "big")
    signs = []
    for _sign in range(marks.CODE_SIGNS):
        drawn, place = divmod(drawn, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)


@transaction.atomic
def take_off_list(*, elector: Elector, by: Any, via: str = "web") -> None:
    """In preparation only: afterwards a code is made void, by two people."""
    require(by, "participation.run", elector.consultation)
    found = in_preparation(elector.consultation)
    audit.record(
        "participation.list_changed", found, by=by, alliance=found.alliance, via=via,
        after={"removed": [elector.person_id]},
    )  # fmt: skip
    elector.delete()


def people_listed(consultation: Consultation) -> Any:
    """Who is on the list, in order of names; never whether they answered."""
    rows = Elector.objects.filter(consultation=consultation, voided_at=None, person__isnull=False)
    return rows.select_related("person").order_by("person__sort_key", "pk")


def answered(consultation: Consultation) -> int | None:
    """How many codes were used, on line or for a sheet of paper, never which. None where so few were, or so few were
    not, that it would tell who."""
    codes = Elector.objects.filter(consultation=consultation, voided_at=None).count()
    used = Turnout.objects.filter(step__consultation=consultation).values("elector").distinct().count()
    few = any(0 < part < consultation.threshold for part in (used, codes - used))
    return None if few else used


@transaction.atomic
def send_codes(
    *, consultation: Consultation, by: Any, today: dt.date, site: str, reminder: bool, via: str = "web"
) -> None:
    """Send their code to those of the list who have not received it or, ``reminder``, to those who have not answered.
    The worker writes them one by one. One reminder a day.

    Errors: ``PermissionDenied``; ``ValidationError`` where it is not open, or was already done today.
    """
    require(by, "participation.run", consultation)
    found = locked(consultation)
    if found.state != S.OPEN or found.access != Access.LIST:
        raise ValidationError(_("Codes are sent while the consultation is open."))
    if reminder:
        if found.reminded_on == today:
            raise ValidationError(_("They were already reminded today."))
        found.reminded_on = today
        found.save(update_fields=["reminded_on"])
    audit.record(
        "participation.reminders_sent" if reminder else "participation.codes_sent", found, by=by,
        alliance=found.alliance, via=via,
    )  # fmt: skip
    jobs.start(
        "participation.codes", by=by, alliance=found.alliance,
        params={"consultation": str(found.uuid), "reminder": reminder, "site": site, "day": today.isoformat()},
    )  # fmt: skip


def write_to_list(consultation: Consultation, *, reminder: bool, day: dt.date, site: str) -> int:
    """What the worker does: each person in a transaction of their own, so that nobody is written to twice."""
    rows = Elector.objects.filter(consultation=consultation, voided_at=None, person__erased_at=None)
    if reminder:
        seen = Turnout.objects.filter(step__consultation=consultation).order_by().values("elector")
        rows = rows.exclude(pk__in=seen).filter(Q(sent_on=None) | Q(sent_on__lt=day))
    else:
        rows = rows.filter(sent_on=None)
    sent = 0
    for pk in list(rows.exclude(person=None).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            row = lock(Elector(pk=pk))
            if row.voided_at is None and row.sent_on != day and (reminder or row.sent_on is None):
                sent += _write(consultation, row, reminder, site)
                Elector.objects.filter(pk=pk).update(sent_on=day)
    return sent


def ballot_address(consultation: Consultation) -> str:
    """The address of the ballot; of the consultation's page where there is no ballot page."""
    try:
        return reverse("participation_in:ballot", args=[consultation.alliance.slug, consultation.uuid])
    except NoReverseMatch:
        return consultation.get_absolute_url()


def _write(consultation: Consultation, elector: Elector, reminder: bool, site: str) -> bool:
    person = elector.person
    assert person is not None
    code = list_code(consultation, elector)
    shown = marks.shown_code(code)
    kind = REMINDER if reminder else CODE
    # A digest is kept for days: it leads to the page, without the code.
    waits = reminder and wanted(person, kind) == NoticeChoice.When.WEEKLY
    # As the ballot will name it, where somebody wrote that.
    title = words_of(consultation, person.language).title(consultation)
    with translation.override(person.language):
        end = consultation.closes_at
        until = datetime_(end, consultation.alliance.zone) if end is not None else ""
        subject = (_("Still time to answer: %(title)s") if reminder else _("Your code: %(title)s")) % {"title": title}
        lines = [_("The alliance asks: %(title)s") % {"title": title}]
        if not waits:
            lines.append(_("Your personal code: %(code)s") % {"code": shown})
            lines.append(_("It opens one ballot. Nobody can tie it to what you answer. Do not pass this message on."))
        if until:
            lines.append(_("You have until %(when)s.") % {"when": until})
        summary = _("Still time to answer: %(title)s") % {"title": title}
        # After the « # », nothing is sent to a server: the code is in no log.
        url = ballot_address(consultation) + ("" if waits else f"#{code}")
        label = _("Vote") if consultation.is_vote else _("Give my opinion")
    return notify(
        person=person, kind=kind, subject=subject, context={"lines": lines, "action_label": label}, site=site, url=url,
        reference=consultation.reference, summary=summary, secrets=(code, shown), must=not reminder,
    )  # fmt: skip


# Lost codes


def find_by_number(consultation: Consultation, number: int) -> Elector:
    """The printed code that bears this number. Errors: ``ValidationError``."""
    found = Elector.objects.filter(consultation=consultation, number=number).first()
    if found is None:
        raise ValidationError({"number": _("No code bears this number.")})
    return found


@transaction.atomic
def ask_void(
    *, consultation: Consultation, elector: Elector, why: str, replace: bool, by: Any, now: dt.datetime,
    via: str = "web",
) -> CodeVoid:  # fmt: skip
    """The first of two people asks that a code stop working. It still works until the second one confirms.

    Whether it was used is not looked at here: whoever asks alone would learn who has answered.
    Errors: ``PermissionDenied``; ``ValidationError`` for a code that is void, or already asked for.
    """
    require(by, "participation.run", consultation)
    if not why.strip():
        raise ValidationError({"why": _("Say why this code is made void.")})
    found = _takes_codes(consultation, consultation.access)
    if elector.consultation_id != found.pk:
        raise ValidationError(_("This code is of another consultation."))
    row = lock(elector)
    _is_live(row)
    known = CodeVoid.objects.filter(elector=row).first()
    if known is not None:
        raise ValidationError(_("It is already asked: a second person confirms."))
    made = CodeVoid.objects.create(
        consultation=found, elector=row, why=why.strip()[:300], replaced=replace, asked_by=by, asked_at=now
    )
    audit.record("participation.void_asked", made, by=by, alliance=found.alliance, via=via, after={"elector": row.pk})
    return made


def _is_live(elector: Elector) -> None:
    if elector.voided_at is not None:
        raise ValidationError(_("This code is already void."))


def _is_unused(elector: Elector) -> None:
    if Turnout.objects.filter(elector=elector).exists():
        raise ValidationError(
            _(
                "This code was used, on line or for a paper ballot. Nobody can find that ballot in the urn: it stays, "
                "and no other code is given."
            )
        )


@transaction.atomic
def confirm_void(*, void: CodeVoid, by: Any, now: dt.datetime, site: str, via: str = "web") -> Printed | None:
    """The second person confirms: the code stops working and, where asked, another one is given, shown once here (or
    sent to the person of the list).

    Errors: ``PermissionDenied``; ``ValidationError`` for whoever asked, or a code that was used since.
    """
    require(by, "participation.second", void.consultation)
    consultation = _takes_codes(void.consultation, void.consultation.access)
    # A ballot in the making holds its step: wait for it, and let none begin before the end.
    list(Step.objects.select_for_update().filter(consultation=consultation).order_by("pk").values_list("pk"))
    row = lock(void)
    if row.confirmed_at is not None:
        raise ValidationError(_("This code is already void."))
    if row.asked_by_id is not None and row.asked_by_id == by.pk:
        raise ValidationError(_("You asked for it: a second person confirms."))
    elector = lock(void.elector)
    _is_live(elector)
    _is_unused(elector)
    elector.voided_at, elector.voided_why = now, row.why
    elector.save(update_fields=["voided_at", "voided_why"])
    row.confirmed_by, row.confirmed_at = by, now
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    entry = audit.record(
        "participation.code_voided", row, by=by, alliance=consultation.alliance, via=via,
        after={"elector": elector.pk, "replaced": row.replaced},
    )  # fmt: skip
    tell(
        alliance=consultation.alliance, kind="code-voided", by=by, label=consultation.title,
        reference=consultation.reference, source=row.why, entry=entry, at=now,
    )  # fmt: skip
    if not row.replaced:
        return None
    if elector.person_id is None:
        return _draw(consultation, elector.label, 1)[0]
    person = elector.person
    assert person is not None
    fresh = _listed(consultation, person)
    if consultation.state == S.OPEN:
        _write(consultation, fresh, False, site)
        fresh.sent_on = consultation.alliance.today(now)
        fresh.save(update_fields=["sent_on"])
    return None


@transaction.atomic
def drop_void(*, void: CodeVoid, by: Any, via: str = "web") -> None:
    """The code works as before: the first person takes it back, or the second one does not confirm."""
    require(by, "participation.second", void.consultation)
    row = lock(void)
    if row.confirmed_at is not None:
        raise ValidationError(_("This code is already void."))
    audit.record(
        "participation.void_dropped", row, by=by, alliance=void.consultation.alliance, via=via,
        before={"elector": row.elector_id},
    )  # fmt: skip
    row.delete()


def voids_of(consultation: Consultation) -> Sequence[CodeVoid]:
    rows = CodeVoid.objects.filter(consultation=consultation).select_related("elector__person")
    return list(rows.order_by("-asked_at", "-pk")[:100])
