"""Addresses of actors. The directory is the concertation room's: it also reads seats."""

from django.urls import path

from maillage.actors import duplicates_views, views
from maillage.actors.interests import urls as interests
from maillage.actors.ties import urls as ties

alliance_urlpatterns = [
    path("acteurs/doublons/", duplicates_views.duplicates, name="duplicates"),
    path("acteurs/doublons/chercher/", duplicates_views.seek, name="duplicates_seek"),
    path("acteurs/doublons/repondre/", duplicates_views.answer, name="duplicates_answer"),
    path("acteurs/fusions/", duplicates_views.merges, name="merges"),
    path("acteurs/fusions/<uuid:key>/annuler/", duplicates_views.undo, name="merge_undo"),
    path("acteurs/<uuid:key>/fusionner/", duplicates_views.compare, name="compare"),
    path("acteurs/ajouter/", views.actor_new, name="actor_new"),
    path("acteurs/<uuid:key>/", views.actor, name="actor"),
    path("acteurs/<uuid:key>/modifier/", views.actor_edit, name="actor_edit"),
    path("acteurs/<uuid:key>/terminer/", views.actor_end, name="actor_end"),
    path("acteurs/<uuid:key>/personnes/", views.mandate_give, name="mandate_give"),
    path("acteurs/<uuid:key>/personnes/<uuid:mandate>/contact/", views.mandate_contact, name="mandate_contact"),
    path("acteurs/<uuid:key>/personnes/<uuid:mandate>/terminer/", views.mandate_end, name="mandate_end"),
    *ties.alliance_urlpatterns,
    *interests.alliance_urlpatterns,
]
urlpatterns = [*ties.urlpatterns, *interests.urlpatterns]
