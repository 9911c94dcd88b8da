"""Addresses of this part, inside an alliance (``alliances_in``) and outside any (``alliances``)."""

from __future__ import annotations

from django.urls import URLPattern

alliance_urlpatterns: list[URLPattern] = []
urlpatterns: list[URLPattern] = []
