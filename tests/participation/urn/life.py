"""The whole life of an urn in a real instance, with real transactions: run by ``test_secrecy`` in a process of its own.

Ballot number i is cast by elector number i and says « MARQUEUR-i- »: what is found of it, where and in which order, is
what the instance lets out. Prints what was seen, as JSON.
"""

from __future__ import annotations

import io
import json
import logging
import shutil
import sys
import time
from pathlib import Path
from typing import Any

BALLOTS = 400


def at_once(consultation: Any, step: Any, content: str, elector: Any, nonce: str) -> tuple[Any, int]:
    """The one ballot that is taken, and how many were told that the code is used."""
    import threading

    from django.db import connection
    from django.utils import timezone

    from maillage.participation.urn import errors, services

    gate, found, refused = threading.Barrier(4), [], []

    def road(number: int) -> None:
        gate.wait()
        try:
            found.append(
                services.cast(
                    consultation=consultation, contents={step: content}, elector=elector, nonce=f"{nonce}-{number}",
                    now=timezone.now(),
                )
            )  # fmt: skip
        except errors.CodeUsed:
            refused.append(number)
        finally:
            connection.close()

    roads = [threading.Thread(target=road, args=[number]) for number in range(4)]
    for one in roads:
        one.start()
    for one in roads:
        one.join()
    (taken,) = found
    return taken, len(refused)


def main() -> None:
    import django

    django.setup()
    import datetime as dt

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    heard = io.StringIO()
    logging.getLogger().addHandler(logging.StreamHandler(heard))
    for name in ("", "django", "maillage", "maillage.participation"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)
    call_command("migrate", interactive=False, verbosity=0)

    from maillage.alliances.models import Alliance
    from maillage.core import backups
    from maillage.participation.consultations import lifecycle
    from maillage.participation.consultations.models import Consultation, Step
    from maillage.participation.urn import errors, marks, services
    from maillage.participation.urn.models import Elector, Envelope, UrnKey
    from maillage.participation.vocabulary import Access

    now = timezone.now()
    alliance = Alliance.objects.create(slug="essai", name="Alliance d’essai", short_name="Essai", is_public=True)
    consultation = Consultation.objects.create(
        alliance=alliance, title="Essai", state=Consultation.State.OPEN, access=Access.CODES,
        opens_at=now - dt.timedelta(hours=1), closes_at=now + dt.timedelta(hours=1),
    )  # fmt: skip
    step = Step.objects.create(
        consultation=consultation, kind="priorities", method="grades", counting="judgment", state=Step.State.OPEN
    )
    services.prepare_urn(step)
    codes = [marks.new_code() for _ in range(BALLOTS)]
    electors = [
        Elector.objects.create(consultation=consultation, mark=marks.code_mark(consultation, code), label="Essai")
        for code in codes
    ]
    receipts = []
    codes_used: list[int] = []
    for number, code in enumerate(codes):
        found = services.find_elector(consultation, code)
        content, nonce = f'["MARQUEUR-{number:04}-"]', f"nonce-of-sixteen-{number}"
        if number % 100 == 50:
            # The code of this person, sent by four roads at the same instant, a page each.
            taken, refused = at_once(consultation, step, content, found, nonce)
            codes_used.append(refused)
        else:
            taken = services.cast(
                consultation=consultation, contents={step: content}, elector=found, nonce=nonce, now=timezone.now()
            )
        receipts.append(taken.receipt)
        if number % 100 == 0:
            # A double, a resend, a wrong code: none may be told to any log.
            again = services.cast(
                consultation=consultation, contents={step: content}, elector=found, nonce=nonce, now=timezone.now()
            )
            assert again == services.Taken(taken.receipt, again=True)
            for typed in (code, "wrong-code-99"):
                try:
                    services.cast(
                        consultation=consultation, contents={step: "[1]"}, now=timezone.now(),
                        elector=services.find_elector(consultation, typed), nonce="another-nonce-of-16",
                    )  # fmt: skip
                except errors.NotTaken:
                    continue
                raise AssertionError(typed)
    key = UrnKey.objects.get(step=step)
    salt = bytes(key.salt)
    seals = [bytes(sealed).hex() for sealed in Envelope.objects.values_list("seal", flat=True)]
    folder = Path(settings.DATA_DIR)
    if connection.vendor == "sqlite":
        (folder / "open").mkdir()
        for ending in ("", "-wal"):
            shutil.copy(folder / f"maillage.sqlite3{ending}", folder / "open" / f"maillage.sqlite3{ending}")
    archive = backups.backup(folder / "open.tar.gz")
    lifecycle.close_step(step=step, now=timezone.now())
    numbers = services.open_urn(step, now=timezone.now())
    connection.close()
    # As the worker does: as long as an older transaction runs on the server, it is not done.
    until = time.monotonic() + 240
    while not services.forget_traces(now=timezone.now()):
        assert time.monotonic() < until, "an older transaction never ends"
        time.sleep(1)
    connection.close()
    sys.stdout.write(
        json.dumps(
            {
                "ballots": numbers, "codes": codes, "receipts": receipts, "salt": salt.hex(), "seals": seals,
                "codes_used": codes_used, "log": heard.getvalue(), "archive": str(archive),
                "electors": [one.pk for one in electors],
                "marks": [marks.receipt_mark(UrnKey.objects.get(step=step).receipts_key, one) for one in receipts],
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
