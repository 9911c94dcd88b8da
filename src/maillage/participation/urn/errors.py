"""Why a ballot is not taken. Each is told to the person in a sentence of the page (``voting.words``)."""


class NotTaken(Exception):
    """Base: nothing was written."""


class NotOpen(NotTaken):
    """The step is not open yet, or is closed."""


class CodeUnknown(NotTaken):
    """No elector has this code, or it was voided."""


class CodeUsed(NotTaken):
    """This elector has already answered this step."""


class ReceiptUnknown(NotTaken):
    """No ballot that may be changed has this receipt."""


class NotChangeable(NotTaken):
    """A ballot of this consultation is not changed once sent."""


class Busy(NotTaken):
    """The server could not write it in time: send it again, it counts once."""


class KeyLost(NotTaken):
    """The instance no longer has the secret that this urn was closed with (``docs/operations.md``)."""
