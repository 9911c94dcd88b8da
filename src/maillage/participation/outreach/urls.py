"""Addresses of this part, inside an alliance (``participation_in``) and outside any (``participation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.participation.outreach import views

PLAN = "consultations/<uuid:key>/preparer/aller-vers/"
ONE = f"{PLAN}<uuid:way>/"

alliance_urlpatterns: list[URLPattern] = [
    path(PLAN, views.outreach, name="outreach"),
    path(f"{PLAN}ajouter/", views.outreach_new, name="outreach_new"),
    path(ONE, views.outreach_edit, name="outreach_edit"),
    path(f"{ONE}deplacer/", views.outreach_move, name="outreach_move"),
    path(f"{ONE}enlever/", views.outreach_remove, name="outreach_remove"),
    path(f"{ONE}suites/", views.outreach_outcome, name="outreach_outcome"),
    path(f"{ONE}annuler/", views.outreach_cancel, name="outreach_cancel"),
]
urlpatterns: list[URLPattern] = []
