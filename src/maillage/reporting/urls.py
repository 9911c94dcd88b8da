from django.urls import path

from maillage.reporting import views

alliance_urlpatterns = [
    path("reddition-de-comptes/", views.accounts, name="accounts"),
    path("reddition-de-comptes/produire/", views.produce, name="produce"),
    path("reddition-de-comptes/<uuid:key>/publier/", views.publish, name="publish"),
    path("reddition-de-comptes/<uuid:key>/retirer/", views.withdraw, name="withdraw"),
]
