from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance


@in_alliance("alliances.view")
def home(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The public home of an alliance."""
    return render(request, "alliances/home.html", {"alliance": alliance})
