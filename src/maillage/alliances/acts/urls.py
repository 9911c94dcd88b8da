"""Addresses of this part, inside an alliance."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.alliances.acts import views

alliance_urlpatterns = [
    path("au-nom-des-membres/", views.acts, name="acts"),
    path("au-nom-des-membres/<uuid:key>/", views.act, name="act"),
    path("au-nom-des-membres/<uuid:key>/appel/", views.appeal_make, name="appeal-make"),
    path("au-nom-des-membres/appels/<uuid:key>/", views.appeal, name="appeal"),
]
urlpatterns: list[URLPattern] = []
