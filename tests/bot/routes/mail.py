"""A mail server on loopback: aiosmtpd, with TLS, logins and refusals."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

USER, PASSWORD = "groundcrew", "s3cret:with@signs/"


@dataclass
class MailServer:
    """What came in, and what it answers: *to_recipient* and *to_data* are said instead of taking it."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    to_recipient: str = ""
    to_data: str = ""
    quits: bool = True
    logins: bool = False

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name, as below
        self, _server: SMTP, session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the recipient, or refuse."""
        if self.logins and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail, or refuse."""
        if self.to_data:
            return self.to_data
        assert isinstance(envelope.content, bytes)
        self.envelopes.append(envelope)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"

    async def handle_QUIT(self, *_: Any) -> str:  # noqa: N802
        """Say good-bye, or nothing for a while."""
        if not self.quits:
            await asyncio.sleep(3600)
        return "221 bye"


@asynccontextmanager
async def mail_server(
    tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, *, logins: bool = False
) -> AsyncIterator[MailServer]:
    """Serve; *tls* from the start, or *starttls* on demand and only then; *logins*: only to who logs in."""
    handler = MailServer(logins=logins)
    talks: list[SMTP] = []

    def known(_server: SMTP, _session: Any, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        is_right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)

    def protocol() -> SMTP:
        talk = SMTP(
            handler,
            hostname="mail.example",
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_require_tls=False,
            authenticator=known if logins else None,
            loop=asyncio.get_running_loop(),
        )
        talks.append(talk)
        return talk

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=tls)
    handler.port = server.sockets[0].getsockname()[1]
    try:
        yield handler
    finally:
        server.close()
        for talk in talks:
            if talk.transport is not None:
                talk.transport.close()
        await asyncio.sleep(0)  # the loop closes sockets in its next round
