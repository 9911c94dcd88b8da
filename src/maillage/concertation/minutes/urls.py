"""Addresses of this part, inside an alliance (``concertation_in``) and outside any (``concertation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.concertation.minutes.views import room

ROOM = "rencontres/<uuid:key>/salle/"

alliance_urlpatterns: list[URLPattern] = [
    path(ROOM, room.room_page, name="room"),
    path(ROOM + "etat.json", room.room_state, name="room_state"),
    path(ROOM + "notes/<uuid:item>/", room.note, name="note"),
    path(ROOM + "notes/<uuid:item>/a-cote/<int:pk>/", room.note_settle, name="note_settle"),
    path(ROOM + "notes/<uuid:item>/suite/", room.task_capture, name="task_capture"),
    path(ROOM + "notes/<uuid:item>/decision/", room.decision_capture, name="decision_capture"),
    path(ROOM + "presences/", room.attendance_post, name="attendance"),
    path(ROOM + "invites/", room.guest_add, name="guest_add"),
    path(ROOM + "invites/<int:pk>/retirer/", room.guest_remove, name="guest_remove"),
    path(ROOM + "parole/", room.speaking, name="speaking"),
    path(ROOM + "<str:step>/", room.room_move, name="room_move"),
]
urlpatterns: list[URLPattern] = []
