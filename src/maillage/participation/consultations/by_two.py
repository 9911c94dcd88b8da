"""What this part has done by two people while people answer, and what each reads like on the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.core.formats import datetime_, number
from maillage.participation.consultations import asking, electors, lifecycle, services, wordings
from maillage.participation.consultations.asking import Act, Line
from maillage.participation.consultations.models import Asked

K = Asked.Kind


def _option(asked: Asked) -> str:
    return _("Withdraw option %(n)s: %(label)s") % {"n": asked.given["number"], "label": asked.given["label"]}


def _close(asked: Asked) -> str:
    return _("Close it before its time")


def _extend(asked: Asked) -> str:
    when = datetime_(dt.datetime.fromisoformat(asked.given["closes_at"]), asked.consultation.alliance.zone)
    return _("Put the closing later: %(when)s") % {"when": when}


def _codes(asked: Asked) -> str:
    count = asked.given["count"]
    said = ngettext("Print %(n)s code: %(label)s", "Print %(n)s codes: %(label)s", count)
    return said % {"n": number(count), "label": asked.given["label"]}


def _held(asked: Asked) -> Iterator[Line]:
    for lot in electors.lots(asked.consultation):
        yield Line(_("Codes there already: %(label)s") % {"label": lot.label}, number(lot.count))


def _list(asked: Asked) -> str:
    count = len(asked.given["people"]) if "people" in asked.given else asked.given["count"]
    return ngettext("Add %(n)s person to the list", "Add %(n)s people to the list", count) % {"n": number(count)}


def _people(asked: Asked) -> Iterator[Line]:
    for person in electors.to_be_listed(asked):
        yield Line(person.name)


def _words(asked: Asked) -> str:
    count = len(asked.given["texts"])
    said = ngettext("Write %(n)s text: %(language)s", "Write %(n)s texts: %(language)s", count)
    return said % {"n": number(count), "language": asked.given["name"]}


GONE = gettext_lazy(
    "It can no longer be chosen. It stays on the ballot, crossed out, with the reason. Ballots already sent do not "
    "change."
)
CLOSED = gettext_lazy("No ballot is taken any more, and it never opens again. The urn is shaken, then counted.")
asking.register(Act(K.WITHDRAW, _option, services.withdraw, effect=GONE))
asking.register(Act(K.CLOSE, _close, lifecycle.close_early, effect=CLOSED))
asking.register(Act(K.EXTEND, _extend, services.extend))
asking.register(Act(K.CODES, _codes, None, _held, later=True))
asking.register(Act(K.LIST, _list, electors.enlist, _people))
asking.register(Act(K.WORDS, _words, wordings.put_words, wordings.lines))
