"""Who signs in. A ``User`` says nothing of what the person may do: that is ``alliances.Role``."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str = "", **extra: Any) -> User:
        """A user without a password: people sign in by a code sent to this address, or a passkey."""
        user = self.model(email=self.normalize_email(email).strip().lower(), name=name.strip(), **extra)
        user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    """One account, for one e-mail address, across every alliance of the instance."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_operator = models.BooleanField(
        _("operator of the instance"),
        default=False,
        help_text=_("Installs, saves and repairs the instance. Reads no private content of an alliance."),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deletion_requested_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the person asked that the account be erased; the operator does it (``maillage erase``)."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def has_usable_password(self) -> bool:
        """Nobody here has a password, however the row was made."""
        return False

    def check_password(self, raw_password: str | None) -> bool:
        return False

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Rules decide (``rules.py`` of each room); there is no superuser above them."""
        import rules

        if not self.is_active:
            return False
        if rules.perm_exists(perm):
            return bool(rules.has_perm(perm, self, obj))
        return False

    def has_perms(self, perm_list: list[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)


class SignInAddress(models.Model):
    """A single-use address that signs its user in. Only the digest of its token is kept.

    Opening it shows a button; pressing the button uses it, so that a mail scanner cannot.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_in_addresses")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.expires_at:%Y-%m-%d %H:%M}"

    def works(self, now: dt.datetime) -> bool:
        return self.used_at is None and now < self.expires_at and self.user.is_active
