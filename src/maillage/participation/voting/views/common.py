"""Finding a consultation for whoever takes part, in the language they read; pages that nothing keeps."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import translate_url
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from maillage.alliances.models import Alliance
from maillage.core.access import may, public
from maillage.participation import words as texts
from maillage.participation.consultations.models import Consultation
from maillage.participation.voting import ballots, crowd, limits
from maillage.participation.voting.ballots import needs_code
from maillage.participation.voting.words import PageWords

View = Callable[..., HttpResponse]


def taking_part(view: View) -> View:
    """Wrap a page of the ballot: ``view(request, consultation)``. Nobody keeps it, and no address tells a secret.

    Open to all where the alliance is; where it is not, to its own people, and to whoever holds a code.

    No token against forged requests: the page gives no power that comes from being signed in or from a cookie, and a
    phone that refuses cookies votes too. A request that says it comes from another site is refused by the view.
    """

    @wraps(view)
    @sensitive_variables()
    def wrapped(request: HttpRequest, slug: str, key: uuid.UUID, **more: Any) -> HttpResponse:
        consultation, current = crowd.consultation_at(slug, key)
        if consultation is None:
            raise Http404
        alliance = consultation.alliance
        if get_language() == "en" and not alliance.offers_english:
            raise Http404
        if consultation.state == Consultation.State.DRAFT or not may_read(request, alliance, consultation):
            raise Http404
        if current != slug and request.method in {"GET", "HEAD"}:
            return HttpResponseRedirect(request.get_full_path().replace(f"/{slug}/", f"/{current}/", 1))
        request.alliance = alliance  # type: ignore[attr-defined]
        return never_kept(view(request, consultation, **more))

    return public(csrf_exempt(sensitive_post_parameters()(wrapped)))


def may_read(request: HttpRequest, alliance: Alliance, consultation: Consultation) -> bool:
    return alliance.is_public or needs_code(consultation) or may(request.user, "alliances.view", alliance)


def never_kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    if response.status_code == 503:
        response.headers["Retry-After"] = "30"
    return response


def from_elsewhere(request: HttpRequest) -> bool:
    """A browser that knows says that another site wrote this request. One that says nothing is believed."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == "null" or urlsplit(origin).netloc != request.get_host()
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}


def code_trouble(request: HttpRequest, consultation: Consultation) -> str:
    """For what is no ballot: the code of a sentence (``voting.words``) where the code that was sent opens nothing.
    Codes that are not known are guesses: one network address has few."""
    found = ballots.code_trouble(consultation, request.POST.get("code", "")[:200])
    if found == "code_unknown" and not limits.guesses.lets(limits.network_address(request)):
        found = "slow_down"
    return f"words_{found}" if found else ""


def language_of(request: HttpRequest, consultation: Consultation, offered: list[tuple[str, str]]) -> str:
    """One of the languages offered: asked for by name beyond French and English, else the address's."""
    asked = (request.POST if request.method == "POST" else request.GET).get("langue", "")
    spoken = "en" if get_language() == "en" else "fr"
    return asked if asked in dict(offered) and asked not in texts.SPOKEN else spoken


@lru_cache(maxsize=512)
def _in_language(path: str, _spoken: str, wanted: str) -> str:
    """The same address in another language. Kept, since it is looked up among hundreds; ``_spoken``: how it is read."""
    return str(translate_url(path, wanted))


def page_of(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """What every page of the ballot needs: its words, its language, the others offered."""
    offered = texts.offered(consultation)
    language = language_of(request, consultation, offered)
    words = texts.words_of(consultation, language)
    languages = []
    for code, name in offered:
        if code != language:
            address = _in_language(request.path, get_language() or "fr", code if code in texts.SPOKEN else "fr")
            languages.append(
                {"code": code, "name": name, "url": address if code in texts.SPOKEN else f"{address}?langue={code}"}
            )
    return {
        "consultation": consultation,
        "words": words,
        "ui": PageWords(words),
        "language": language,
        "page_lang": {"fr": "fr-CA", "en": "en-CA"}.get(language, language),
        "direction": "rtl" if words.right_to_left else "ltr",
        "languages": languages,
        "langue": "" if language in texts.SPOKEN else language,
        "verb": "vote" if consultation.is_vote else "opinion",
    }
