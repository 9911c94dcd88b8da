"""Addresses. ``/<slug>/…`` in French, ``/en/<slug>/…`` in English; instance-wide pages come first.

A room gives ``urlpatterns`` (instance-wide) and, where it has pages inside an alliance,
``alliance_urlpatterns`` (mounted under ``/<slug>/``). Both carry the room's namespace. ``global_urlpatterns``
carry none: the names that a library (allauth) looks up by itself.
"""

from importlib import import_module
from importlib.util import find_spec

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

ROOMS = (
    "core",
    "ui",
    "accounts",
    "territories",
    "participation",
    "actors",
    "concertation",
    "reporting",
    "demo",
    "alliances",
)
"""In the order in which an address is looked up: ``participation`` early, for the crowd of those who answer;
``alliances`` last: its ``/<slug>/`` home would otherwise shadow nothing, but its reading stays simple."""


def _patterns() -> list[URLPattern | URLResolver]:
    instance: list[URLPattern | URLResolver] = []
    inside: list[URLPattern | URLResolver] = []
    for room in ROOMS:
        if find_spec(f"maillage.{room}.urls") is None:
            continue
        module = import_module(f"maillage.{room}.urls")
        if getattr(module, "urlpatterns", None):
            instance.append(path("", include((module.urlpatterns, room))))
        instance += getattr(module, "global_urlpatterns", [])
        if getattr(module, "alliance_urlpatterns", None):
            inside.append(path("<slug:slug>/", include((module.alliance_urlpatterns, f"{room}_in"))))
    return instance + inside


def _unprefixed() -> list[URLPattern | URLResolver]:
    """Addresses with no language: health, machine interfaces."""
    found: list[URLPattern | URLResolver] = []
    for room in ROOMS:
        if find_spec(f"maillage.{room}.urls") is None:
            continue
        found += getattr(import_module(f"maillage.{room}.urls"), "machine_urlpatterns", [])
    return found


urlpatterns = [*_unprefixed(), *i18n_patterns(*_patterns(), prefix_default_language=False)]

handler400 = "maillage.ui.errors.bad_request"
handler403 = "maillage.ui.errors.forbidden"
handler404 = "maillage.ui.errors.not_found"
handler500 = "maillage.ui.errors.server_error"
