"""The calls by which a function's text shows that it writes data: of a database, of files, of what a store keeps."""

from __future__ import annotations


def _not_behind(words: str) -> str:
    """Return what lets nothing match right behind one of *words*."""
    return "".join(f"(?<!{word})" for word in words.split())


def _not_before(words: str) -> str:
    """Return what lets nothing match right before one of *words*, with or without an underscore."""
    return f"(?!{'|'.join('_?' + word for word in words.split())})"


#: A picture, a page or a sheet that is put together, and handed out.
_SHEETS = "img image canvas wb workbook pdf fig doc plt"
#: What a model or an agent is asked, and what only makes an object.
_ASKED = r"""
completions responses embeddings images speech transcriptions translations moderations threads runs assistants
anthropic\.messages client\.messages claude\.messages threads\.messages \bai\.messages Object axios asyncio loop redis
mysql mysql2 mongoose amqp \bnet \bpg
"""
_MADE = r"""
hash hmac cipher decipher sign\b signed verify public_?key private_?key secret_?key server element text_?node
read_?stream write_?stream object_?url context transport interface require\b portal root\b ref\b selector gzip
engine access_?token refresh_?token jwt default_context subprocess react_agent chat_?completion completion parser
fragment image_?bitmap oscillator tool_calling
"""
#: Digests that are fed, and dicts of the request's own that are added to.
_FED = r"""
hash hasher hmac digest cipher decipher verify sha256 sha1 md5 \bh \bm params headers config kwargs payload environ
context pbar progress \bdata \bresult
"""
_OWN = r"""
cookies cookies\(\) cookies\(\)\) cookieStore cookieJar cookie_store searchParams headers params cache \bmap \bset
"""

WRITES = (
    rf"\.commit\(|{_not_behind(_SHEETS)}\.save\(|{_not_behind(_ASKED)}\.create{_not_before(_MADE)}\w*\("
    rf"|\.insert\w*\((?!\s*-?\d)|{_not_behind(_FED)}\.update\w*\((?![^;]{{0,200}}\.digest)"
    rf"|{_not_behind(_OWN)}\.delete{_not_before('cookie')}\w*\(|\.destroy\(|\.upsert\("
    r"|\bINSERT\s+INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b|\.unlink\(|writeFile|os\.remove\(|shutil\.rmtree"
)
