"""Addresses of this part, inside an alliance (``participation_in``) and outside any (``participation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.participation.consultations.views import acts, prepare, public

ONE = "consultations/<uuid:key>/"
PREPARE = f"{ONE}preparer/"

alliance_urlpatterns: list[URLPattern] = [
    path("consultations/", public.consultations, name="consultations"),
    path("consultations/nouvelle/", prepare.consultation_new, name="consultation_new"),
    path(ONE, public.consultation, name="consultation"),
    path(PREPARE, prepare.steps, name="steps"),
    path(f"{PREPARE}modifier/", prepare.consultation_edit, name="consultation_edit"),
    path(f"{PREPARE}etapes/ajouter/<slug:kind>/", prepare.step_new, name="step_new"),
    path(f"{PREPARE}etapes/<uuid:step>/", prepare.step_edit, name="step_edit"),
    path(f"{PREPARE}etapes/<uuid:step>/deplacer/", prepare.step_move, name="step_move"),
    path(f"{PREPARE}etapes/<uuid:step>/enlever/", prepare.step_remove, name="step_remove"),
    path(f"{PREPARE}etapes/<uuid:step>/options/", prepare.option_new, name="option_new"),
    path(f"{PREPARE}options/<uuid:option>/", prepare.option_edit, name="option_edit"),
    path(f"{PREPARE}options/<uuid:option>/retirer/", prepare.option_withdraw, name="option_withdraw"),
    path(f"{PREPARE}ouvrir/", acts.consultation_open, name="consultation_open"),
    path(f"{PREPARE}fermer/", acts.consultation_close, name="consultation_close"),
    path(f"{PREPARE}annuler/", acts.consultation_cancel, name="consultation_cancel"),
    path(f"{PREPARE}publier/", acts.consultation_publish, name="consultation_publish"),
]
urlpatterns: list[URLPattern] = [path("v/<slug:short>/", public.short, name="short")]
