"""Who may do what about statements. Adding one needs no account; reading and refusing them is for those trusted."""

from __future__ import annotations

from typing import Any

import rules

from maillage.alliances.rules import is_inside, is_open, oversees, steers
from maillage.participation.consultations.models import Consultation
from maillage.participation.rules import helps, in_states, is_published, is_shown, sits_where_decided
from maillage.participation.vocabulary import Help

S = Consultation.State
is_live = in_states(S.OPEN)


@rules.predicate
def anyone_may_look(user: Any, obj: Any = None) -> bool:
    """While it is open, groups are live: whoever may see the consultation sees them."""
    return bool(is_live.test(user, obj) or is_published.test(user, obj))


rules.add_perm(
    "participation.view_opinions",
    (is_shown & (steers | oversees)) | (anyone_may_look & (is_open | is_inside)),
)
"""Statements and their groups: live while open, then once published; between the two, those who prepare it only."""
rules.add_perm("participation.add_statement", is_live & (is_open | is_inside))
"""Whoever may see an open consultation adds a statement, without account."""
rules.add_perm("participation.read_statements", steers | oversees | sits_where_decided | helps(*Help.values))
"""The page of the moderator, and of whoever may be the second person: what each may do there is
``participation.moderate`` and ``participation.second``."""
