"""Addresses of this part, inside an alliance (``concertation_in``) and outside any (``concertation``)."""

from __future__ import annotations

from django.urls import URLPattern

alliance_urlpatterns: list[URLPattern] = []
urlpatterns: list[URLPattern] = []
