"""The peer of the urn: Django with nothing around it, one view that inserts one row by request, in clear."""

from __future__ import annotations

import json
import os
import uuid

import dj_database_url
from django.conf import settings

database = dj_database_url.parse(os.environ["BARE_DATABASE"])
if database["ENGINE"].endswith("sqlite3"):
    database["CONN_MAX_AGE"] = None
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE", "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }  # fmt: skip
else:
    database["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 10}}
settings.configure(
    SECRET_KEY="measure", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[], USE_TZ=True,
    DATABASES={"default": database},
)  # fmt: skip

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402

application = get_wsgi_application()
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE IF NOT EXISTS bare_ballot (id varchar(36) PRIMARY KEY, content text)")
connection.close()
if hasattr(connection, "close_pool"):
    connection.close_pool()


def take(request: HttpRequest, key: int) -> JsonResponse:
    row = str(uuid.uuid4())
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare_ballot VALUES (%s, %s)", [row, json.dumps(request.POST.dict())])
    return JsonResponse({"receipt": row})


urlpatterns = [path("urne/<int:key>/", take)]
