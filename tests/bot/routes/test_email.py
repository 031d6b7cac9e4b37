"""Pages by e-mail: over a real server, encrypted, logged in, refused, and never answered."""

import asyncio
import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.route_addresses import MailServer, mail_server, sender
from bot.routes.email import EmailRoute
from bot.trouble import Later, Unfit, Unreachable
from storage.model import Standing
from tests.bot.routes import mail
from tests.bot.routes.pages import ACKNOWLEDGED, PAGE, RESOLVED, TOKEN, about, saying
from tests.code_host import certificate_of_localhost
from tests.live_site import raw_site
from tests.world import Phonebook

ANN = "ann@acme.example"
FROM = sender("Groundcrew <groundcrew@acme.example>")


def route(port: int, **more: Any) -> EmailRoute:
    """Return a route to the server at *port*."""
    return EmailRoute(MailServer("localhost", port, **more), FROM)


@pytest.fixture
def contexts(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Give the server's side of TLS for localhost, and that of somebody who trusts it."""
    certificate, key = certificate_of_localhost(tmp_path)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    return serving, ssl.create_default_context(cafile=str(certificate))


async def test_a_page_arrives_with_all_that_its_reader_needs() -> None:
    """What is wrong, since when, who else was told, what comes next and how to answer, in plain text."""
    async with mail.mail_server() as server:
        stands = await replace(route(server.port), directory=Phonebook()).deliver(about(address=ANN))
        (got,) = server.mails
        assert server.envelopes[0].rcpt_tos == [ANN]
    assert stands == Standing("email:triggered", TOKEN)
    assert got["To"] == ANN
    assert got["From"] == "Groundcrew <groundcrew@acme.example>"
    assert got["Subject"].strip() == "billing-bot: somebody is needed: invoices are sent twice since the deploy"
    assert got["Message-ID"] == f"<{TOKEN}@acme.example>"
    assert got["Auto-Submitted"] == "auto-generated"
    text = got.get_content().replace("\r\n", "\n")
    for part in (
        "  invoices are sent twice\n  since the deploy\n",
        "Cy asked for help, 23 Nov 2026, 09:00 UTC.",
        "Nobody has acknowledged it yet.",
        "23 Nov 2026, 09:00 UTC: the owner (Ann) in Slack\n",
        "the owner (Ann) by e-mail: not reached, SMTP 550",
        "Next: on call (Nights), 23 Nov 2026, 09:05 UTC.",
        "press [Acknowledge]",
        "https://github.com/acme/billing",
    ):
        assert part in text


async def test_names_are_not_waited_for() -> None:
    """Where Slack raises, the page is told with what everybody is to the app."""

    class Away(Phonebook):
        async def person(self, person_id: str) -> None:
            raise Later(person_id)

    async with mail.mail_server() as server:
        await replace(route(server.port), directory=Away()).deliver(about(address=ANN))
    assert "Somebody asked for help" in server.mails[0].get_content()


async def test_a_mail_that_is_sent_twice_can_be_recognised() -> None:
    """The same row has the same Message-ID at every attempt; another row of the page is another mail in its thread."""
    async with mail.mail_server() as server:
        for token in (TOKEN, TOKEN, "b" * 24):
            await route(server.port).deliver(about(address=ANN, token=token))
    first, again, other = server.mails
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["References"] == other["References"] == f"<page.{PAGE.id}@acme.example>"


async def test_each_edit_is_a_mail_that_says_the_state() -> None:
    """Who was told is told that it was acknowledged, that it is open again, and that it was resolved."""
    async with mail.mail_server() as server:
        mails = route(server.port)
        stands = await mails.deliver(about(address=ANN))
        for page in (ACKNOWLEDGED, PAGE, RESOLVED):
            stands = await mails.deliver(about(page, address=ANN, stands=stands))
    subjects = [got["Subject"].strip().removeprefix("billing-bot: ").partition(":")[0] for got in server.mails]
    assert subjects == ["somebody is needed", "somebody is on it", "somebody is needed", "resolved"]
    assert "Ann is on it" not in subjects
    assert stands == Standing("email:resolved", TOKEN)


async def test_what_is_over_before_it_was_told_wakes_nobody() -> None:
    """The first mail of a page is not that somebody acknowledged it."""
    async with mail.mail_server() as server:
        assert await route(server.port).deliver(about(ACKNOWLEDGED, address=ANN)) == Standing(
            "email:acknowledged", TOKEN
        )
        assert server.mails == []


async def test_a_message_about_no_page_arrives() -> None:
    """A test message, or news of the house."""
    async with mail.mail_server() as server:
        await route(server.port).deliver(saying("This is a test.", "email", ANN))
    assert (server.mails[0]["Subject"], server.mails[0].get_content()) == ("This is a test.", "This is a test.\r\n")


@pytest.mark.parametrize("kind", ["tls", "starttls"])
async def test_it_is_encrypted(contexts: tuple[ssl.SSLContext, ssl.SSLContext], kind: str) -> None:
    """By TLS from the start or by STARTTLS; a certificate that nobody trusts gets no mail, and no password."""
    serving, trusting = contexts
    async with mail.mail_server(**{kind: serving}, logins=True) as server:
        login = {"user": mail.USER, "password": mail.PASSWORD}
        mails = route(server.port, is_tls=kind == "tls", starttls=kind == "starttls", **login)
        with pytest.raises(Later, match="certificate is not trusted"):
            await mails.deliver(about(address=ANN))
        assert server.mails == []
        await replace(mails, certificates=trusting).deliver(about(address=ANN))
        await replace(mails, certificates=trusting).try_out()
        assert len(server.mails) == 1


async def test_a_server_without_encryption_gets_nothing() -> None:
    """STARTTLS is demanded, whatever the server offers."""
    async with mail.mail_server() as server:
        with pytest.raises(Later, match="STARTTLS"):
            await route(server.port, starttls=True).deliver(about(address=ANN))
        assert server.mails == []


async def test_a_login_that_is_not_taken_is_said() -> None:
    """It may be mended, so the page waits; the password is in no error."""
    async with mail.mail_server(logins=True) as server:
        wrong = route(server.port, user=mail.USER, password="wr0ng-passw0rd")
        for attempt in (lambda: wrong.deliver(about(address=ANN)), wrong.try_out):
            with pytest.raises(Later, match="does not accept the login") as trouble:
                await attempt()
            assert "wr0ng" not in f"{trouble.value} {trouble.value.error}"


@pytest.mark.parametrize(
    ("field", "answer", "kind"),
    [
        ("to_recipient", "450 try later", Later),
        ("to_recipient", "550 no such user", Unreachable),
        ("to_data", "451 local error", Later),
        ("to_data", "554 spam", Unfit),
    ],
)
async def test_refusals_are_told_apart(field: str, answer: str, kind: type[Exception]) -> None:
    """What may pass is tried again; a recipient that is refused for good is unreachable."""
    async with mail.mail_server() as server:
        setattr(server, field, answer)
        with pytest.raises(kind) as trouble:
            await route(server.port).deliver(about(address=ANN))
    assert answer[4:] not in str(trouble.value)


async def test_a_server_that_never_answers_is_left() -> None:
    """After the deadline the page waits for its next attempt."""
    async with raw_site(lambda reader, _writer: _forever(reader)) as port:
        silent = replace(route(port), seconds=0.2)
        with pytest.raises(Later, match="did not answer in time"):
            await silent.deliver(about(address=ANN))
        with pytest.raises(Later, match="did not answer in time"):
            await silent.try_out()
    with pytest.raises(Later, match="no connection"):
        await route(1).deliver(about(address=ANN))


async def _forever(reader: asyncio.StreamReader) -> None:
    await reader.read()


async def test_a_mail_that_was_taken_is_not_sent_again_for_a_slow_goodbye() -> None:
    """A server that never answers QUIT has the mail all the same."""
    async with mail.mail_server() as server:
        server.quits = False
        assert await route(server.port).deliver(about(address=ANN)) == Standing("email:triggered", TOKEN)
        assert len(server.mails) == 1


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@acme.example\nBcc: eve@x.example", "a@b,c@d.example", "<a@b.example>"]
)
async def test_only_an_address_is_written_to(address: str) -> None:
    """Whatever else stands there reaches nobody, and adds nobody."""
    with pytest.raises(Unreachable):
        await route(1).deliver(about(address=address))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(what=st.text(min_size=1, max_size=200), name=st.text(min_size=1, max_size=60))
