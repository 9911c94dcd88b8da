"""Addresses of this part, inside an alliance (``concertation_in``) and outside any (``concertation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.concertation.meetings.views import agenda, answers, calendars, pages, series

ITEM = "rencontres/<uuid:key>/ordre-du-jour/<uuid:item>/"

alliance_urlpatterns: list[URLPattern] = [
    path("rencontres/", pages.meetings, name="meetings"),
    path("rencontres/ajouter/", pages.meeting_new, name="meeting_new"),
    path("rencontres/les-miennes/", answers.my_meetings, name="my_meetings"),
    path("rencontres/calendrier/", calendars.calendar, name="calendar"),
    path("rencontres/calendrier/ouvrir/", calendars.calendar_open, name="calendar_open"),
    path("rencontres/calendrier/fermer/", calendars.calendar_close, name="calendar_close"),
    path("rencontres/rencontres.ics", calendars.calendar_alliance, name="calendar_alliance"),
    path("rencontres/series/ajouter/", series.series_new, name="series_new"),
    path("rencontres/series/<uuid:key>/", series.series, name="series"),
    path("rencontres/series/<uuid:key>/suivantes/", series.series_generate, name="series_generate"),
    path("rencontres/series/<uuid:key>/terminer/", series.series_end, name="series_end"),
    path("rencontres/<uuid:key>/", pages.meeting, name="meeting"),
    path("rencontres/<uuid:key>/rencontre.ics", calendars.meeting_file, name="meeting_file"),
    path("rencontres/<uuid:key>/modifier/", pages.meeting_edit, name="meeting_edit"),
    path("rencontres/<uuid:key>/annuler/", pages.meeting_cancel, name="meeting_cancel"),
    path("rencontres/<uuid:key>/repondre/", answers.answer_own, name="answer_own"),
    path("rencontres/<uuid:key>/reponses/", answers.answers, name="answers"),
    path("rencontres/<uuid:key>/reponses/inviter/", answers.invite, name="invite"),
    path("rencontres/<uuid:key>/reponses/personnes/", answers.guest_add, name="guest_add"),
    path("rencontres/<uuid:key>/reponses/<uuid:invitation>/", answers.answer_record, name="answer_record"),
    path("rencontres/<uuid:key>/ordre-du-jour/", agenda.agenda, name="agenda"),
    path("rencontres/<uuid:key>/ordre-du-jour/imprimer/", agenda.agenda_print, name="agenda_print"),
    path(ITEM, agenda.item_edit, name="agenda_item"),
    path(f"{ITEM}deplacer/", agenda.item_move, name="agenda_item_move"),
    path(f"{ITEM}retirer/", agenda.item_remove, name="agenda_item_remove"),
    path(f"{ITEM}documents/", agenda.document_add, name="agenda_document_add"),
    path(f"{ITEM}documents/<int:pk>/retirer/", agenda.document_remove, name="agenda_document_remove"),
    path("espaces/<uuid:key>/rencontres.ics", calendars.calendar_space, name="calendar_space"),
]
urlpatterns: list[URLPattern] = [
    path("rencontre/<str:token>/", answers.meeting_answer, name="meeting_answer"),
    path("rencontre/<str:token>/rencontre.ics", answers.meeting_answer_file, name="meeting_answer_file"),
    path("calendrier/<str:token>.ics", calendars.calendar_person, name="calendar_person"),
]
