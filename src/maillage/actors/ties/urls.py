"""Addresses of this part, inside an alliance (``actors_in``) and outside any (``actors``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.actors.ties import campaign_views, offering_views, sheet_views, views

alliance_urlpatterns: list[URLPattern] = [
    path("acteurs/deja-la/", offering_views.directory, name="offerings"),
    path("acteurs/deja-la/telecharger.<str:form>", offering_views.directory_file, name="offerings_file"),
    path("acteurs/<uuid:key>/apport/", offering_views.profile, name="profile"),
    path("acteurs/<uuid:key>/liens/", views.ties, name="ties"),
    path("nos-liens/", views.my_ties, name="my_ties"),
    path("liens/importer/", sheet_views.runs, name="tie_imports"),
    path("liens/importer/<uuid:key>/", sheet_views.run, name="tie_import"),
    path("liens/importer/<uuid:key>/ecrire/", sheet_views.write, name="tie_import_write"),
    path("liens/importer/<uuid:key>/annuler/", sheet_views.undo, name="tie_import_undo"),
    path("liens/importer/<uuid:key>/ecarter/", sheet_views.discard, name="tie_import_discard"),
    path("liens/campagnes/", campaign_views.campaigns_list, name="tie_campaigns"),
    path("liens/campagnes/ajouter/", campaign_views.campaign_new, name="tie_campaign_new"),
    path("liens/campagnes/<uuid:key>/", campaign_views.campaign, name="tie_campaign"),
    path("liens/campagnes/<uuid:key>/relancer/", campaign_views.campaign_remind, name="tie_campaign_remind"),
    path("liens/campagnes/<uuid:key>/fermer/", campaign_views.campaign_close, name="tie_campaign_close"),
]
urlpatterns: list[URLPattern] = [
    path("mes-liens/<str:token>/", views.by_link, name="ties_by_link"),
]
