"""Addresses of this part, inside an alliance (``participation_in``) and outside any (``participation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.participation.voting import views

alliance_urlpatterns: list[URLPattern] = [
    path("consultations/<uuid:key>/participer/", views.ballot, name="ballot"),
    path("consultations/<uuid:key>/merci/", views.sent, name="sent"),
    path("consultations/<uuid:key>/recu/", views.receipt, name="receipt"),
]
urlpatterns: list[URLPattern] = []
