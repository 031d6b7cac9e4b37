"""No answer of the listener says what answers: not to a stranger, and not where HTTP cannot be parsed."""

import pytest

from tests.bot.signed import listening_bot
from tests.world import Town

pytestmark = pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)  # which is not asked

MARK = b"a-word-of-what-was-sent"
POST = b"POST /github/webhook HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
SENT: dict[str, tuple[bytes, int]] = {
    "another protocol": (b"\x16\x03\x01 " + MARK + b"\r\n\r\n", 400),
    "a word": (MARK + b"\r\n\r\n", 400),
    "an address too long": (b"GET /" + MARK * 2000 + b" HTTP/1.1\r\n\r\n", 400),
    "a header too long": (b"GET / HTTP/1.1\r\n" + MARK + b": " + b"x" * 20_000 + b"\r\n\r\n", 400),
    "a header that is none": (b"GET / HTTP/1.1\r\n" + MARK + b"\r\n\r\n", 400),
    "too many headers": (b"GET / HTTP/1.1\r\n" + b"".join(b"%d: x\r\n" % one for one in range(200)) + b"\r\n", 400),
    "a length that is none": (POST + b"Content-Length: " + MARK + b"\r\n\r\n", 400),
    "two lengths": (POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "a chunk that is none": (
        POST + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + MARK + b"\r\n",
        400,
    ),
    "what is expected of nobody": (POST + b"Expect: x\r\nContent-Length: 0\r\n\r\n", 417),
    "no such path": (b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404),
    "no such method": (b"PUT /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
}


@pytest.mark.parametrize(("sent", "status"), SENT.values(), ids=SENT)
async def test_no_answer_says_what_answers(sent: bytes, status: int, town: Town) -> None:
    """Neither a name nor a version, and not a word of what was sent."""
    async with listening_bot(town) as bot:
        answer = await bot.raw(sent)
    assert answer.split()[1] == str(status).encode()
    for word in (b"server:", b"aiohttp", b"python", MARK):
        assert word not in answer.lower()
