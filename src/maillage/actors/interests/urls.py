"""Addresses of this part, inside an alliance (``actors_in``) and outside any (``actors``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.actors.interests import views

alliance_urlpatterns: list[URLPattern] = [
    path("mes-interets/", views.my_interests, name="my_interests"),
    path("personnes/<uuid:key>/interets/", views.interests_of, name="interests_of"),
]
urlpatterns: list[URLPattern] = [
    path("interets/<str:token>/", views.interests_link, name="interests_link"),
]
