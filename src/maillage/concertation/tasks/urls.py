"""Addresses of this part, inside an alliance (``concertation_in``) and outside any (``concertation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.concertation.tasks import views

alliance_urlpatterns: list[URLPattern] = [
    path("suites/", views.tasks, name="tasks"),
    path("suites/ajouter/", views.task_new, name="task_new"),
    path("suites/<uuid:key>/", views.task, name="task"),
    path("suites/<uuid:key>/modifier/", views.task_edit, name="task_edit"),
    path("suites/<uuid:key>/faite/", views.task_done, name="task_done"),
    path("suites/<uuid:key>/annuler/", views.task_cancel, name="task_cancel"),
    path("suites/<uuid:key>/rouvrir/", views.task_reopen, name="task_reopen"),
]
urlpatterns: list[URLPattern] = [path("suite/<str:token>/", views.task_link, name="task_link")]
