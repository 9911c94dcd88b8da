"""Addresses of this part, inside an alliance (``actors_in``) and outside any (``actors``)."""

from __future__ import annotations

from django.urls import URLPattern

alliance_urlpatterns: list[URLPattern] = []
urlpatterns: list[URLPattern] = []
