"""People, roles, delegated powers, local words."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.alliances import services
from maillage.alliances.access import in_alliance
from maillage.alliances.forms.people import EndForm, PersonForm, PowerForm, RoleForm, TermForm, scheme_choices
from maillage.alliances.invitations import grantable
from maillage.alliances.models import Alliance, DelegatedPower, Invitation, Person, Role, Term
from maillage.alliances.selectors import places
from maillage.alliances.services.people import appointing_permission
from maillage.alliances.views.common import form_page, here, page_of
from maillage.alliances.vocabulary import EXTENDABLE, SCHEMES
from maillage.core import contributions
from maillage.core.access import may, require


@require_safe
@in_alliance("alliances.oversee")
def people(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Everyone known here, with what they may do today; invitations that wait."""
    today, now = alliance.today(), timezone.now()
    text, kind = request.GET.get("q", "").strip()[:100], request.GET.get("role", "")
    page = page_of(request, places.people_of(alliance, today, text, kind))
    rows = []
    for person in page:
        held = [role for role in person.roles.all() if role.holds(today)]
        coming = [role for role in person.roles.all() if role.since and role.since > today]
        rows.append((person, held, coming))
    invitations = Invitation.objects.filter(alliance=alliance, accepted_at=None, withdrawn_at=None)
    context = {
        "alliance": alliance,
        "page": page,
        "rows": rows,
        "text": text,
        "kind": kind,
        "kinds": Role.Kind.choices,
        "invitations": [(row, row.expires_at <= now) for row in invitations.order_by("expires_at", "id")[:50]],
        "invite_url": here("invite", alliance) if grantable(request.user, alliance) else "",
        "may_manage": may(request.user, "alliances.manage_people", alliance),
    }
    return render(request, "alliances/people.html", context)


