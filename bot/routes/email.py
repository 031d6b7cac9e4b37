"""
The second route e-mail: one mail a step, and one more where the page was acknowledged or resolved.

The Message-ID is made from the row's token, which is the same at every attempt, so that a mail that was sent twice can
be recognised; all mails of one page refer to the same thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib

from bot.route_addresses import MailServer, is_mail_address
from bot.routes.notice import Notice, notice
from bot.trouble import Later, Unfit, Unreachable
from commands.world import Directory
from storage.model import Message, PageState, Standing

_SECONDS = 20.0  # for one mail, from the connection to the server's last word
_FAREWELL_S = 2.0
_PASSING = 500  # https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1: below it may pass, from it on it is for good
_UNACCEPTED = 530, 534, 535, 538  # RFC 4954, 6: of the login, which somebody may mend


@dataclass(frozen=True, slots=True)
class EmailRoute:
    """Sends mail through *server* as *sender*; *certificates* replaces the system's trusted ones."""

    server: MailServer
    sender: Address
    directory: Directory | None = None
    certificates: ssl.SSLContext | None = None
    seconds: float = _SECONDS

    async def deliver(self, message: Message) -> Standing:
        """Send the mail; nothing is sent of a page that was over before its reader heard of it."""
        said = await notice(message, self.directory)
        stands = Standing(f"email:{said.state}", message.stands.ts if message.stands else message.token)
        if message.stands is None and said.state in _OVER:
            return stands
        to = message.to.address
        if not is_mail_address(to):
            raise Unreachable("address", "there is no e-mail address of theirs that mail can be sent to")
        await self._send(self._mail(message, said, to))
        return stands

    def _mail(self, message: Message, said: Notice, to: str) -> EmailMessage:
        mail, domain = EmailMessage(), self.sender.domain
        mail["Subject"] = said.subject
        mail["From"] = self.sender
        mail["To"] = to
        mail["Date"] = format_datetime(message.made_at)
        mail["Message-ID"] = f"<{message.token}@{domain}>"
        if said.paged is not None:
            mail["References"] = mail["In-Reply-To"] = f"<page.{said.paged.page.id}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice comes back
        if said.state == PageState.TRIGGERED:
            mail["X-Priority"], mail["Importance"] = "1", "high"
        mail.set_content(f"{said.text}\n")
        return mail

    async def _send(self, mail: EmailMessage) -> None:
        try:
            async with asyncio.timeout(self.seconds), self._connected() as server:
                await server.send_message(mail)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused(error.recipients[0].code) from None
        except aiosmtplib.SMTPResponseException as error:
            raise _answered(error.code) from None
        except aiosmtplib.SMTPNotSupported:
            raise Unreachable("no SMTPUTF8", "the mail server takes no addresses with such letters") from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise Later(_words(error, self.server)) from None

    async def try_out(self) -> None:
        """Connect and log in, and send nothing; raises Later or Unfit, with what the server said in short."""
        try:
            async with asyncio.timeout(self.seconds), self._connected():
                pass
        except aiosmtplib.SMTPResponseException as error:
            raise _answered(error.code) from None
        except aiosmtplib.SMTPNotSupported:
            raise Later("the mail server takes no login") from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise Later(_words(error, self.server)) from None

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """Give a conversation that is encrypted where it must be, and logged in where there is a password."""
        server = self.server
        conversation = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            local_hostname=self.sender.domain,  # else the library waits for the machine's name to be looked up
            timeout=self.seconds,
            use_tls=server.is_tls,
            start_tls=server.starttls,
            tls_context=self.certificates,
        )
        try:
            await conversation.connect()
            yield conversation
            with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                await conversation.quit(timeout=_FAREWELL_S)  # the mail is taken: no answer to this changes that
        finally:
            conversation.close()


_OVER = {PageState.ACKNOWLEDGED.value, PageState.RESOLVED.value}


def _refused(code: int) -> Later | Unreachable:
    """Return the trouble of a recipient that the server refused with *code*."""
    if code < _PASSING:
        return Later(f"SMTP {code}")
    return Unreachable(f"SMTP {code}", f"the mail server refuses their e-mail address (SMTP {code})")


def _answered(code: int) -> Later | Unfit:
    if code in _UNACCEPTED:
        return Later(f"the mail server does not accept the login (SMTP {code}): see GROUNDCREW_SMTP_URL")
    return Later(f"SMTP {code}") if code < _PASSING else Unfit(f"SMTP {code}")


def _words(error: Exception, server: MailServer) -> str:
    """Return what went wrong in words; the library's own may hold what the server said."""
    if isinstance(error, TimeoutError):
        return "the mail server did not answer in time"
    if isinstance(error, ssl.SSLCertVerificationError) or isinstance(error.__cause__, ssl.SSLCertVerificationError):
        return "the mail server's certificate is not trusted here"
    if "STARTTLS" in str(error):
        return "the mail server offers no encryption (STARTTLS), without which nothing is sent"
    if isinstance(error, OSError):
        return f"no connection to {server.host}, port {server.port}, comes about"
    return f"the mail server could not be used ({type(error).__name__})"
