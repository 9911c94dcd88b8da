"""Addresses of this part, inside an alliance (``concertation_in``) and outside any (``concertation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.concertation.governance.views import (
    charters,
    conditions,
    dynamics,
    obstacles,
    seats,
    settings,
    turns,
)
from maillage.concertation.governance.views import path as decision_path

SPACE = "espaces/<uuid:key>/"

alliance_urlpatterns: list[URLPattern] = [
    path("gouvernance/", decision_path.governance, name="governance"),
    path("gouvernance/chemin/", decision_path.path, name="path"),
    path("gouvernance/chemin/<int:pk>/terminer/", decision_path.step_end, name="step_end"),
    path(SPACE + "fonctionnement/", settings.setting, name="space_setting"),
    path(SPACE + "liens/", settings.link_add, name="link_add"),
    path(SPACE + "liens/<int:pk>/terminer/", settings.link_end, name="link_end"),
    path(SPACE + "titulaires/", seats.holders, name="holders"),
    path(SPACE + "titulaires/colleges/", seats.plan, name="seats_plan"),
    path(SPACE + "titulaires/<int:pk>/ajouter/", seats.holder_add, name="holder_add"),
    path(SPACE + "animation/", turns.turns, name="turns"),
    path(SPACE + "animation/<int:pk>/terminer/", turns.turn_end, name="turn_end"),
    path(SPACE + "conditions/", conditions.conditions, name="conditions"),
    path(SPACE + "charte/", charters.charter, name="charter"),
    path(SPACE + "charte/ecrire/", charters.charter_write, name="charter_write"),
    path(SPACE + "charte/comparer/", charters.charter_compare, name="charter_compare"),
    path(SPACE + "charte/<int:number>/", charters.charter, name="charter_version"),
    path(SPACE + "charte/<int:number>/adopter/", charters.charter_adopt, name="charter_adopt"),
    path(SPACE + "obstacles/", obstacles.obstacles, name="obstacles"),
    path(SPACE + "obstacles/nommer/", obstacles.obstacle_name, name="obstacle_name"),
    path("obstacles/<uuid:key>/modifier/", obstacles.obstacle_change, name="obstacle_change"),
    path("obstacles/<uuid:key>/tentative/", obstacles.obstacle_tried, name="obstacle_tried"),
    path("obstacles/<uuid:key>/tentatives/<int:pk>/", obstacles.obstacle_outcome, name="obstacle_outcome"),
    path(SPACE + "dynamique/", dynamics.dynamics, name="dynamics"),
    path("rencontres/<uuid:key>/conditions/", conditions.kept, name="conditions_kept"),
    path("titulaires/<uuid:holder>/terminer/", seats.holder_end, name="holder_end"),
    path("mes-sieges/", seats.my_seats, name="my_seats"),
    path("mes-sieges/<uuid:holder>/", seats.named, name="holder_named"),
]
urlpatterns: list[URLPattern] = []
