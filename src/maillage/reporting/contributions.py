"""What the account gives to the other rooms: its entries in the menus, and its background job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.core.access import may
from maillage.core.contributions import NavigationItem, navigation
from maillage.reporting import log_words
from maillage.reporting.models import Account


@navigation.register
def menu(scope: Any, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    """In the public menu once something is published; in the workspace for those who may make it."""
    address = reverse("reporting_in:accounts", args=[scope.slug])
    if Account.objects.published().filter(alliance_id=scope.pk).exists():
        yield NavigationItem(_("Accountability report"), address, area="public", order=80)
    if viewer is not None and may(viewer, "reporting.produce", scope):
        yield NavigationItem(_("Accountability report"), address, area="workspace", group=_("Understand"), order=80)


__all__ = ["log_words"]
"""Importing it names the acts of the room."""
