"""Addresses of this part: all outside any alliance, since one chooses for each alliance where one is known."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.alliances.notices import views

alliance_urlpatterns: list[URLPattern] = []
urlpatterns = [
    path("avis/<str:token>/", views.choices, name="notice_choices"),
    path("avis/<str:token>/arreter/<str:kind>/", views.stop, name="notice_stop"),
    path("mes-avis/", views.mine, name="my_notices"),
    path("mes-avis/<uuid:person_id>/", views.own_choices, name="my_notice_choices"),
]
