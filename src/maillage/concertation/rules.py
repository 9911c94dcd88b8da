"""Who may see and change spaces and seats."""

from __future__ import annotations

from typing import Any

import rules

from maillage.alliances.rules import is_inside, is_open, oversees, steers
from maillage.concertation.governance.rules import sits_there
from maillage.concertation.models import Space


@rules.predicate
def is_shown(user: Any, obj: Any = None) -> bool:
    """The space is shown in public."""
    return isinstance(obj, Space) and obj.is_public


rules.add_perm("concertation.view", (is_shown & (is_open | is_inside)) | steers | oversees | (is_inside & sits_there))
"""The page of one space."""
rules.add_perm("concertation.edit", steers)
"""Spaces and seats; object: the alliance or a space."""

# Importing them registers their permissions.
from maillage.concertation.decisions import rules as decision_rules  # noqa: E402, F401
from maillage.concertation.endorsements import rules as endorsement_rules  # noqa: E402, F401
from maillage.concertation.governance import rules as governance_rules  # noqa: E402, F401
from maillage.concertation.imports import rules as import_rules  # noqa: E402, F401
from maillage.concertation.meetings import rules as meeting_rules  # noqa: E402, F401
from maillage.concertation.minutes import rules as minutes_rules  # noqa: E402, F401
from maillage.concertation.network import rules as network_rules  # noqa: E402, F401
from maillage.concertation.tasks import rules as task_rules  # noqa: E402, F401
from maillage.concertation.voices import rules as voice_rules  # noqa: E402, F401
