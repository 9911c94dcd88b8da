"""Who may do what about the outreach plan: the team writes it, whoever oversees reads it, the public reads what is told
in public with the consultation itself."""

from __future__ import annotations

import rules

from maillage.alliances.rules import oversees, steers
from maillage.participation.consultations.models import Consultation
from maillage.participation.rules import in_states

S = Consultation.State
rules.add_perm("participation.read_outreach", steers | oversees)
rules.add_perm("participation.plan_outreach", steers & in_states(S.DRAFT, S.OPEN, S.CLOSED))
"""Add, change, move, cancel: until the results are published."""
rules.add_perm("participation.note_outreach", steers & in_states(S.DRAFT, S.OPEN, S.CLOSED, S.PUBLISHED))
"""Say what came of it: also once the results are published."""
