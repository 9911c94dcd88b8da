"""The decision path: who advises, decides, endorses, decides on money, at each scale."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.models import Actor
from maillage.alliances.models import Alliance
from maillage.concertation.governance.models import DecisionStep
from maillage.concertation.governance.services.common import check_end, clean, logged
from maillage.concertation.governance.services.settings import kin, terms_of
from maillage.concertation.models import Space
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock


@transaction.atomic
def add_step(
    *,
    alliance: Alliance,
    scale: str,
    part: str,
    by: Any,
    since: dt.date | None,
    space: Space | None = None,
    actor: Actor | None = None,
    about: str = "",
    until: dt.date | None = None,
    via: str = "web",
) -> DecisionStep:
    """A space, or an actor outside any (a council of mayors), takes this part at this scale.

    Errors: ``PermissionDenied``; ``ValidationError`` for both or neither, for one of elsewhere, for a step already
    written, or an unknown scale.
    """
    require(by, "concertation.edit", alliance)
    lock(alliance)
    check_end(since, until)
    if (space is None) == (actor is None):
        raise ValidationError({"space": _("Choose a space or an actor, one of the two.")})
    if space is not None and not kin(alliance, space.alliance):
        raise ValidationError({"space": _("Choose a space of this alliance, of its region or of its territories.")})
    if actor is not None and actor.alliance_id != alliance.pk:
        raise ValidationError({"actor": _("This actor belongs to another alliance.")})
    if scale not in terms_of(alliance, "scale"):
        raise ValidationError({"scale": _("Choose a scale of the list.")})
    alike = DecisionStep.objects.filter(
        alliance=alliance, scale=scale, part=part, space=space, actor=actor, about=about.strip(), until=None
    )
    if alike.exists():
        raise ValidationError({"part": _("This step is already written.")})
    step = DecisionStep(
        alliance=alliance, scale=scale, part=part, space=space, actor=actor, about=about.strip(), since=since,
        until=until,
    )  # fmt: skip
    clean(step, "alliance", "space", "actor")
    step.save()
    audit.record(
        "concertation.step_added", step, by=by, alliance=alliance, via=via,
        after=logged(step, ("scale", "part", "space_id", "actor_id", "since")),
    )  # fmt: skip
    return step


@transaction.atomic
def end_step(*, step: DecisionStep, on: dt.date, by: Any, via: str = "web") -> DecisionStep:
    """The step holds no more from ``on``, and stays readable at its date."""
    require(by, "concertation.edit", step.alliance)
    step = lock(step)
    check_end(step.since, on)
    step.until = on
    step.save(update_fields=["until"])
    audit.record(
        "concertation.step_ended", step, by=by, alliance=step.alliance, via=via, after={"until": on.isoformat()}
    )
    return step
