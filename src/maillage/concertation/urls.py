"""Addresses of spaces, of the directory (actors with their seats), and of who works with whom."""

from django.urls import path

from maillage.concertation.imports.urls import alliance_urlpatterns as imports
from maillage.concertation.views import directory, spaces, together

alliance_urlpatterns = [
    path("acteurs/", directory.directory, name="directory"),
    path("acteurs/telecharger.<str:form>", directory.directory_file, name="directory_file"),
    path("espaces/", spaces.spaces, name="spaces"),
    path("espaces/ajouter/", spaces.space_new, name="space_new"),
    path("espaces/<uuid:key>/", spaces.space, name="space"),
    path("espaces/<uuid:key>/modifier/", spaces.space_edit, name="space_edit"),
    path("espaces/<uuid:key>/terminer/", spaces.space_end, name="space_end"),
    path("espaces/<uuid:key>/sieges/", spaces.seat_give, name="seat_give"),
    path("espaces/<uuid:key>/sieges/<int:pk>/terminer/", spaces.seat_end, name="seat_end"),
    path("qui-travaille-avec-qui/", together.together, name="together"),
    path("qui-travaille-avec-qui/tables.<str:form>", together.shared_file, name="shared_file"),
    *imports,
]
