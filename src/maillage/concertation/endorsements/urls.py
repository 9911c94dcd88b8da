"""Addresses of this part, inside an alliance (``concertation_in``) and outside any (``concertation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.concertation.endorsements import views

alliance_urlpatterns: list[URLPattern] = [
    path("conflits/repondre/<str:key>/", views.conflict_answer, name="conflict_answer"),
]
urlpatterns: list[URLPattern] = []
