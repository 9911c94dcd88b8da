"""Places in a tree of scales, with dated official codes, dated parents and drawn boundaries."""

from __future__ import annotations

import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.core.dates import Dated, DatedQuerySet, once
from maillage.core.text import sort_key


class Territory(Dated):
    """A place: a region, an MRC or equivalent, a municipality, a nation's territory, a neighbourhood."""

    class Kind(models.TextChoices):
        PROVINCE = "province", _("province")
        REGION = "region", _("administrative region")
        MRC = "mrc", _("regional county municipality (MRC)")
        TE = "te", _("territory equivalent to an MRC")
        MUNICIPALITY = "municipality", _("municipality")
        BOROUGH = "borough", _("borough")
        VILLAGE = "village", _("village")
        UNORGANIZED = "unorganized", _("unorganized territory")
        NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")
        DIVISION = "division", _("census division that is not one MRC")
        NATION = "nation", _("Indigenous nation or community")

    kind = models.CharField(max_length=20, choices=Kind)
    designation = models.CharField(
        max_length=60, blank=True, help_text=_("As the source writes it: V, PE, CT… Read by vocabulary.designation.")
    )
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120, unique=True)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    source = models.CharField(max_length=300, help_text=_("Where the name and the kind come from."))
    point_source = models.CharField(max_length=300, blank=True, help_text=_("Where the point comes from."))

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        constraints = [Dated.interval("territories_territory")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("territories:territory", args=[self.slug])


class TerritoryName(Dated):
    """Another name of a territory: a former one, or the one a source gives it. Found by search."""

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="other_names")
    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    source = models.CharField(max_length=300)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["territory_id", "sort_key", "id"]
        constraints = [
            Dated.interval("territories_name"),
            models.UniqueConstraint(fields=["territory", "name"], name="territories_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)


class TerritoryCode(Dated):
    """An official code in one scheme, while it holds. Schemes are in ``vocabulary.py``."""

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="codes")
    scheme = models.CharField(max_length=30)
    code = models.CharField(max_length=40)
    source = models.CharField(max_length=300)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "code", "id"]
        constraints = [
            Dated.interval("territories_code"),
            *once("territories_code_once", "scheme", "code", "territory"),
        ]
        indexes = [models.Index(fields=["scheme", "code"], name="territories_code_find")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code}"


class TerritoryMembership(Dated):
    """``child`` lies in ``parent`` while this holds. A territory may have several parents over time."""

    child = models.ForeignKey(Territory, models.CASCADE, related_name="memberships")
    parent = models.ForeignKey(Territory, models.CASCADE, related_name="child_memberships")
    source = models.CharField(max_length=300)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["parent_id", "child_id", "id"]
        constraints = [
            Dated.interval("territories_membership"),
            models.CheckConstraint(condition=~models.Q(child=models.F("parent")), name="territories_not_own_parent"),
            *once("territories_membership_once", "child", "parent"),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} in {self.parent_id}"


class Boundary(models.Model):
    """The outline of a territory as a source published it, and lighter, ready to be drawn.

    ``geometry`` is what the source gave, in WGS 84 longitude and latitude. ``outline`` is the same, projected
    (Quebec Lambert, whole metres) and simplified together with its neighbours: a list of polygons, each a list
    of rings, each a list of ``[x, y]``. Pages read ``outline`` only.
    """

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="boundaries")
    vintage = models.PositiveSmallIntegerField(help_text=_("Year of the outline."))
    geometry = models.JSONField(help_text="GeoJSON Polygon or MultiPolygon.")
    outline = models.JSONField(default=list)
    touches = models.JSONField(default=list)
    """Ids of the territories of the same file that share a border with this one."""
    digest = models.CharField(max_length=64)
    """SHA-256 of ``geometry``: the same file brought twice changes nothing."""
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["-vintage", "id"]
        constraints = [models.UniqueConstraint(fields=["territory", "vintage"], name="territories_boundary_once")]

    def __str__(self) -> str:
        return f"{self.territory_id} ({self.vintage})"


class BroughtFile(models.Model):
    """A file the operator chose, kept between its preview and its import; gone with its document, within a day."""

    class What(models.TextChoices):
        MUNICIPALITIES = "municipalities", _("municipalities")
        BOUNDARIES = "boundaries", _("boundaries")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey("core.Document", models.CASCADE, related_name="+")
    what = models.CharField(max_length=20, choices=What)
    vintage = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.uuid)
