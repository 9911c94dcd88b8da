"""Addresses of this part, inside an alliance (``participation_in``) and outside any (``participation``)."""

from __future__ import annotations

from django.urls import URLPattern, path

from maillage.participation.ideas import public, views

ONE = "consultations/<uuid:key>/"
SOLUTIONS = f"{ONE}solutions/<uuid:step>/"
IDEAS = f"{ONE}idees/"

alliance_urlpatterns: list[URLPattern] = [
    path(SOLUTIONS, public.solutions, name="solutions"),
    path(f"{SOLUTIONS}<int:number>/", public.idea, name="idea"),
    path(f"{SOLUTIONS}<int:number>/commenter/", public.comment, name="idea_comment"),
    path(f"{ONE}proposer-une-idee/<uuid:step>/", public.propose, name="idea_propose"),
    path(f"{ONE}mon-idee/", public.mine, name="idea_mine"),
    path(IDEAS, views.ideas, name="ideas"),
    path(f"{IDEAS}moderer/", views.moderate, name="idea_moderate"),
    path(f"{IDEAS}refuser/", views.refuse, name="idea_refuse"),
    path(f"{IDEAS}problemes/<uuid:step>/", views.problems, name="idea_problems"),
    path(f"{IDEAS}apporter/<uuid:step>/", views.bring, name="idea_bring"),
    path(f"{IDEAS}reunir/", views.merges, name="idea_merges"),
    path(f"{IDEAS}reunir/<uuid:step>/nouvelle/", views.merge_new, name="idea_merge_new"),
    path(f"{IDEAS}reunir/<uuid:merge>/", views.merge, name="idea_merge"),
    path(f"{IDEAS}faire-choisir/<uuid:step>/", views.choose, name="idea_choose"),
]
urlpatterns: list[URLPattern] = []
