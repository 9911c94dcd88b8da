"""Whether the instance can still open the urns it holds, and the sentence for the operator when it cannot."""

from __future__ import annotations

import logging

from django.utils.translation import gettext as _

from maillage.participation.consultations.models import Step
from maillage.participation.urn import seal
from maillage.participation.urn.errors import KeyLost
from maillage.participation.urn.models import UrnKey

logger = logging.getLogger("maillage.participation")
_told: set[int] = set()
"""Steps this process has warned of."""


def lost() -> list[Step]:
    """The steps whose envelopes were sealed with another secret than the instance's: nobody can open them as it is."""
    held = UrnKey.objects.filter(opened_at=None, destroyed_at=None).select_related("step__consultation")
    return [key.step for key in held.order_by("step_id") if not _opens(key)]


def _opens(key: UrnKey) -> bool:
    try:
        seal.keys_of(key.step.uuid, key.salt, key.check_value)
    except KeyLost:
        return False
    return True


def warn_of_lost() -> None:
    """One line in the log by step and by process."""
    for step in lost():
        if step.pk not in _told:
            _told.add(step.pk)
            logger.error(
                "The urn of step %s (consultation %s) was sealed with another secret key: it takes no ballot "
                "and cannot be opened. Put back the secret_key file, or MAILLAGE_SECRET_KEY, of that time and restart.",
                step.pk, step.consultation_id,
            )  # fmt: skip


def sentence() -> str:
    """What is told where an urn cannot be opened."""
    return _(
        "The envelopes were sealed with another secret key than the one this instance has now. Nothing is lost: ask "
        "the operator to put back the secret_key file (or MAILLAGE_SECRET_KEY) of the instance that took the ballots, "
        "then start the counting again."
    )
