"""Who may do what in this part."""

from __future__ import annotations

import rules

from maillage.alliances.links.rules import is_that_person

rules.add_perm("alliances.choose_notices", is_that_person)
"""Also once their role has ended: messages may still come."""
