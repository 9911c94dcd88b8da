"""Addresses of the pages of a consultation, those of other parts included."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from maillage.participation.consultations.models import Consultation


def address_of(name: str, consultation: Consultation, langue: str = "") -> str:
    """The address of a page of this consultation; empty where no part of the product has it."""
    try:
        found = reverse(f"participation_in:{name}", args=[consultation.alliance.slug, consultation.uuid])
    except NoReverseMatch:
        return ""
    return f"{found}?langue={langue}" if langue else found
