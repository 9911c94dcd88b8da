"""Fixed codes of territories: schemes of official codes, designations of municipalities, kinds in order."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REGION = "region"
ISQ_MRC = "isq-mrc"
MAMH = "mamh"
STATCAN_PROVINCE = "statcan-pr"
STATCAN_DIVISION = "statcan-cd"
STATCAN_SUBDIVISION = "statcan-csd"

SCHEMES: dict[str, str | Promise] = {
    REGION: _("Administrative region number"),
    ISQ_MRC: _("Geographic MRC (Institut de la statistique du Québec)"),
    MAMH: _("Directory of municipalities (Ministère des Affaires municipales)"),
    STATCAN_PROVINCE: _("Province (Statistics Canada)"),
    STATCAN_DIVISION: _("Census division (Statistics Canada)"),
    STATCAN_SUBDIVISION: _("Census subdivision (Statistics Canada)"),
}

LEVELS = ("province", "region", "mrc", "te", "municipality", "unorganized", "nation", "borough", "village",
          "neighbourhood", "division")  # fmt: skip
"""Kinds from the widest to the smallest, the order in which lists show them."""

DESIGNATIONS: dict[str, tuple[str, str | Promise]] = {
    # code of the census list: (kind of territory, its name)
    "V": ("municipality", _("city or town")),
    "MÉ": ("municipality", _("municipality")),
    "PE": ("municipality", _("parish municipality")),
    "CT": ("municipality", _("township municipality")),
    "CU": ("municipality", _("united township municipality")),
    "VL": ("municipality", _("village municipality")),
    "VC": ("municipality", _("Cree village municipality")),
    "VN": ("municipality", _("northern village municipality")),
    "VK": ("municipality", _("Naskapi village municipality")),
    "NO": ("unorganized", _("unorganized territory")),
    "IRI": ("nation", _("Indian reserve (name in law)")),
    "S-É": ("nation", _("Indian settlement (name in law)")),
    "TC": ("nation", _("Cree reserved land")),
    "TI": ("nation", _("Inuit reserved land")),
    "TK": ("nation", _("Naskapi reserved land")),
}


def scheme(code: str) -> str | Promise:
    return SCHEMES.get(code, code)


def designation(code: str) -> str | Promise:
    """In words; a code the list does not know is shown as the source wrote it."""
    return DESIGNATIONS[code][1] if code in DESIGNATIONS else code
