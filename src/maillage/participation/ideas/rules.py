"""Who may do what about ideas. Bringing one needs no account; reading and refusing them is for those trusted."""

from __future__ import annotations

import rules

from maillage.alliances.rules import is_inside, is_open, oversees, steers
from maillage.participation.consultations.models import Consultation
from maillage.participation.rules import helps, in_states
from maillage.participation.vocabulary import Help

rules.add_perm("participation.add_idea", in_states(Consultation.State.OPEN) & (is_open | is_inside))
"""Whoever may see an open consultation brings an idea or a comment, without account."""
rules.add_perm("participation.read_ideas", steers | oversees | helps(Help.MODERATE))
"""The page of the moderator; what may be done there is ``participation.moderate``, ``second`` and ``run``."""
