from __future__ import annotations

import logging
import logging.config
import sys

from maillage.core.logs import RedactAddresses, redact


def test_an_address_loses_its_token_and_its_search():
    assert redact("/invitation/3yJ8kQ0aZbX1cD2eF3gH4iJ5/?q=Tremblay") == "/invitation/…/"
    assert redact("/deux-rivieres/acteurs/") == "/deux-rivieres/acteurs/"


def test_the_log_of_a_failure_names_neither_the_reader_nor_the_secret(client, settings, caplog):
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "%s: %s", ("Error", "/x/" + "a" * 40), None)
    record.request = "cookies and all"
    assert RedactAddresses().filter(record)
    assert record.getMessage() == "Error: /x/…"
    assert not hasattr(record, "request")


def test_failures_reach_the_log_with_their_traceback(settings):
    assert settings.LOGGING["loggers"]["django"]["handlers"] == ["stderr"]
    assert settings.LOGGING["handlers"]["stderr"]["filters"] == ["redact"]


def test_a_traceback_says_where_and_never_what_someone_wrote(settings):
    line = settings.LOGGING["formatters"]["line"]
    formatter = logging.config.DictConfigurator({"version": 1}).configure_formatter(dict(line))
    name, email = "Maude Tremblay", "maude@exemple.test"
    try:
        try:
            int(name)
        except ValueError as error:
            raise LookupError(email) from error
    except LookupError:
        record = logging.LogRecord("maillage", logging.ERROR, "", 1, "Job %s failed.", ("x",), sys.exc_info())
    said = formatter.format(record)
    assert name not in said
    assert email not in said
    assert "builtins.ValueError\n" in said
    assert said.endswith("builtins.LookupError")
    assert "test_logs.py" in said
