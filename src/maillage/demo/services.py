"""Loading and removing the demonstration. Refused wherever real work is done.

The whole of it is made in one transaction: an interruption leaves nothing behind.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _
from django.utils.translation import override

from maillage.accounts.models import User
from maillage.alliances.models import Alliance, Role
from maillage.core import contributions
from maillage.core.contributions import DemoStep
from maillage.core.demonstration import DOMAIN, World, silent
from maillage.demo import removal

SEED = 20241114
MAIN = "deux-rivieres"


class DemoRefused(Exception):
    """The demonstration cannot be loaded or removed here; the message says why and what to do."""


def is_loaded() -> bool:
    return Alliance.objects.filter(slug=MAIN, fictional=True).exists()


def require_demo_mode() -> None:
    if settings.PRODUCTION:
        raise DemoRefused(
            _("The demonstration is never loaded in production. Start Maillage with MAILLAGE_MODE=demo to try it.")
        )


def steps() -> list[DemoStep]:
    """What the rooms add, in order. Their ``demo`` modules are imported only here."""
    autodiscover_modules("demo")
    return sorted(contributions.demo, key=lambda step: (step.order, step.room))


def load(*, today: dt.date | None = None, progress: Callable[[int, int, str], None] = silent) -> bool:
    """Load the demonstration; ``False`` where it is already there. Always in French, its people's language.

    ``today`` dates it (default: the current day). Errors: ``DemoRefused`` in production.
    """
    require_demo_mode()
    if is_loaded():
        return False
    todo = steps()
    world = World(today=today or timezone.localdate(), progress=progress)
    with transaction.atomic(), override("fr"):
        for done, step in enumerate(todo):
            progress(done, len(todo), step.room)
            # A generator for each room: one more room never changes what the others make.
            step.build(world, random.Random(f"{SEED}:{step.room}"))
    progress(len(todo), len(todo), "")
    return True


def reset(*, today: dt.date | None = None, progress: Callable[[int, int, str], None] = silent) -> None:
    """Remove the demonstration and load it again. What is not fictional is left alone.

    Errors: ``DemoRefused`` in production.
    """
    require_demo_mode()
    with transaction.atomic():
        removal.remove_fictional()
        load(today=today, progress=progress)


def people_to_sign_in() -> Sequence[tuple[str, str]]:
    """``(role, e-mail address)`` of a person for every role, for whoever tries the demonstration."""
    return [(person.role, person.email) for person in sign_in_people()]


class SignIn:
    """A person of the demonstration: the account, what it may do, where it starts."""

    def __init__(self, user: User, role: Any, alliance: Alliance | None) -> None:
        self.user, self.role, self.alliance = user, str(role), alliance
        self.email = user.email
        self.name = user.get_full_name()


ORDER = (
    Role.Kind.AGENT, Role.Kind.MEMBER, Role.Kind.ELECTED, Role.Kind.EVALUATOR, Role.Kind.ACCOMPANYING,
    Role.Kind.TREASURER, Role.Kind.OBSERVER,
)  # fmt: skip


def sign_in_people() -> list[SignIn]:
    """One person for each role of the main alliance, then the regional coordinator and the operator."""
    main = Alliance.objects.select_related("parent").filter(slug=MAIN, fictional=True).first()
    if main is None:
        return []
    today = main.today()
    held = list(
        Role.objects.at(today)
        .filter(person__alliance__in=[main.pk, main.parent_id], person__user__isnull=False)
        .select_related("person__user")
        .order_by("kind", "id")
    )
    found = []
    for kind in (*ORDER, Role.Kind.REGIONAL):
        role = next((row for row in held if row.kind == kind), None)
        if role is not None and role.person.user is not None:
            where = main.parent if kind == Role.Kind.REGIONAL else main
            found.append(SignIn(role.person.user, Role.Kind(kind).label, where))
    operator = User.objects.filter(email__endswith=f"@{DOMAIN}", is_operator=True).order_by("id").first()
    if operator is not None:
        found.append(SignIn(operator, _("operator of the instance"), None))
    return found
