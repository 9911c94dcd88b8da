"""The peer of the throughput: Django with nothing around it, one view, one template of a given size.

``BARE_FILE`` names a page kept from Maillage: the same bytes are sent.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

TEMPLATE = "<!doctype html><html lang='fr'><title>{{ title }}</title>{% autoescape off %}{{ body }}{% endautoescape %}"

settings.configure(
    SECRET_KEY="measure",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
)

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402

application = get_wsgi_application()
body = Path(os.environ["BARE_FILE"]).read_text(encoding="utf-8")
template = engines["django"].from_string(TEMPLATE)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(template.render({"title": "Page", "body": body}, request))


urlpatterns = [path("", page)]
