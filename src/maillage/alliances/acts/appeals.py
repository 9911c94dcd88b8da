"""Appeals against an act done in the members' name: made by a member, answered by the coordination."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.accounts.models import User
from maillage.alliances.acts.models import ActInName, Appeal
from maillage.alliances.acts.selectors import coordination_of
from maillage.alliances.models import Alliance, Person
from maillage.alliances.notices.services import notify
from maillage.core import audit, mail
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.core.withholding import is_withheld

MADE, ANSWERED = "appeal-made", "appeal-answered"


@transaction.atomic
def make(act: ActInName, *, by: Any, reason: str, site: str, now: dt.datetime) -> Appeal:
    """Ask the coordination to look at an act again. Asked twice while the first waits, it is refused.

    The log keeps who apart, with what speaks of people: the agent who reads the log does not learn it there.
    Errors: ``PermissionDenied``; ``ValidationError`` with a sentence.
    """
    require(by, "alliances.appeal", act)
    act = lock(act)
    alliance = Alliance.objects.select_related("parent").get(pk=act.alliance_id)
    person = Person.objects.get(alliance=alliance, user_id=by.pk, erased_at=None)
    if act.reference and is_withheld(person.pk, act.reference):
        raise PermissionDenied("alliances.appeal")
    if Appeal.objects.filter(act=act, person=person, state=Appeal.State.OPEN).exists():
        raise ValidationError(_("Your appeal against this act already waits for the coordination."))
    appeal = Appeal(act=act, person=person, reason=reason.strip(), made_at=now)
    appeal.full_clean(exclude=["act", "person", "answered_by"])
    appeal.save()
    audit.record(
        "alliances.appeal_made", act, by=None, alliance=alliance, after={"act": str(act.uuid)},
        personal={"appellant": (None, person.pk)}, person_key=f"person:{person.pk}",
    )  # fmt: skip
    _tell_coordination(alliance, appeal, site, now)
    return appeal


def _tell_coordination(alliance: Alliance, appeal: Appeal, site: str, now: dt.datetime) -> None:
    people = coordination_of(alliance, alliance.today(now))
    subject = gettext_lazy("An appeal waits for the coordination")
    for person in people:
        with translation.override(person.language):
            url = reverse("alliances_in:appeal", args=[alliance.slug, appeal.uuid])
            lines = [
                _("In %(alliance)s, a member asks you to look again at an act done in the members’ name:")
                % {"alliance": alliance.name},
                appeal.act.label,
            ]
            context = {"lines": lines, "action_label": _("Read and answer the appeal")}
        notify(person=person, kind=MADE, subject=subject, context=context, site=site, url=url, must=True)
    if not people:
        _tell_operators(alliance, site)


def _tell_operators(alliance: Alliance, site: str) -> None:
    """Nobody may answer: whoever runs the instance can name a coordinator."""
    for user in User.objects.filter(is_operator=True, is_active=True).order_by("pk"):
        with translation.override(user.language):
            subject = _("An appeal waits, and nobody may answer it")
            url = site + reverse("alliances_in:acts", args=[alliance.slug])
            context = {"alliance": alliance, "url": url}
            mail.send(user.email, subject, "alliances/email/no_coordination", context, user.language)


@transaction.atomic
def answer(appeal: Appeal, *, by: Any, state: str, words: str, site: str, now: dt.datetime) -> Appeal:
    """The coordination says that the act stands, or that it was corrected, in words that everyone may read.

    Errors: ``PermissionDenied``; ``ValidationError`` where it is answered already, or without words.
    """
    require(by, "alliances.answer_appeal", appeal)
    lock(appeal.act)
    appeal = Appeal.objects.select_related("act__alliance__parent", "person__alliance").get(pk=appeal.pk)
    if appeal.state != Appeal.State.OPEN:
        raise ValidationError(_("This appeal has already been answered. Nothing was changed."))
    if state not in {Appeal.State.UPHELD, Appeal.State.CORRECTED}:
        raise ValidationError({"state": _("Say whether the act stands or was corrected.")})
    if not words.strip():
        raise ValidationError({"answer": _("Write the answer: everyone may read it.")})
    appeal.state, appeal.answer, appeal.answered_at = state, words.strip(), now
    appeal.answered_by_id = by.pk
    appeal.full_clean(exclude=["act", "person", "answered_by", "reason"])
    appeal.save()
    alliance = appeal.act.alliance
    after = {"act": str(appeal.act.uuid), "state": str(state)}
    audit.record("alliances.appeal_answered", appeal.act, by=by, alliance=alliance, after=after)
    if appeal.person is not None:
        _tell_appellant(appeal, appeal.person, site)
    return appeal


def _tell_appellant(appeal: Appeal, person: Person, site: str) -> None:
    act, alliance = appeal.act, appeal.act.alliance
    with translation.override(person.language):
        url = reverse("alliances_in:act", args=[alliance.slug, act.uuid])
        lines = [act.label, str(appeal.get_state_display()).capitalize() + ".", appeal.answer]
    context = {"lines": lines, "action_label": gettext_lazy("Read the answer")}
    notify(
        person=person, kind=ANSWERED, subject=gettext_lazy("The coordination answered your appeal"), context=context,
        site=site, url=url, reference=act.reference,
    )  # fmt: skip
