"""The life of an objection: answered by an amendment (``proposals.amend``) or a reply, then lifted or maintained.

It is lifted by the position that its voice takes next (``positions.take_position``).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.alliances.models import Person
from maillage.concertation.decisions.models import Decision, Objection
from maillage.concertation.decisions.services.common import (
    locked,
    must_be,
    must_be_free,
    must_take_answers,
    tell_person,
)
from maillage.concertation.decisions.services.positions import act_as
from maillage.concertation.decisions.voices import room_of
from maillage.core import audit
from maillage.core.access import require


def _standing(objection: Objection, decision: Decision) -> Objection:
    row = Objection.objects.select_related("seat__actor").get(pk=objection.pk)
    row.decision = decision
    if row.state == Objection.State.LIFTED:
        raise ValidationError(_("This objection was lifted since. There is nothing left to answer."))
    return row


@transaction.atomic
def answer_objection(
    *, objection: Objection, text: str, by: Any, now: dt.datetime, site: str, via: str = "web", tell: bool = True
) -> Objection:
    """Reply to an objection, the proposal being what it is. Whoever raised it is asked to lift or maintain it.

    Errors: ``PermissionDenied``; ``ValidationError`` for no words, a closed decision, an objection lifted since.
    """
    decision = locked(objection.decision)
    require(by, "concertation.prepare_decision", decision)
    must_be_free(decision, by, now)
    must_be(decision, Decision.State.OPEN)
    if not text.strip():
        raise ValidationError({"text": _("Write the answer.")})
    row = _standing(objection, decision)
    row.answer, row.answer_kind, row.answered_at = text.strip(), Objection.Answer.REPLY, now
    if row.state == Objection.State.RAISED:
        row.state = Objection.State.ANSWERED
    row.full_clean(exclude=["decision", "seat", "holder", "version"])
    row.save()
    audit.record(
        "concertation.objection_answered", decision, by=by, alliance=decision.alliance, via=via,
        after={"objection": row.pk, "how": row.answer_kind},
    )  # fmt: skip
    said = next(
        (known for known in room_of(decision, decision.alliance.today(now)).current if known.voice == row.voice), None
    )
    if tell and said is not None and said.person is not None:
        person = said.person
        person.alliance = decision.alliance
        with translation.override(person.language):
            tell_person(
                person=person, decision=decision, kind="position-asked", site=site, now=now, must=True,
                subject=_("Your objection was answered: %(title)s") % {"title": decision.title},
                lines=[
                    _("Your objection to “%(title)s” was answered:") % {"title": decision.title}, row.answer,
                    _("You may lift it, by taking another position, or maintain it."),
                ],
            )  # fmt: skip
    return row


@transaction.atomic
def maintain_objection(
    *, objection: Objection, person: Person, by: Any, now: dt.datetime, why: str = "", via: str = "web"
) -> Objection:
    """Whoever raised it keeps it, whatever was answered: it will be published with the decision.

    Errors: ``PermissionDenied``; :class:`Late`; ``ValidationError`` for another's objection.
    """
    decision = locked(objection.decision)
    act_as(person, decision, by)
    must_be_free(decision, by, now, person)
    must_take_answers(decision, now)
    row = _standing(objection, decision)
    room = room_of(decision, decision.alliance.today(now))
    if row.voice not in {speaker.voice.key for speaker in room.speaks_for(person)}:
        raise PermissionDenied("concertation.take_position")
    row.state, row.settled_at, row.settled_why = Objection.State.MAINTAINED, now, why.strip()[:2000]
    row.save()
    audit.record(
        "concertation.objection_maintained", decision, by=by, alliance=decision.alliance, via=via,
        after={"objection": row.pk},
    )  # fmt: skip
    return row
