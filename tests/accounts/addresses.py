from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.utils import timezone

from maillage.accounts import services
from tests.arch.addresses import MOVED, OPEN, SIGN_IN, SIGNED_IN, World, everyone, post_only


def someone_elses_key(world: World) -> dict[str, int]:
    """A passkey of the operator: the others must not find it."""
    owner = world.users["operator"]
    key = Authenticator.objects.create(user=owner, type=Authenticator.Type.WEBAUTHN, data={"name": "Clé"})
    return {"pk": key.pk}


def an_address(world: World) -> dict[str, str]:
    return {"token": services.give_address(user=world.member, now=timezone.now(), by=None)}


ENTRANCE = everyone(MOVED).but(nobody=200)
"""The sign-in page: whoever is signed in goes on."""
ADDRESSES = {
    "account_login": ENTRANCE,
    "account_request_login_code": ENTRANCE,
    "account_confirm_login_code": everyone(MOVED).but(nobody=SIGN_IN),
    "mfa_authenticate": everyone(MOVED).but(nobody=SIGN_IN),
    "mfa_login_webauthn": everyone(MOVED).but(nobody=SIGN_IN),
    "account_signup": OPEN,
    "account_inactive": OPEN,
    "account_logout": OPEN.but(nobody=MOVED),
    "accounts:profile": SIGNED_IN,
    "accounts:protect": SIGNED_IN,
    "accounts:my_data": SIGNED_IN,
    "accounts:erasure": SIGNED_IN,
    "accounts:end_session": post_only(SIGNED_IN),
    # Whoever holds the address may see its button; it changes nothing until pressed.
    "accounts:sign_in_address": OPEN.at(an_address),
    "usersessions_list": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    # Nobody here has an application or spare codes yet.
    "mfa_deactivate_totp": everyone(404).but(nobody=SIGN_IN),
    "mfa_view_recovery_codes": everyone(404).but(nobody=SIGN_IN),
    "mfa_download_recovery_codes": everyone(404).but(nobody=SIGN_IN),
    # Confirming one's identity means nothing without a passkey or an application.
    "mfa_reauthenticate": everyone(403).but(nobody=SIGN_IN),
    "mfa_reauthenticate_webauthn": everyone(403).but(nobody=SIGN_IN),
    # The owner of the key is asked to confirm first.
    "mfa_edit_webauthn": everyone(404).but(nobody=SIGN_IN, operator=MOVED).at(someone_elses_key),
    "mfa_remove_webauthn": everyone(404).but(nobody=SIGN_IN, operator=MOVED).at(someone_elses_key),
}
