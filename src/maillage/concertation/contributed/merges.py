"""What happens to seats when two actors become one."""

from maillage.actors.merges import moving
from maillage.concertation.models import Seat
from maillage.core.contributions import merge

# Alike: the same space, whatever the dates. The kept actor's own seat stands, with its dates and category;
# the other one stays with the absorbed actor, so that nobody sits twice at a table.
merge.add(moving(Seat, ("space_id",)))
