"""The settings of an instance whose only added page is a bare one that takes a ballot: what the urn costs by itself."""

from maillage.config.settings import *  # noqa: F403

ROOT_URLCONF = "ballots_page"
BALLOTS_PER_ADDRESS = 0
"""One machine sends them all here."""
