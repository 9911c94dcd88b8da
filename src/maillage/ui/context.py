"""What every page needs around its content: the shell. Computed only if the page shows it.

``ui`` lies below the rooms: the alliance comes from ``request.alliance`` (set by the view's decorator), and
everything else from ``core.contributions``. A page with an alliance costs one query for the selvage and two
for the switcher, whatever the size of the instance.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse, translate_url
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language

from maillage.core import contributions
from maillage.core.contributions import NavigationItem, Place
from maillage.ui import types

SWITCHER_LIMIT = 12
THEMES = ("light", "dark")
THEME_COOKIE = "maillage_theme"


def theme_of(request: HttpRequest) -> str:
    """``light``, ``dark``, or empty for the device's own choice."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def address(*names: str) -> str:
    """The first of these views that exists: rooms above may not all be there."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


class Shell:
    """Lazy: each part is computed once, when a template first reads it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.theme = theme_of(request)

    @cached_property
    def alliance(self) -> Any:
        return getattr(self.request, "alliance", None)

    @cached_property
    def user(self) -> Any:
        """The signed-in user, or ``None``."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def today(self) -> dt.date:
        today: Callable[[], dt.date] | None = getattr(self.alliance, "today", None)
        return today() if today else timezone.localdate()

    @cached_property
    def composition(self) -> list[dict[str, Any]]:
        """The threads of the selvage: one entry a type that is present, in the common order."""
        if self.alliance is None:
            return []
        found = contributions.composition.collect(self.alliance, self.user, self.today)
        threads = sorted((part for part in found if part.count > 0), key=lambda part: types.rank(part.type_code))
        return [{"attributes": types.attributes(part.type_code), "count": part.count} for part in threads]

    @cached_property
    def places(self) -> list[Place]:
        """The alliances of the switcher: the viewer's own, the parent and the sisters; twelve at most."""
        found = list(contributions.places.collect(self.alliance, self.user, self.today))
        return found[:SWITCHER_LIMIT]

    @cached_property
    def all_places_url(self) -> str:
        return address("alliances:index", "alliances:list", "alliances:directory") or "/"

    @cached_property
    def _navigation(self) -> list[NavigationItem]:
        if self.alliance is None:
            return []
        found = contributions.navigation.collect(self.alliance, self.user, self.today)
        return sorted(found, key=lambda item: item.order)

    def _current(self, items: list[NavigationItem]) -> NavigationItem | None:
        """The entry whose address is the longest beginning of the page's: a page belongs to one entry."""
        path = self.request.path
        home = self.alliance.get_absolute_url() if hasattr(self.alliance, "get_absolute_url") else ""

        def fit(item: NavigationItem) -> int:
            begins = [url for url in (item.url, *item.also) if path.startswith(url) and (url == path or url != home)]
            return max(map(len, begins), default=0)

        return max((item for item in items if fit(item)), key=fit, default=None)

    def _entries(self, items: list[NavigationItem]) -> list[dict[str, Any]]:
        current = self._current(items)
        return [
            {
                "label": item.label,
                "url": item.url,
                "group": item.group,
                "count": item.count,
                "current": ("page" if item.url == self.request.path else "true") if item is current else "",
            }
            for item in items
        ]

    @cached_property
    def menu(self) -> list[dict[str, Any]]:
        """The alliance's public menu."""
        return self._entries([item for item in self._navigation if item.area == "public"])

    @cached_property
    def workspace(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The side menu: ``(group, entries)``, groups in the order of their first entry."""
        entries = self._entries([item for item in self._navigation if item.area == "workspace"])
        order = list(dict.fromkeys(str(entry["group"]) for entry in entries))
        entries.sort(key=lambda entry: order.index(str(entry["group"])))
        return [(group, list(rows)) for group, rows in groupby(entries, key=lambda entry: str(entry["group"]))]

    @cached_property
    def at_work(self) -> bool:
        """The page belongs to an entry of the side menu: whoever has that menu keeps it there, on every page."""
        return any(entry["current"] for _group, entries in self.workspace for entry in entries)

    @cached_property
    def footer(self) -> list[dict[str, Any]]:
        return self._entries([item for item in self._navigation if item.area == "footer"])

    @cached_property
    def language(self) -> str:
        return "en" if get_language() == "en" else "fr"

    @cached_property
    def other_language(self) -> dict[str, str] | None:
        """The same page in the other language, or ``None`` where the alliance offers no English."""
        code, label = ("fr", "Français") if self.language == "en" else ("en", "English")
        if code == "en" and self.alliance is not None and not getattr(self.alliance, "offers_english", True):
            return None
        try:
            resolve(self.request.path_info)
        except Resolver404:
            return {"code": code, "label": label, "url": "/" if code == "fr" else "/en/"}
        return {"code": code, "label": label, "url": translate_url(self.request.get_full_path(), code)}

    @cached_property
    def home_url(self) -> str:
        return "/en/" if self.language == "en" else "/"

    @cached_property
    def sign_in_url(self) -> str:
        return address("account_login")

    @cached_property
    def account_url(self) -> str:
        return address("accounts:account", "accounts:home", "accounts:profile", "account_email")

    @cached_property
    def appearance_url(self) -> str:
        return address("ui:appearance")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``shell``, and ``alliance`` where the address is inside one."""
    return {"shell": Shell(request)}
