"""Addresses under ``/compte/``. allauth looks its own names up without a namespace: ``global_urlpatterns``.

Only what we use of allauth is here: no password, no sign-up, no confirmation by link.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as spare
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path

from maillage.accounts import passkeys, views

urlpatterns = [
    path("compte/", views.profile, name="profile"),
    path("compte/proteger/", views.protect, name="protect"),
    path("compte/sessions/fermer/", views.end_session, name="end_session"),
    path("compte/mes-donnees/", views.my_data, name="my_data"),
    path("compte/effacement/", views.erasure, name="erasure"),
    path("compte/ouvrir/<str:token>/", views.sign_in_address, name="sign_in_address"),
]

_signing_in = [
    path("connexion/", views.request_code, name="account_login"),
    path("connexion/", views.request_code, name="account_request_login_code"),
    path("connexion/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("connexion/cle/", passkeys.login, name="mfa_login_webauthn"),
    path("connexion/verification/", mfa.authenticate, name="mfa_authenticate"),
    path("inscription/", views.no_sign_up, name="account_signup"),
    path("ferme/", account.account_inactive, name="account_inactive"),
    path("deconnexion/", account.logout, name="account_logout"),
]
_confirming = [
    path("confirmer/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("confirmer/cle/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
]
_security = [
    path("securite/", views.security, name="mfa_index"),
    path("securite/cles/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("securite/cles/ajouter/", passkeys.add, name="mfa_add_webauthn"),
    path("securite/cles/<int:pk>/retirer/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("securite/cles/<int:pk>/renommer/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("securite/application/", passkeys.link_app, name="mfa_activate_totp"),
    path("securite/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("securite/codes-de-secours/", views.spare_codes, name="mfa_view_recovery_codes"),
    path("securite/codes-de-secours/nouveaux/", spare.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("securite/codes-de-secours/fichier/", views.spare_codes_file, name="mfa_download_recovery_codes"),
    path("sessions/", views.sessions, name="usersessions_list"),
]
global_urlpatterns = [path("compte/", include([*_signing_in, *_confirming, *_security]))]
