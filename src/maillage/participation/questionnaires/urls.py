"""Addresses of this part, inside an alliance (``participation_in``) and outside any (``participation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.participation.questionnaires import views

PREPARE = "consultations/<uuid:key>/preparer/"
STEP = f"{PREPARE}etapes/<uuid:step>/questions/"

alliance_urlpatterns: list[URLPattern] = [
    path(STEP, views.questions, name="questions"),
    path(f"{STEP}nouvelle/", views.question_new, name="question_new"),
    path(f"{STEP}apercu/", views.questions_preview, name="questions_preview"),
    path(f"{STEP}textes/", views.question_texts, name="question_texts"),
    path(f"{STEP}passages/", views.excerpts, name="excerpts"),
    path(f"{PREPARE}questions/<uuid:question>/", views.question_edit, name="question_edit"),
    path(f"{PREPARE}questions/<uuid:row>/deplacer/", views.question_move, name="question_move"),
    path(f"{PREPARE}parties/<uuid:section>/", views.section_edit, name="section_edit"),
]
urlpatterns: list[URLPattern] = []
