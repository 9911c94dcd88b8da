from django.urls import path

from maillage.concertation.imports import views

alliance_urlpatterns = [
    path("importations/", views.runs, name="imports"),
    path("importations/<uuid:key>/", views.run, name="import_run"),
    path("importations/<uuid:key>/colonnes/", views.columns, name="import_columns"),
    path("importations/<uuid:key>/en-tete/", views.place, name="import_place"),
    path("importations/<uuid:key>/categories/", views.types, name="import_types"),
    path("importations/<uuid:key>/doublons/", views.proposals, name="import_proposals"),
    path("importations/<uuid:key>/doublons/evidents/", views.accept_trivial, name="import_trivial"),
    path("importations/<uuid:key>/apercu/", views.preview, name="import_preview"),
    path("importations/<uuid:key>/importer/", views.apply, name="import_apply"),
    path("importations/<uuid:key>/annuler/", views.undo, name="import_undo"),
    path("importations/<uuid:key>/abandonner/", views.discard, name="import_discard"),
    path("importations/<uuid:key>/lignes-ecartees.csv", views.rejected_file, name="import_rejected"),
]
