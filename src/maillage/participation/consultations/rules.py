"""Who reads the pictures of options: whoever may read the consultation they belong to."""

from __future__ import annotations

from typing import Any

import rules

from maillage.participation.consultations.models import Option


@rules.predicate
def reads_its_option(user: Any, document: Any = None) -> bool:
    if document is None:
        return False
    found = Option.objects.filter(picture=document).select_related("step__consultation__alliance__parent")
    return any(rules.has_perm("participation.view", user, option) for option in found)


rules.add_perm("participation.read_picture", reads_its_option)
