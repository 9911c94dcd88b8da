"""Addresses of this part, inside an alliance (``concertation_in``) and outside any (``concertation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.concertation.minutes.views import minutes, room

ROOM = "rencontres/<uuid:key>/salle/"
MINUTES = "rencontres/<uuid:key>/compte-rendu/"

alliance_urlpatterns: list[URLPattern] = [
    path(ROOM, room.room_page, name="room"),
    path(ROOM + "etat.json", room.room_state, name="room_state"),
    path(ROOM + "notes/<uuid:item>/", room.note, name="note"),
    path(ROOM + "notes/<uuid:item>/a-cote/<int:pk>/", room.note_settle, name="note_settle"),
    path(ROOM + "notes/<uuid:item>/suite/", room.task_capture, name="task_capture"),
    path(ROOM + "notes/<uuid:item>/decision/", room.decision_capture, name="decision_capture"),
    path(ROOM + "presences/", room.attendance_post, name="attendance"),
    path(ROOM + "invites/", room.guest_add, name="room_guest_add"),
    path(ROOM + "invites/<int:pk>/retirer/", room.guest_remove, name="room_guest_remove"),
    path(ROOM + "parole/", room.speaking, name="speaking"),
    path(ROOM + "<str:step>/", room.room_move, name="room_move"),
    path(MINUTES, minutes.minutes, name="minutes"),
    path(MINUTES + "compte-rendu.pdf", minutes.minutes_pdf, name="minutes_pdf"),
    path(MINUTES + "preparer/", minutes.prepare, name="minutes_prepare"),
    path(MINUTES + "faire-circuler/", minutes.circulate, name="minutes_circulate"),
    path(MINUTES + "proposer/", minutes.propose_approval, name="minutes_propose"),
    path(MINUTES + "approuver/", minutes.approve, name="minutes_approve"),
    path(MINUTES + "public/", minutes.publish, name="minutes_publish"),
    path(MINUTES + "corrections/<uuid:key2>/", minutes.settle, name="minutes_settle"),
    path(MINUTES + "<uuid:item>/", minutes.item_edit, name="minutes_item"),
    path(MINUTES + "<uuid:item>/correction/", minutes.amend, name="minutes_amend"),
    path(MINUTES + "<uuid:item>/erratum/", minutes.erratum, name="minutes_erratum"),
]
urlpatterns: list[URLPattern] = [path("compte-rendu/<str:token>/", minutes.minutes_link, name="minutes_link")]
