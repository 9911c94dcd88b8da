"""Who may do what about ideas. Bringing one needs no account; reading and refusing them is for those trusted."""

from __future__ import annotations

import rules

from maillage.alliances.rules import is_inside, is_open, oversees, steers
from maillage.participation.consultations.models import Consultation
from maillage.participation.rules import helps, in_states, sits_where_decided
from maillage.participation.vocabulary import Help

rules.add_perm("participation.add_idea", in_states(Consultation.State.OPEN) & (is_open | is_inside))
"""Whoever may see an open consultation brings an idea or a comment, without account."""
rules.add_perm("participation.read_ideas", steers | oversees | sits_where_decided | helps(*Help.values))
"""The page of the moderator, and of whoever may be the second person: what each may do there is
``participation.moderate``, ``participation.second`` and ``participation.run``."""
