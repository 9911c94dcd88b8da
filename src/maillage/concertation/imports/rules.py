"""Who may read the file of an import: whoever may import in its alliance."""

from __future__ import annotations

from typing import Any

import rules

from maillage.alliances.models import Alliance
from maillage.alliances.rules import steers
from maillage.core.models import Document


@rules.predicate
def steers_its_alliance(user: Any, obj: Any = None) -> bool:
    if not isinstance(obj, Document) or obj.alliance_id is None:
        return False
    alliance = Alliance.objects.filter(pk=obj.alliance_id).first()
    return alliance is not None and bool(steers(user, alliance))


rules.add_perm("concertation.import_file", steers_its_alliance)
"""The list as it was sent; object: the document."""
