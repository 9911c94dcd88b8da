"""Addresses of this part, inside an alliance (``concertation_in``) and outside any (``concertation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.concertation.voices import views

alliance_urlpatterns: list[URLPattern] = [
    path("voix-manquantes/", views.voices, name="voices"),
    path("voix-manquantes/ajouter/", views.voice_new, name="voice_new"),
    path("voix-manquantes/<uuid:key>/", views.voice, name="voice"),
    path("voix-manquantes/<uuid:key>/modifier/", views.voice_edit, name="voice_edit"),
    path("voix-manquantes/<uuid:key>/terminer/", views.voice_end, name="voice_end"),
    path("voix-manquantes/<uuid:key>/approcher/", views.approach_new, name="approach_new"),
    path("voix-manquantes/approches/<uuid:key>/", views.approach_outcome, name="approach_outcome"),
]
urlpatterns: list[URLPattern] = []
