import datetime as dt
import logging
import socketserver
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, send_mail
from django.template import engines
from django.utils import timezone

from maillage.core import jobs, mail
from maillage.core.models import Job, MailMessage
from maillage.core.smtp import mail_server
from tests.factories import AllianceFactory, UserFactory, user_with

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _our_backend(settings):
    settings.EMAIL_BACKEND = "maillage.core.mail.Backend"


@pytest.fixture
def templates(monkeypatch):
    """Two small templates: a text, and a page beside it."""
    texts = {"essai.txt": "Bonjour {{ name }},\nVotre code : 0866-8402\n", "essai.html": "<p>Bonjour {{ name }}</p>"}

    def render(name, values):
        return engines["django"].from_string(texts[name]).render(values)

    monkeypatch.setattr(mail, "render_to_string", render)


class Server(socketserver.ThreadingTCPServer):
    """A mail server of a few lines: it keeps what it is given, or refuses with ``answer``."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, answer=""):
        self.received, self.answer = [], answer
        super().__init__(("127.0.0.1", 0), Session)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 essai")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self.say("354 go")
                data = b""
                while not data.endswith(b"\r\n.\r\n"):
                    data += self.rfile.readline()
                self.server.received.append(data.decode())
                self.say("250 kept")
            elif word == b"RCPT" and self.server.answer:
                self.say(self.server.answer)
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def server(settings):
    made = []

    def make(answer=""):
        made.append(Server(answer))
        settings.MAIL_SERVER = mail_server(f"smtp+plain://127.0.0.1:{made[0].server_address[1]}")
        return made[0]

    yield make
    for one in made:
        one.shutdown()
        one.server_close()


def test_without_a_server_a_mail_is_kept(templates):
    mail.send("a@exemple.test", "Bonjour\nà vous", "essai", {"name": "Ève & Léo"}, "fr")
    row = MailMessage.objects.get()
    assert (row.state, row.recipients, row.subject) == ("kept", ["a@exemple.test"], "Bonjour à vous")
    assert "Ève" in row.text
    assert row.html == "<p>Bonjour Ève &amp; Léo</p>"
    assert not Job.objects.exists()


def test_in_production_what_opens_a_door_is_not_even_stored(settings, templates):
    settings.PRODUCTION = True
    mail.send("a@exemple.test", "x", "essai", {"name": "sésame ouvre-toi"}, "fr", secrets=["sésame ouvre-toi"])
    send_mail("Code 123456", "https://m.test/cle/abcDEF-0123456789_xyz/ et 418 555-0199", None, ["a@exemple.test"])
    rows = list(MailMessage.objects.order_by("id"))
    assert "0866" not in rows[0].text
    assert "sésame" not in rows[0].text
    assert rows[0].html == ""
    assert rows[1].subject == f"Code {mail.MASK}"
    assert "abcDEF" not in rows[1].text


def test_with_a_server_it_is_sent_then_emptied(server, templates, django_capture_on_commit_callbacks):
    running = server()
    mail.send("a@exemple.test", "Être ici", "essai", {"name": "Léa"}, "fr")
    assert MailMessage.objects.get().state == "queued"
    jobs.run_waiting()
    row = MailMessage.objects.get()
    assert (row.state, row.text, row.html, row.attempts) == ("sent", "", "", 1)
    (received,) = running.received
    assert "multipart/alternative" in received
    assert "Content-Language: fr" in received
    assert f"Message-ID: <{row.uuid}@" in received


@pytest.mark.parametrize("answer", ["", "550 no such person"])
def test_one_that_must_be_forgotten_leaves_nothing_once_it_went(server, templates, answer):
    """An address left for one message: it is not kept with the mail either."""
    running = server(answer)
    mail.send("a@exemple.test", "x", "essai", {"name": "Léa"}, "fr", forget=True)
    jobs.run_waiting()
    assert len(running.received) == (not answer)
    assert not MailMessage.objects.exists()


def test_one_that_must_be_forgotten_is_forgotten_after_other_tries_too(settings, templates):
    settings.MAIL_SERVER = mail_server("smtp+plain://127.0.0.1:9") | {"timeout": 1}
    mail.send("a@exemple.test", "x", "essai", {"name": "Léa"}, "fr", forget=True)
    jobs.run_waiting(limit=1)
    assert MailMessage.objects.get().state == "queued"
    jobs.run_waiting(limit=20)
    assert not MailMessage.objects.exists()


def test_a_silent_server_is_tried_again_later_then_given_up(settings, templates, caplog):
    settings.MAIL_SERVER = mail_server("smtp+plain://127.0.0.1:9") | {"timeout": 1}
    mail.send("secret@exemple.test", "Sujet privé", "essai", {"name": "Léa"}, "fr")
    with caplog.at_level(logging.DEBUG):
        jobs.run_waiting(limit=1)
        row = MailMessage.objects.get()
        assert (row.state, row.attempts, row.error) == ("queued", 1, "ConnectionRefusedError")
        assert row.text
        jobs.run_waiting(limit=20)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.text) == ("failed", len(mail.RETRY_MINUTES) + 1, "")
    assert "secret" not in caplog.text
    assert "privé" not in caplog.text


def test_the_next_try_waits(settings, templates):
    from django_tasks_db.models import DBTaskResult

    settings.MAIL_SERVER = mail_server("smtp+plain://127.0.0.1:9") | {"timeout": 1}
    mail.send("a@exemple.test", "x", "essai", {"name": "Léa"}, "fr")
    jobs.run_waiting(limit=1)
    assert not DBTaskResult.objects.ready().exists()
    assert DBTaskResult.objects.get().run_after > timezone.now() + dt.timedelta(seconds=50)
    assert jobs.recover(timezone.now() + dt.timedelta(minutes=10)) == 0


@pytest.mark.parametrize(("answer", "state"), [("550 no such person", "failed"), ("450 later", "queued")])
def test_an_address_that_is_refused_is_not_insisted_upon(server, templates, answer, state):
    server(answer)
    mail.send("a@exemple.test", "x", "essai", {"name": "Léa"}, "fr")
    jobs.run_waiting(limit=1)
    assert MailMessage.objects.get().state == state


def test_a_mail_leaves_only_with_its_transaction(server, templates):
    from django.db import transaction

    server()

    def interrupted():
        with transaction.atomic():
            mail.send("a@exemple.test", "x", "essai", {"name": "Léa"}, "fr")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert not MailMessage.objects.exists()
    assert not Job.objects.exists()


def test_old_mails_are_deleted_and_an_address_is_forgotten(templates):
    for address in ("a@exemple.test", "Ève <b@exemple.test>", "B@exemple.test"):
        EmailMultiAlternatives("x", "y", to=[address]).send()
    assert mail.forget("b@Exemple.test") == 2
    assert mail.forget("") == 0
    MailMessage.objects.update(created_at=timezone.now() - dt.timedelta(days=31))
    assert mail.purge(timezone.now()) == 1


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", {}),
        ("smtp://u%40x:p%2F@m.test", {"host": "m.test", "port": 587, "username": "u@x", "password": "p/", "tls": True}),
        ("smtps://m.test", {"host": "m.test", "port": 465, "username": "", "password": "", "tls": False}),
        ("smtp+plain://m.test:2525", {"host": "m.test", "port": 2525, "username": "", "password": "", "tls": False}),
    ],
)
def test_the_server_s_address(url, expected):
    found = mail_server(url)
    if expected:
        tls = expected.pop("tls")
        assert found["use_tls"] is tls
        assert found["use_ssl"] is url.startswith("smtps:")
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("url", ["http://m.test", "smtp://", "m.test:25", "smtp://m.test:no"])
def test_a_wrong_address_says_how_to_write_it(url):
    with pytest.raises(ImproperlyConfigured, match="smtp://user"):
        mail_server(url)


class TestPages:
    def test_for_the_operator_only(self, client, templates):
        mail.send("a@exemple.test", "Votre code", "essai", {"name": "Léa"}, "fr")
        row = MailMessage.objects.get()
        for address in ("/courriels/", f"/courriels/{row.uuid}/"):
            assert client.get(address).status_code == 302
        client.force_login(user_with(AllianceFactory()), backend=BACKEND)
        for address in ("/courriels/", f"/courriels/{row.uuid}/"):
            assert client.get(address).status_code == 403
        client.force_login(UserFactory(is_operator=True), backend=BACKEND)
        assert "Votre code" in client.get("/courriels/").content.decode()
        assert "0866-8402" in client.get(f"/courriels/{row.uuid}/").content.decode()

    def test_codes_are_hidden_in_production(self, client, settings, templates):
        mail.send("a@exemple.test", "Votre code", "essai", {"name": "Léa"}, "fr")
        settings.PRODUCTION = True
        client.force_login(UserFactory(is_operator=True), backend=BACKEND)
        page = client.get(f"/courriels/{MailMessage.objects.get().uuid}/")
        if page.status_code == 302:
            pytest.skip("A second step is asked of operators in production.")
        assert "0866-8402" not in page.content.decode()

    def test_bounded(self, client, django_assert_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client.force_login(UserFactory(is_operator=True), backend=BACKEND)
        MailMessage.objects.create(subject="un", sender="x")
        client.get("/courriels/")
        with CaptureQueriesContext(connection) as one:
            client.get("/courriels/")
        MailMessage.objects.bulk_create(MailMessage(subject="autre", sender="x") for _n in range(60))
        with django_assert_num_queries(len(one)):
            assert client.get("/courriels/").content.decode().count("<time") == 25
