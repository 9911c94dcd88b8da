"""What this part gives to the others, the words of its acts included."""

from maillage.actors.merges import moving
from maillage.actors.participation.models import Participation
from maillage.core.contributions import merge

# Alike: the same thing taken part in. The kept actor's own line stands, so that nobody is counted twice.
merge.add(moving(Participation, ("reference", "type")))
