"""Addresses of this part, inside an alliance (``participation_in``) and outside any (``participation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.participation.paper import exchange_views, views

ONE = "consultations/<uuid:key>/"
PAPER = f"{ONE}preparer/papier/"
BATCH = f"{PAPER}<uuid:batch>/"

alliance_urlpatterns: list[URLPattern] = [
    path(PAPER, views.batches, name="batches"),
    path(f"{PAPER}epreuve/<uuid:step>/", views.paper_proof, name="paper_proof"),
    path(BATCH, views.batch, name="batch"),
    path(f"{BATCH}bulletins/", views.batch_pdf, name="batch_pdf"),
    path(f"{BATCH}echanger/", exchange_views.batch_exchange, name="batch_exchange"),
    path(f"{BATCH}sans-code/", exchange_views.batch_untied, name="batch_untied"),
    path(f"{BATCH}saisir/", views.batch_key, name="batch_key"),
    path(f"{BATCH}comparer/", views.batch_compare, name="batch_compare"),
    path(f"{BATCH}annuler/", views.batch_void, name="batch_void"),
    path(f"{ONE}lot/<int:number>/", views.batch_scanned, name="batch_scanned"),
]
urlpatterns: list[URLPattern] = []
