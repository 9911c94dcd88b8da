"""Addresses of this part, inside an alliance (``concertation_in``) and outside any (``concertation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.concertation.meetings.views import agenda, pages

alliance_urlpatterns: list[URLPattern] = [
    path("rencontres/", pages.meetings, name="meetings"),
    path("rencontres/ajouter/", pages.meeting_new, name="meeting_new"),
    path("rencontres/<uuid:key>/", pages.meeting, name="meeting"),
    path("rencontres/<uuid:key>/modifier/", pages.meeting_edit, name="meeting_edit"),
    path("rencontres/<uuid:key>/annuler/", pages.meeting_cancel, name="meeting_cancel"),
    path("rencontres/<uuid:key>/ordre-du-jour/", agenda.agenda, name="agenda"),
    path("rencontres/<uuid:key>/ordre-du-jour/<uuid:item>/", agenda.item_edit, name="agenda_item"),
    path("rencontres/<uuid:key>/ordre-du-jour/<uuid:item>/deplacer/", agenda.item_move, name="agenda_item_move"),
    path("rencontres/<uuid:key>/ordre-du-jour/<uuid:item>/retirer/", agenda.item_remove, name="agenda_item_remove"),
]
urlpatterns: list[URLPattern] = []
