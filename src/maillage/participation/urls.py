"""Addresses of consultations, inside an alliance, and of the short links printed on posters (``/v/<short>/``)."""

from __future__ import annotations

from django.urls import URLPattern

from maillage.participation.consultations import urls as consultations
from maillage.participation.ideas import urls as ideas
from maillage.participation.opinions import urls as opinions
from maillage.participation.outreach import urls as outreach
from maillage.participation.paper import urls as paper
from maillage.participation.questionnaires import urls as questionnaires
from maillage.participation.results import urls as results
from maillage.participation.testimonies import urls as testimonies
from maillage.participation.voting import urls as voting

PARTS = (voting, consultations, paper, opinions, testimonies, questionnaires, ideas, results, outreach)

alliance_urlpatterns: list[URLPattern] = [pattern for part in PARTS for pattern in part.alliance_urlpatterns]
urlpatterns: list[URLPattern] = [pattern for part in PARTS for pattern in part.urlpatterns]
