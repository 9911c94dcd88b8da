"""Addresses of this part, inside an alliance (``participation_in``) and outside any (``participation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.participation.voting import views

alliance_urlpatterns: list[URLPattern] = [
    path("consultations/<uuid:key>/participer/", views.ballot, name="ballot"),
    path("consultations/<uuid:key>/merci/", views.sent, name="sent"),
    path("consultations/<uuid:key>/recu/", views.receipt, name="receipt"),
    path("consultations/<uuid:key>/borne/", views.kiosk, name="kiosk"),
    path("consultations/<uuid:key>/borne/aide/", views.kiosk_guide, name="kiosk_guide"),
    path("consultations/<uuid:key>/borne/veille.js", views.kiosk_worker, name="kiosk_worker"),
    path("consultations/<uuid:key>/borne/ouvrir/", views.kiosk_open, name="kiosk_open"),
    path("consultations/<uuid:key>/borne/fermer/", views.kiosk_close, name="kiosk_close"),
]
urlpatterns: list[URLPattern] = [path("v/<slug:short>/aide/", views.short_guide, name="short_guide")]
