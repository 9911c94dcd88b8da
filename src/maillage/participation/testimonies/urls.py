"""Addresses of this part, inside an alliance (``participation_in``) and outside any (``participation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.participation.testimonies import public, views

ONE = "consultations/<uuid:key>/"

alliance_urlpatterns: list[URLPattern] = [
    path(f"{ONE}temoigner/<uuid:step>/", public.testify, name="testify"),
    path(f"{ONE}mon-temoignage/", public.mine, name="testimony_mine"),
    path(f"{ONE}temoignages/", views.testimonies, name="testimonies"),
    path(f"{ONE}temoignages/recueillir/<uuid:step>/", views.take_down, name="testimony_take_down"),
    path(f"{ONE}temoignages/carnet/<uuid:step>/", views.book, name="testimony_book"),
    path(f"{ONE}temoignages/compter/<uuid:step>/", views.count, name="testimonies_count"),
    path(f"{ONE}temoignages/passages/", views.quotes, name="testimony_quotes"),
    path(f"{ONE}temoignages/<uuid:testimony>/", views.testimony, name="testimony"),
]
urlpatterns: list[URLPattern] = []