@require_http_methods(["GET", "POST"])
@in_alliance("alliances.manage_people")
def add_person(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.write(services.add_person, alliance, by=request.user):
        messages.success(request, _("The person is added. Say now what they do here."))
        return redirect(here("person", alliance, form.result.uuid))
    return form_page(
        request, alliance, form, title=_("Add a person"), submit=_("Add this person"),
        intro=_("Only what is needed to reach them. To let them sign in, send an invitation instead."),
        back=(_("People and roles"), here("people", alliance)),
    )  # fmt: skip


def _person(alliance: Alliance, person_id: uuid.UUID) -> Person:
    rows = Person.objects.select_related("user", "alliance__parent")
    return get_object_or_404(rows, uuid=person_id, alliance=alliance, erased_at=None)


@require_safe
@in_alliance("alliances.oversee")
def person(request: HttpRequest, alliance: Alliance, person_id: uuid.UUID) -> HttpResponse:
    """One person: how to reach them, the roles they hold and held."""
    row = _person(alliance, person_id)
    today = alliance.today()
    kinds = grantable(request.user, alliance)
    roles = [(role, role.holds(today), role.kind in kinds) for role in row.roles.order_by("-id")[:100]]
    panels = contributions.panels.collect(alliance, request.user, today, page="person", subject=row)
    context = {
        "alliance": alliance,
        "person": row,
        "panels": sorted(panels, key=lambda panel: panel.order),
        "roles": roles,
        "role_form": RoleForm(kinds=kinds, initial={"since": today}) if kinds else None,
        "may_manage": may(request.user, "alliances.manage_people", alliance),
        "today": today,
    }
    return render(request, "alliances/person.html", context)


@require_http_methods(["GET", "POST"])
@in_alliance("alliances.manage_people")
def edit_person(request: HttpRequest, alliance: Alliance, person_id: uuid.UUID) -> HttpResponse:
    row = _person(alliance, person_id)
    initial = {field: getattr(row, field) for field in PersonForm.base_fields}
    form = PersonForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.write(services.update_person, row, by=request.user):
        messages.success(request, _("The details are saved."))
        return redirect(here("person", alliance, row.uuid))
    return form_page(
        request, alliance, form, title=row.name, submit=_("Save the details"),
        back=(row.name, here("person", alliance, row.uuid)),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@in_alliance("alliances.oversee")
def grant_role(request: HttpRequest, alliance: Alliance, person_id: uuid.UUID) -> HttpResponse:
    """Give a role. The kinds offered are those the user may give: none, and the page refuses."""
    row = _person(alliance, person_id)
    kinds = grantable(request.user, alliance)
    if not kinds:
        require(request.user, "alliances.manage_people", alliance)
    form = RoleForm(request.POST or None, kinds=kinds, initial={"since": alliance.today()})
    if request.method == "POST" and form.write(services.grant_role, row, by=request.user):
        messages.success(request, _("The role is given."))
        return redirect(here("person", alliance, row.uuid))
    return form_page(
        request, alliance, form, title=_("Give a role to %(person)s") % {"person": row.name},
        submit=_("Give the role"), back=(row.name, here("person", alliance, row.uuid)),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@in_alliance("alliances.oversee")
def end_role(request: HttpRequest, alliance: Alliance, role_id: int) -> HttpResponse:
    role = get_object_or_404(
        Role.objects.select_related("person__alliance__parent"), pk=role_id, person__alliance=alliance
    )
    require(request.user, appointing_permission(role.kind), alliance)
    form = EndForm(request.POST or None, initial={"on": alliance.today()})
    if request.method == "POST" and form.write(services.end_role, role, by=request.user):
        messages.success(request, _("The end of the role is saved. From that day, it opens nothing."))
        if may(request.user, "alliances.oversee", alliance):
            return redirect(here("person", alliance, role.person.uuid))
        return redirect(alliance.get_absolute_url() if alliance.is_public else reverse("alliances:index"))
    title = _("End the role of %(person)s: %(role)s") % {"person": role.person.name, "role": role.get_kind_display()}
    return form_page(
        request, alliance, form, title=title, submit=_("End the role"),
        intro=_("Today’s date ends it at once."),
        back=(role.person.name, here("person", alliance, role.person.uuid)),
    )  # fmt: skip


# --- Delegated powers ---


@require_safe
@in_alliance("alliances.oversee")
def powers(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """What the tables let the agent do in their name, and since when."""
    today = alliance.today()
    page = page_of(
        request, DelegatedPower.objects.filter(alliance=alliance).order_by("until", "role_kind", "title", "id")
    )
    context = {
        "alliance": alliance,
        "page": page,
        "rows": [(power, power.holds(today)) for power in page],
        "may_edit": may(request.user, "alliances.delegate", alliance),
    }
    return render(request, "alliances/powers.html", context)


@require_http_methods(["GET", "POST"])
@in_alliance("alliances.delegate")
def add_power(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    form = PowerForm(request.POST or None, initial={"since": alliance.today(), "role_kind": Role.Kind.AGENT})
    if request.method == "POST" and form.write(services.delegate_power, alliance, by=request.user):
        messages.success(request, _("The delegated power is written down."))
        return redirect(here("powers", alliance))
    return form_page(
        request, alliance, form, title=_("New delegated power"), submit=_("Write down this power"),
        intro=_("A power comes from a decision of the tables. Say which one, and within which limits."),
        back=(_("Delegated powers"), here("powers", alliance)),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@in_alliance("alliances.delegate")
def edit_power(request: HttpRequest, alliance: Alliance, power_id: int) -> HttpResponse:
    power = get_object_or_404(DelegatedPower.objects.select_related("alliance__parent"), pk=power_id, alliance=alliance)
    initial = {field: getattr(power, field) for field in PowerForm.base_fields}
    form = PowerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.write(services.update_power, power, by=request.user):
        messages.success(request, _("The delegated power is saved."))
        return redirect(here("powers", alliance))
    return form_page(
        request, alliance, form, title=power.title, submit=_("Save this power"),
        intro=_("To take a power back, give it an end."), back=(_("Delegated powers"), here("powers", alliance)),
    )  # fmt: skip


# --- Local words ---


def _scheme(name: str) -> str:
    if name not in EXTENDABLE:
        raise Http404
    return name


@require_safe
@in_alliance("alliances.manage_terms")
def terms(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """One list at a time: the fixed words, and the alliance's own beside what they count as."""
    scheme = request.GET.get("liste", "field")
    if scheme not in EXTENDABLE:
        scheme = "field"
    fixed = list(Term.objects.filter(scheme=scheme, alliance=None))
    local = list(Term.objects.filter(scheme=scheme, alliance=alliance))
    context = {
        "alliance": alliance,
        "scheme": scheme,
        "scheme_label": SCHEMES[scheme],
        "schemes": scheme_choices(),
        "rows": [(term, [own for own in local if own.counts_as == term.code]) for term in fixed],
    }
    return render(request, "alliances/terms.html", context)


@require_http_methods(["GET", "POST"])
@in_alliance("alliances.manage_terms")
def add_term(request: HttpRequest, alliance: Alliance, scheme: str) -> HttpResponse:
    form = TermForm(request.POST or None, scheme=_scheme(scheme), initial={"counts_as": request.GET.get("compte", "")})
    back = f"{here('terms', alliance)}?liste={scheme}"
    if request.method == "POST" and form.write(services.add_term, alliance, by=request.user, scheme=scheme):
        messages.success(request, _("Your word is added to the list."))
        return redirect(back)
    return form_page(
        request, alliance, form, title=_("Add a word: %(list)s") % {"list": SCHEMES[scheme]}, submit=_("Add this word"),
        intro=_("It counts as a fixed word, so that alliances still compare."), back=(_("Your words"), back),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@in_alliance("alliances.manage_terms")
def edit_term(request: HttpRequest, alliance: Alliance, term_id: int) -> HttpResponse:
    term = get_object_or_404(Term.objects.select_related("alliance__parent"), pk=term_id, alliance=alliance)
    initial = {field: getattr(term, field) for field in TermForm.base_fields}
    form = TermForm(request.POST or None, scheme=term.scheme, initial=initial)
    back = f"{here('terms', alliance)}?liste={term.scheme}"
    if request.method == "POST" and form.write(services.update_term, term, by=request.user):
        messages.success(request, _("The word is corrected."))
        return redirect(back)
    return form_page(
        request, alliance, form, title=_("Correct a word"), submit=_("Correct this word"),
        intro=_("A word is never removed: other pages may already carry it."), back=(_("Your words"), back),
    )  # fmt: skip
