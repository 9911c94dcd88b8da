"""Addresses of this part, inside an alliance (``concertation_in``) and outside any (``concertation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.concertation.network import views

alliance_urlpatterns: list[URLPattern] = [
    path("qui-travaille-avec-qui/", views.network, name="network"),
    path("qui-travaille-avec-qui/lecture/", views.whole, name="network_whole"),
    path("qui-travaille-avec-qui/reseau.graphml", views.network_graphml, name="network_graphml"),
    path("qui-travaille-avec-qui/traits.json", views.network_marks, name="network_marks"),
    path("qui-travaille-avec-qui/<str:what>-telecharger.<str:form>", views.network_file, name="network_file"),
]
urlpatterns: list[URLPattern] = []
