"""What each answer says to the browser: nothing runs that does not come from this site."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        # Only engines of before 2019 read this line as it stands: they know neither of the two that follow, and
        # would lose the custom properties that bars and drawings carry. Others obey the next two.
        "style-src 'self' 'unsafe-inline'",
        "style-src-elem 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
"""``style`` attributes set custom properties only (a check of the templates refuses others)."""

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "serial", "usb",
    )
)  # fmt: skip
"""Nothing is asked of the device. Passkeys (``publickey-credentials-*``) keep their default, this site."""


BARE = ("text/css", "text/javascript", "application/javascript", "font/")
"""Never a document of their own: the policy of the page that loads them holds, and a slow line is spared its length.
A picture may be one (an SVG opened alone), and has the policy. So has the script of a worker, which obeys its own
answer's: the view that serves one sets it (no page makes a worker of a static file, a test says)."""


class SecurityHeadersMiddleware:
    """Adds what the view has not set itself (a served document sets a stricter policy)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith(BARE):
            return response
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
