"""Addresses of this part, inside an alliance (``participation_in``) and outside any (``participation``)."""

from __future__ import annotations

from django.urls import URLPattern

alliance_urlpatterns: list[URLPattern] = []
urlpatterns: list[URLPattern] = []
