"""What each reader gets at the addresses of this part."""

from maillage.alliances.models import Person
from tests.arch.addresses import SIGN_IN, SIGNED_IN, Expected

ADDRESSES = {
    "alliances:my_links": SIGNED_IN,
    "alliances:my_links_close": Expected(SIGN_IN, 405, 405, 405, 405, posts=True).at(
        lambda world: {"person_id": Person.objects.get(user=world.member).uuid, "purpose": "calendar"}
    ),
}
