"""Pages of conflicts of interest, resolutions and mandates."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from maillage.actors.interests.services import LINK
from maillage.alliances.access import find_alliance
from maillage.alliances.models import Person
from maillage.concertation.endorsements import conflicts
from maillage.concertation.endorsements.forms import WITHDRAW, ConflictForm
from maillage.concertation.endorsements.found import conflicts_of
from maillage.concertation.endorsements.gate import question, read_key
from maillage.core.access import public


@public
@never_cache
@require_POST
def conflict_answer(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The answer to the question of the gate: withdraw, or say why not. The form carries a signed key, so that it
    works from a personal address too."""
    alliance, _slug = find_alliance(slug)
    read = read_key(key)
    if alliance is None:
        raise Http404
    person = Person.objects.filter(pk=read[0], alliance=alliance, erased_at=None).first() if read else None
    subject = conflicts.subject_of(read[1]) if read else None
    if person is None or subject is None or subject.alliance != alliance:
        return render(request, "concertation/endorsements/closed.html", {"alliance": alliance}, status=410)
    own = request.user.is_authenticated and request.user.pk == person.user_id
    by, via = (request.user, "web") if own else (None, LINK)
    form = ConflictForm(request.POST)
    if form.is_valid():
        now = timezone.now()
        try:
            if form.cleaned_data["answer"] == WITHDRAW:
                conflicts.leave(person=person, subject=subject, now=now, by=by, via=via)
                messages.success(request, _("You have withdrawn. The others deliberate without you."))
            else:
                conflicts.say_no_conflict(
                    person=person, subject=subject, words=form.cleaned_data["words"], now=now, by=by, via=via
                )
                messages.success(request, _("Your answer is kept with the item."))
        except ValidationError as refused:
            form.add_error(None, refused.messages)  # type: ignore[arg-type]
        else:
            return redirect(_next(request, form.cleaned_data["next"], alliance.get_absolute_url()))
    found = conflicts_of(person, subject, alliance.today())
    return question(request, alliance, subject, person, found, form=form, status=400)


def _next(request: HttpRequest, wanted: str, otherwise: str) -> str:
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and allowed else otherwise
