"""Pages leave compressed: on a slow line a page arrives in a fifth of the time.

Django's middleware adds a random length to each page, so that a secret cannot be guessed from sizes (BREACH).
Files are left as they are: a PDF or a spreadsheet is compressed already.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

WORTH_IT = ("text/", "application/json", "image/svg+xml")


class CompressPagesMiddleware(GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:  # type: ignore[override]
        if response.streaming or not response.headers.get("Content-Type", "").startswith(WORTH_IT):
            return response
        return super().process_response(request, response)  # type: ignore[arg-type]
