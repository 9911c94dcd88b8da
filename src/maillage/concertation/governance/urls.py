"""Addresses of this part, inside an alliance (``concertation_in``) and outside any (``concertation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.concertation.governance.views import seats, settings

alliance_urlpatterns: list[URLPattern] = [
    path("espaces/<uuid:key>/fonctionnement/", settings.setting, name="space_setting"),
    path("espaces/<uuid:key>/liens/", settings.link_add, name="link_add"),
    path("espaces/<uuid:key>/liens/<int:pk>/terminer/", settings.link_end, name="link_end"),
    path("espaces/<uuid:key>/titulaires/", seats.holders, name="holders"),
    path("espaces/<uuid:key>/titulaires/colleges/", seats.plan, name="seats_plan"),
    path("espaces/<uuid:key>/titulaires/<int:pk>/ajouter/", seats.holder_add, name="holder_add"),
    path("titulaires/<uuid:holder>/terminer/", seats.holder_end, name="holder_end"),
    path("mes-sieges/", seats.my_seats, name="my_seats"),
    path("mes-sieges/<uuid:holder>/", seats.named, name="holder_named"),
]
urlpatterns: list[URLPattern] = []
