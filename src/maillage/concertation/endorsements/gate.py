"""The one gate before any deliberation. Call it first, in every view that shows one or acts on it::

    refused = gate(request, alliance, decision)          # or an agenda item; ``person=`` behind a personal address
    if refused is not None:
        return refused

It answers with a page that says only that the person withdrew, or with the question put to someone in whose
organisation an interest was found; ``None`` lets the view go on. Services call :func:`require_free` likewise.
Lists, exports and searches leave out ``actors.interests.selectors.references_left(user)``, which holds both.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.actors.interests.selectors import has_withdrawn, person_has_left, withdrawal_of
from maillage.alliances.models import Alliance, Person
from maillage.concertation.endorsements.forms import ConflictForm
from maillage.concertation.endorsements.found import Conflict, Subject, asked
from maillage.concertation.governance.holders import person_of

SALT = "maillage.conflict"
KEY_HOLDS = dt.timedelta(days=2)


def has_left(user: Any, person: Person | None, subject: Subject) -> bool:
    """Whether the account, or the person behind a personal address, withdrew from the subject."""
    if has_withdrawn(user, subject.reference):
        return True
    return person is not None and person_has_left(person, subject.reference)


def require_free(*, by: Any, subject: Subject, today: dt.date, person: Person | None = None) -> None:
    """Refuse with ``PermissionDenied`` whoever withdrew from the subject, or was found in a conflict and has not
    answered. ``person``: the one who acts without an account, or in whose name it is done.

    Ask it of everyone who acts: who proposes, takes a position, records one for someone, amends, closes.
    """
    if has_left(by, person, subject):
        raise PermissionDenied(_("You withdrew from this item: you cannot act on it."))
    acting = {one.pk: one for one in (person, person_of(by, subject.alliance)) if one is not None}
    if any(asked(one, subject, today) is not None for one in acting.values()):
        raise PermissionDenied(_("Say first whether you have a conflict of interest: open the item."))


def key_of(person: Person, subject: Subject) -> str:
    """What the form of the question carries: whom it asks and about what, signed."""
    return signing.dumps([person.pk, subject.reference], salt=SALT)


def read_key(key: str) -> tuple[int, str] | None:
    """``(person id, reference)``; ``None`` where it was not made here, or too long ago."""
    try:
        person, reference = signing.loads(key, salt=SALT, max_age=KEY_HOLDS)
    except signing.BadSignature:
        return None
    return int(person), str(reference)


def gate(
    request: HttpRequest, alliance: Alliance, subject: Subject, *, person: Person | None = None
) -> HttpResponse | None:
    """What the reader gets instead of the deliberation; ``None``: let them in, where the rule does.

    ``person``: the one whose personal address it is. A POST is refused with 403, so that nothing is done.
    """
    acting = person or person_of(request.user, alliance)
    status = 200 if request.method in {"GET", "HEAD"} else 403
    if has_left(request.user, person, subject):
        return withdrew(request, alliance, subject, acting, status)
    return ask_first(request, alliance, subject, person=person)


def ask_first(
    request: HttpRequest, alliance: Alliance, subject: Subject, *, person: Person | None = None, back: str = ""
) -> HttpResponse | None:
    """Only the question, for a page that answers 404 to whoever withdrew. ``back``: where the answer leads, if not to
    the page that was asked for."""
    acting = person or person_of(request.user, alliance)
    waiting = asked(acting, subject, alliance.today()) if acting is not None else None
    if acting is None or waiting is None:
        return None
    about, found = waiting
    form = ConflictForm(initial={"next": back}) if back else None
    status = 200 if request.method in {"GET", "HEAD"} else 403
    return question(request, alliance, about, acting, found, form=form, status=status)


def withdrew(
    request: HttpRequest, alliance: Alliance, subject: Subject, person: Person | None, status: int = 200
) -> HttpResponse:
    """A page that says only that the person withdrew."""
    context = {
        "alliance": alliance,
        "title": subject.title,
        "withdrawal": withdrawal_of(person, subject.reference) if person is not None else None,
    }
    return render(request, "concertation/endorsements/withdrew.html", context, status=status)


def question(
    request: HttpRequest, alliance: Alliance, subject: Subject, person: Person, found: list[Conflict], *,
    form: ConflictForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """« Your organisation is concerned: withdraw, or say why there is no conflict. » Nothing of the deliberation."""
    # Only a page that was read may be come back to: an address that takes a form shows nothing.
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    context = {
        "alliance": alliance,
        "title": subject.title,
        "found": found,
        "form": form or ConflictForm(initial={"next": back}),
        "key": key_of(person, subject),
    }
    return render(request, "concertation/endorsements/question.html", context, status=status)
