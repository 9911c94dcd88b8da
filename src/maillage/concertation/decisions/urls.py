"""Addresses of this part, inside an alliance (``concertation_in``) and outside any (``concertation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.concertation.decisions.views import acts, link, pages, register

alliance_urlpatterns: list[URLPattern] = [
    path("decisions/", register.register, name="decisions"),
    path("decisions/registre.<str:form>", register.register_file, name="decisions_file"),
    path("decisions/proposer/", acts.decision_new, name="decision_new"),
    path("decisions/<uuid:key>/", pages.decision, name="decision"),
    path("decisions/<uuid:key>/versions/", pages.versions, name="decision_versions"),
    path("decisions/<uuid:key>/modifier/", acts.decision_edit, name="decision_edit"),
    path("decisions/<uuid:key>/ouvrir/", acts.decision_open, name="decision_open"),
    path("decisions/<uuid:key>/amender/", acts.decision_amend, name="decision_amend"),
    path("decisions/<uuid:key>/reprendre/", acts.decision_take_back, name="decision_take_back"),
    path("decisions/<uuid:key>/documents/", acts.document_add, name="decision_document_add"),
    path("decisions/<uuid:key>/documents/<int:pk>/retirer/", acts.document_remove, name="decision_document_remove"),
    path("decisions/<uuid:key>/position/", acts.position_take, name="position_take"),
    path("decisions/<uuid:key>/commentaire/", acts.position_comment, name="position_comment"),
    path("decisions/<uuid:key>/confier/", acts.position_delegate, name="position_delegate"),
    path("decisions/<uuid:key>/inscrire/", acts.position_record, name="position_record"),
    path("decisions/<uuid:key>/tour-de-table/", acts.position_round, name="position_round"),
    path("decisions/<uuid:key>/positions/<uuid:position>/", acts.position_confirm, name="position_confirm"),
    path("decisions/<uuid:key>/objections/<uuid:objection>/repondre/", acts.objection_answer, name="objection_answer"),
    path(
        "decisions/<uuid:key>/objections/<uuid:objection>/maintenir/",
        acts.objection_maintain,
        name="objection_maintain",
    ),
    path("decisions/<uuid:key>/fermer/", acts.decision_close, name="decision_close"),
    path("decisions/<uuid:key>/publier/", acts.decision_publish, name="decision_publish"),
    path("decisions/<uuid:key>/suites/", acts.decision_follow_up, name="decision_follow_up"),
    path("decisions/<uuid:key>/taches/", acts.task_add, name="decision_task"),
]
urlpatterns: list[URLPattern] = [path("position/<str:token>/", link.position, name="position")]
