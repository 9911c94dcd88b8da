"""``POST /urne/<step>/``: a code, a nonce and the contents go straight to the urn. Other pages are Maillage's."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from maillage.config.urls import *  # noqa: F403
from maillage.config.urls import urlpatterns as pages
from maillage.core.access import public
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.urn import errors
from maillage.participation.urn import services as urn


@public
@csrf_exempt
def take(request: HttpRequest, key: int) -> JsonResponse:
    step = Step.objects.select_related("consultation").get(pk=key)
    consultation: Consultation = step.consultation
    try:
        elector = urn.find_elector(consultation, request.POST["code"])
        taken = urn.cast(
            consultation=consultation, contents={step: request.POST["content"]}, elector=elector,
            nonce=request.POST["nonce"], now=timezone.now(),
        )  # fmt: skip
    except errors.NotTaken as refused:
        return JsonResponse({"refused": type(refused).__name__}, status=409)
    return JsonResponse({"receipt": taken.receipt, "again": taken.again})


urlpatterns = [path("urne/<int:key>/", take), *pages]
