from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.accounts import personal
from maillage.core import contributions


@contributions.holds_power.register
def operator(user: Any) -> Iterator[str]:
    if user.is_operator:
        yield _("operator of the instance")  # type: ignore[misc]


contributions.personal_data.add(
    contributions.PersonalData(
        room="accounts",
        purpose=_("Let you sign in, and protect your account"),  # type: ignore[arg-type]
        export=personal.export,
        erase=personal.erase,
        purge=personal.purge,
    )
)
