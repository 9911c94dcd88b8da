"""Addresses of this part, inside an alliance (``participation_in``) and outside any (``participation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.participation.consultations.views import acts, around, by_two, moderating, prepare, public

ONE = "consultations/<uuid:key>/"
PREPARE = f"{ONE}preparer/"

alliance_urlpatterns: list[URLPattern] = [
    path("consultations/", public.consultations, name="consultations"),
    path("consultations/nouvelle/", prepare.consultation_new, name="consultation_new"),
    path("consultations/a-lire/", moderating.moderation, name="moderation"),
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
    path(f"{PREPARE}emporter/", acts.consultation_export, name="consultation_export"),
    path(f"{PREPARE}ouvrir/", acts.consultation_open, name="consultation_open"),
    path(f"{PREPARE}fermer/", acts.consultation_close, name="consultation_close"),
    path(f"{PREPARE}annuler/", acts.consultation_cancel, name="consultation_cancel"),
    path(f"{PREPARE}publier/", acts.consultation_publish, name="consultation_publish"),
    path(f"{PREPARE}repousser/", by_two.consultation_extend, name="consultation_extend"),
    path(f"{PREPARE}a-deux/", by_two.asked, name="asked"),
    path(f"{PREPARE}a-deux/<uuid:asked>/", by_two.asked_answer, name="asked_answer"),
    path(f"{PREPARE}acces/", around.access, name="access"),
    path(f"{PREPARE}acces/codes/", around.codes_print, name="codes_print"),
    path(f"{PREPARE}acces/codes/<uuid:asked>/", around.codes_agreed, name="codes_agreed"),
    path(f"{PREPARE}acces/liste/", around.list_add, name="list_add"),
    path(f"{PREPARE}acces/liste/<int:pk>/enlever/", around.list_remove, name="list_remove"),
    path(f"{PREPARE}acces/envoyer/", around.codes_send, name="codes_send"),
    path(f"{PREPARE}acces/annulations/", around.voids, name="voids"),
    path(f"{PREPARE}acces/annulations/<int:pk>/", around.void_confirm, name="void_confirm"),
    path(f"{PREPARE}langues/", around.languages, name="languages"),
    path(f"{PREPARE}langues/<slug:code>/", around.wordings_page, name="wordings"),
    path(f"{PREPARE}langues/<slug:code>/enlever/", around.language_remove, name="language_remove"),
    path(f"{PREPARE}sur-vous/", around.about, name="about"),
    path(f"{PREPARE}personnes/", around.helpers, name="helpers"),
    path(f"{PREPARE}personnes/<int:pk>/finir/", around.helper_end, name="helper_end"),
    path(f"{PREPARE}retroaction/", around.feedback_page, name="feedback"),
    path(f"{PREPARE}retroaction/envoyer/", around.feedback_send, name="feedback_send"),
    path(f"{ONE}suivre/", around.follow, name="follow"),
    path(f"{ONE}copier/", around.copy, name="consultation_copy"),
]
urlpatterns: list[URLPattern] = [path("v/<slug:short>/", public.short, name="short")]
