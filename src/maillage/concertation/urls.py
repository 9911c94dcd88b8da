"""Addresses of spaces, of the directory (actors with their seats), and of who works with whom."""

from django.urls import path

from maillage.concertation.decisions import urls as decisions
from maillage.concertation.endorsements import urls as endorsements
from maillage.concertation.governance import urls as governance
from maillage.concertation.imports.urls import alliance_urlpatterns as imports
from maillage.concertation.meetings import urls as meetings
from maillage.concertation.minutes import urls as minutes
from maillage.concertation.network import urls as network
from maillage.concertation.tasks import urls as tasks
from maillage.concertation.views import directory, spaces, together
from maillage.concertation.voices import urls as voices

PARTS = (network, voices, governance, meetings, minutes, decisions, endorsements, tasks)

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
    path("qui-travaille-avec-qui/tables/", together.together, name="together"),
    path("qui-travaille-avec-qui/tables.<str:form>", together.shared_file, name="shared_file"),
    *imports,
    *(pattern for part in PARTS for pattern in part.alliance_urlpatterns),
]
urlpatterns = [pattern for part in PARTS for pattern in part.urlpatterns]