async def test_no_text_adds_a_header(what: str, name: str) -> None:
    """Whatever somebody types, the mail has the headers that we made, and goes to whom we said."""
    message = about(address=ANN)
    body = message.news | {"page": message.news["page"] | {"what": what}, "app": message.news["app"] | {"name": name}}
    async with mail.mail_server() as server:
        await route(server.port).deliver(replace(message, news=body))
        plain = about(address=ANN)
        await route(server.port).deliver(plain)
    odd, usual = server.mails
    assert {name.lower() for name, _ in odd.items()} == {name.lower() for name, _ in usual.items()}
    assert odd["To"] == ANN
    assert server.envelopes[0].rcpt_tos == [ANN]


async def test_letters_that_a_server_does_not_take_are_said() -> None:
    """An address with other letters needs SMTPUTF8, which not every server has."""
    async with mail.mail_server() as server:
        with pytest.raises(Unreachable, match="takes no addresses with such letters"):
            await route(server.port).deliver(about(address="änn@acme.example"))


def test_the_address_of_a_mail_server_is_read() -> None:
    """Ports have their usual defaults, passwords their escapes; STARTTLS is demanded but on this machine."""
    assert mail_server("smtps://me:p%40ss%3A%2F@mail.example") == MailServer(
        "mail.example", 465, is_tls=True, user="me", password="p@ss:/"
    )
    assert mail_server("smtp://mail.example") == MailServer("mail.example", 587, starttls=True)
    assert mail_server("smtp://127.0.0.1:25") == MailServer("127.0.0.1", 25)
    assert "p@ss" not in repr(mail_server("smtps://me:p%40ss@mail.example"))
