"""Addresses of the pages of a consultation, those of other parts included."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from maillage.participation.consultations.models import Consultation


def address_of(name: str, consultation: Consultation, langue: str = "") -> str:
    """The address of a page of this consultation; empty where no part of the product has it."""
    found = _address(name, consultation.alliance.slug, consultation.uuid, get_language() or "fr")
    return f"{found}?langue={langue}" if found and langue else found


@lru_cache(maxsize=1024)
def _address(name: str, slug: str, key: UUID, _spoken: str) -> str:
    """Kept: a ballot asks for seven. ``_spoken``: the language it is in."""
    try:
        return reverse(f"participation_in:{name}", args=[slug, key])
    except NoReverseMatch:
        return ""
