"""Who may take the published files of a result: whoever may see it."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q

from maillage.core.access import may
from maillage.core.models import Document
from maillage.participation.results.models import Result


@rules.predicate
def sees_its_result(user: Any, obj: Any = None) -> bool:
    """The document is the ballots or the receipts of a result that this reader may see."""
    if not isinstance(obj, Document):
        return False
    found = (
        Result.objects.select_related("step__consultation__alliance__parent")
        .filter(Q(file=obj) | Q(receipts_file=obj))
        .first()
    )
    return found is not None and may(user, "participation.view_results", found.step.consultation)


rules.add_perm("participation.read_published", sees_its_result)
