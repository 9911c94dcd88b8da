"""Who may do what about statements. Adding one needs no account; reading and refusing them is for those trusted."""

from __future__ import annotations

import rules

from maillage.alliances.rules import is_inside, is_open, oversees, steers
from maillage.participation.consultations.models import Consultation
from maillage.participation.rules import helps, in_states, is_shown, sits_where_decided
from maillage.participation.vocabulary import Help

S = Consultation.State
is_live = in_states(S.OPEN)


rules.add_perm("participation.view_opinions", (is_shown & (steers | oversees)) | (is_live & (is_open | is_inside)))
"""The groups while people answer: live. Once the step is closed, they are results: ``participation.view_results``."""
rules.add_perm("participation.add_statement", is_live & (is_open | is_inside))
"""Whoever may see an open consultation adds a statement, without account."""
rules.add_perm("participation.read_statements", steers | oversees | sits_where_decided | helps(*Help.values))
"""The page of the moderator, and of whoever may be the second person: what each may do there is
``participation.moderate`` and ``participation.second``."""
