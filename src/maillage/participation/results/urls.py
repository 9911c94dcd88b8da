"""Addresses of this part, inside an alliance (``participation_in``) and outside any (``participation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.participation.results import views

alliance_urlpatterns: list[URLPattern] = [
    path("consultations/<uuid:key>/resultats/", views.results, name="results"),
    path("consultations/<uuid:key>/resultats/<int:position>/<str:name>", views.results_file, name="results_file"),
    path("consultations/<uuid:key>/resultats/<int:position>/recompter/", views.recount, name="results_recount"),
]
urlpatterns: list[URLPattern] = []
