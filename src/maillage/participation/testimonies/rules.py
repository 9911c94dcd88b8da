"""Who may hear a recorded voice: those trusted to take down and code testimonies."""

from __future__ import annotations

from typing import Any

import rules

from maillage.core.access import may
from maillage.core.models import Document
from maillage.participation.testimonies.models import Testimony


@rules.predicate
def codes_its_testimony(user: Any, obj: Any = None) -> bool:
    if not isinstance(obj, Document):
        return False
    found = Testimony.objects.select_related("step__consultation__alliance__parent").filter(voice=obj).first()
    return found is not None and may(user, "participation.code", found.step.consultation)


rules.add_perm("participation.hear_testimony", codes_its_testimony)
