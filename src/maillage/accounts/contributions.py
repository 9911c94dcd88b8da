from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.core import contributions


@contributions.holds_power.register
def operator(user: Any) -> Iterator[str]:
    if user.is_operator:
        yield _("operator of the instance")  # type: ignore[misc]
