"""An alliance's own words, each counting as a fixed one so that alliances still compare.

A word is corrected, never removed: other rooms may already carry its code.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance, Term
from maillage.alliances.services.common import save_changes
from maillage.alliances.vocabulary import EXTENDABLE
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.core.text import fold

PERM = "alliances.manage_terms"


def _check(alliance: Alliance, scheme: str, fr: str, counts_as: str, pk: int | None = None) -> None:
    if scheme not in EXTENDABLE:
        raise ValidationError({"scheme": _("This list cannot be added to: formulas need it whole.")})
    if not Term.objects.filter(scheme=scheme, code=counts_as, alliance=None).exists():
        raise ValidationError({"counts_as": _("Choose the fixed word this one counts as.")})
    words = Term.objects.filter(scheme=scheme)
    if any(fold(term.fr) == fold(fr) for term in words if term.alliance_id in {None, alliance.pk} and term.pk != pk):
        raise ValidationError({"fr": _("The list already has this word.")})


@transaction.atomic
def add_term(alliance: Alliance, *, by: Any, scheme: str, fr: str, counts_as: str, en: str = "") -> Term:
    """A word of the alliance, which counts as the fixed code ``counts_as`` of the same scheme."""
    require(by, PERM, alliance)
    alliance = lock(alliance)
    fr = fr.strip()
    _check(alliance, scheme, fr, counts_as)
    last = Term.objects.filter(scheme=scheme).aggregate(last=Max("position"))["last"] or 0
    base = slugify(fr)[:50] or "terme"
    codes = set(Term.objects.filter(scheme=scheme).values_list("code", flat=True))
    code = next(name for name in (base, *(f"{base}-{n}" for n in range(2, 1000))) if name not in codes)
    term = Term(
        alliance=alliance, scheme=scheme, code=code, fr=fr, en=en.strip(), counts_as=counts_as, position=last + 1
    )
    term.full_clean()
    term.save()
    after = {"scheme": scheme, "code": code, "fr": fr, "counts_as": counts_as}
    audit.record("alliances.term_added", term, by=by, alliance=alliance, after=after)
    return term


@transaction.atomic
def update_term(term: Term, *, by: Any, **changes: Any) -> Term:
    """``fr``, ``en``, ``counts_as``. A fixed word has no alliance: refused."""
    require(by, PERM, term.alliance)
    term = lock(term)
    assert term.alliance is not None
    _check(term.alliance, term.scheme, changes.get("fr", term.fr), changes.get("counts_as", term.counts_as), term.pk)
    allowed = frozenset({"fr", "en", "counts_as"})
    return save_changes(term, changes, allowed, action="alliances.term_updated", by=by, alliance=term.alliance)
