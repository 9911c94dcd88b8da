"""Addresses of this part, inside an alliance (``participation_in``) and outside any (``participation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.participation.opinions import views

STATEMENT = "consultations/<uuid:key>/enonces/<uuid:statement>/"

alliance_urlpatterns: list[URLPattern] = [
    path("consultations/<uuid:key>/opinions/<int:position>/", views.opinions, name="opinions"),
    path("consultations/<uuid:key>/opinions/<int:position>/ajouter/", views.opinion_add, name="opinion_add"),
    path("consultations/<uuid:key>/enonces/", views.statements, name="statements"),
    path("consultations/<uuid:key>/enonces/lire/", views.statements_read, name="statements_read"),
    path("consultations/<uuid:key>/enonces/refuser/", views.statements_refuse, name="statements_refuse"),
    path(f"{STATEMENT}modifier/", views.statement_edit, name="statement_edit"),
]
urlpatterns: list[URLPattern] = []
