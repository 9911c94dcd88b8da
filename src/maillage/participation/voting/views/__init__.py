"""The pages where people take part. They need no account, no cookie and no script."""

from maillage.participation.voting.views.ballot import ballot
from maillage.participation.voting.views.receipt import receipt
from maillage.participation.voting.views.sent import sent

__all__ = ["ballot", "receipt", "sent"]
