"""What each column of a list means: guessed from its name, remembered, chosen by a person."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.text import fold


class Role(models.TextChoices):
    """What a column may give. The order is that of the form."""

    ACTOR = "actor", gettext_lazy("name of the organisation")
    SPACE = "space", gettext_lazy("table or space")
    CATEGORY = "category", gettext_lazy("category of member")
    SPACE_ID = "space_id", gettext_lazy("identifier of the table")
    ACTOR_ID = "actor_id", gettext_lazy("identifier of the organisation")
    WEBSITE = "website", gettext_lazy("website of the organisation")
    SINCE = "since", gettext_lazy("member since")
    UNTIL = "until", gettext_lazy("member until")


_WORDS: Mapping[str, tuple[str, ...]] = {
    Role.SPACE_ID: (r"\bid[ _-]*(de la |du )?(table|espace|comite|space)", r"(table|espace|space)[ _-]*id\b"),
    Role.ACTOR_ID: (
        r"\bid[ _-]*(de l'|d')?(org|acteur|membre)", r"(org\w*|acteur|member?)[ _-]*id\b", r"^id$", r"^identifiant$",
    ),
    Role.ACTOR: (
        r"^(nom (de l'|du |de la )?)?(organisme|organisation|organization|acteur|membre|nom|name|member|groupe)s?\b",
        r"organis(me|ation)",
    ),
    Role.SPACE: (r"table|espace|comite|instance|space|committee|concertation",),
    Role.CATEGORY: (r"categor|college|^type|statut|secteur|membership",),
    Role.WEBSITE: (r"site|web|^url",),
    Role.SINCE: (r"depuis|debut|since|adhesion|arrivee|start",),
    Role.UNTIL: (r"jusqu|fin\b|until|depart|^end",),
}  # fmt: skip


def fingerprint(header: Sequence[str]) -> str:
    """The same for two files whose columns have the same names in the same order."""
    return hashlib.sha256("\x1f".join(fold(name) for name in header).encode()).hexdigest()


def guess(header: Sequence[str]) -> dict[str, int]:
    """``{role: index}`` for the columns whose name says what they are; each column and role once."""
    found: dict[str, int] = {}
    for role, patterns in _WORDS.items():
        for index, name in enumerate(header):
            if index not in found.values() and any(re.search(pattern, fold(name)) for pattern in patterns):
                found[role] = index
                break
    return found


def check(columns: Mapping[str, int], header: Sequence[str], single_space: str = "") -> None:
    """Errors: ``ValidationError`` where a column has two meanings, is not there, or the name is not said."""
    for index, times in Counter(columns.values()).items():
        if not 0 <= index < len(header):
            raise ValidationError(_("A chosen column is not in this file. Choose again."), code="no_column")
        if times > 1:
            raise ValidationError(
                _("The column “%(column)s” was chosen twice. Keep it for one meaning only.")
                % {"column": header[index]},
                code="twice",
            )
    if Role.ACTOR not in columns:
        raise ValidationError(_("Say which column holds the name of the organisation."), code="no_name_column")
    if single_space and Role.SPACE in columns:
        raise ValidationError(
            _("Choose a column for the tables, or one table for the whole file, not both."), code="two_spaces"
        )


def parse(text: str, header: Sequence[str]) -> dict[str, int]:
    """``actor=organisme,space=table``: a mapping as the command line writes it, columns by name or by number.

    Errors: ``ValidationError`` that names what is not known, or said twice.
    """
    columns: dict[str, int] = {}
    names = [fold(name) for name in header]
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        role, _equals, column = (piece.strip() for piece in part.partition("="))
        if role not in Role.values:
            raise ValidationError(
                _("“%(role)s” is not known. Use one of these: %(roles)s.")
                % {"role": role, "roles": ", ".join(Role.values)},
                code="no_role",
            )
        if role in columns:
            raise ValidationError(
                _("“%(role)s” is given two columns. Keep one.") % {"role": Role(role).label}, code="twice"
            )
        if fold(column) in names:
            columns[role] = names.index(fold(column))
        elif column.isdigit() and 1 <= int(column) <= len(header):
            columns[role] = int(column) - 1
        else:
            raise ValidationError(
                _("There is no column “%(column)s”. This file has: %(columns)s.")
                % {"column": column, "columns": ", ".join(header)},
                code="no_column",
            )
    return columns
