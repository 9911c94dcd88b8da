"""Addresses of this part, all outside any alliance."""

from __future__ import annotations

from django.urls import path

from maillage.alliances.links import views

urlpatterns = [
    path("mes-adresses/", views.mine, name="my_links"),
    path("mes-adresses/<uuid:person_id>/<slug:purpose>/fermer/", views.close, name="my_links_close"),
]
