"""What the views share."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.alliances.models import Alliance

PAGE = 25


def page_of(request: HttpRequest, rows: Any, size: int = PAGE) -> Page[Any]:
    """The page asked for; the last one beyond the end, the first for anything that is not a number."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def here(name: str, alliance: Alliance, *args: Any) -> str:
    return reverse(f"alliances_in:{name}", args=[alliance.slug, *args])


def first_sentence(refused: ValidationError) -> str:
    """What a service refused, for a page that has no form to show it beside."""
    return str(refused.messages[0])


def form_page(
    request: HttpRequest,
    alliance: Alliance | None,
    form: Any,
    *,
    title: str,
    submit: str,
    back: tuple[str, str],
    intro: str = "",
    status: int | None = None,
    **extra: Any,
) -> HttpResponse:
    """A page of the workspace with one form. ``back``: words and address of where it comes from."""
    refused = form.is_bound and not form.is_valid()
    context = {"form": form, "title": title, "submit": submit, "back": back, "intro": intro, **extra}
    if alliance is not None:
        context["alliance"] = alliance
    template = "alliances/form.html" if alliance is not None else "alliances/instance_form.html"
    return render(request, template, context, status=status or (422 if refused or form.errors else 200))
