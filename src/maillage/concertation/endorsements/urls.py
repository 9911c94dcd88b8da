"""Addresses of this part, inside an alliance (``concertation_in``) and outside any (``concertation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.concertation.endorsements import mandate_views as mandates
from maillage.concertation.endorsements import resolution_views as resolutions
from maillage.concertation.endorsements import views

alliance_urlpatterns: list[URLPattern] = [
    path("conflits/", views.conflicts_page, name="conflicts"),
    path("conflits/repondre/<str:key>/", views.conflict_answer, name="conflict_answer"),
    path("conflits/retrait/<str:kind>/<uuid:key>/", views.withdraw, name="withdraw"),
    path("conflits/<uuid:key>/lever/", views.withdrawal_lift, name="withdrawal_lift"),
    path("conflits/retrait-note/<uuid:key>/", views.withdrawal_note, name="withdrawal_note"),
    path("retraits/", views.withdrawals, name="withdrawals"),
    path("enterinements/", resolutions.endorsements, name="endorsements"),
    path("enterinements/preparer/", resolutions.endorsement_new, name="endorsement_new"),
    path("enterinements/a-lire/", resolutions.for_councils, name="for_councils"),
    path("enterinements/<uuid:key>/", resolutions.endorsement, name="endorsement"),
    path("enterinements/<uuid:key>/modifier/", resolutions.endorsement_edit, name="endorsement_edit"),
    path("enterinements/<uuid:key>/resolution.<str:form>", resolutions.endorsement_file, name="endorsement_file"),
    path("enterinements/<uuid:key>/transmettre/", resolutions.endorsement_send, name="endorsement_send"),
    path("enterinements/<uuid:key>/reponse/", resolutions.endorsement_answer, name="endorsement_answer"),
    path("enterinements/<uuid:key>/interet/", resolutions.endorsement_interest, name="endorsement_interest"),
    path("enterinements/<uuid:key>/annoncer/", resolutions.endorsement_announce, name="endorsement_announce"),
    path("mandats/", mandates.my_mandates, name="my_mandates"),
    path("mandats/siege/<int:pk>/", mandates.seat_mandates, name="seat_mandates"),
]
urlpatterns: list[URLPattern] = [
    path("mandats/<str:token>/", mandates.mandates_link, name="mandates_link"),
]
