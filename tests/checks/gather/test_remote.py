"""Code hosts are asked over real https; whatever they do wrong ends in one sentence, and soon."""

import asyncio
import base64
from dataclasses import replace

import pytest
from aiohttp import web

from checks.engine import Engine
from checks.gather.address import Address, parse_address
from checks.gather.git import Unreadable
from checks.gather.mirror import mirrored
from checks.gather.remote import Head, ls_remote
from checks.model import Context
from checks.runner import Progress, Stage, Target, check_repository
from tests.code_host import CodeHost
from tests.processes import children
from tests.repositories import commit, git, repository, revision

TOKEN = "github_pat_11AAAAAAA0abcdefghijkl"


def address_of(host: CodeHost, name: str = "team/app") -> Address:
    """Return the address of a repository at *host*."""
    return parse_address(host.url(name), (host.host,))


async def told(address: Address, engine: Engine) -> str:
    """Return the sentence that asking for *address* ends in."""
    with pytest.raises(Unreadable) as refused:
        await ls_remote(address, engine)
    return str(refused.value)


async def test_the_default_branch_and_its_commit_are_told(host: CodeHost, engine: Engine) -> None:
    """Asking a host tells which branch is the default one and the commit it is at."""
    bare = repository(host.folder / "team" / "app", {"app.py": "x = 1\n"}, branch="trunk")
    assert await ls_remote(address_of(host), engine) == Head("trunk", revision(bare))


async def test_a_mirror_is_made_once_and_then_fetched_into(host: CodeHost, engine: Engine) -> None:
    """The first look brings the whole branch here, the next one what is new, an unchanged one nothing."""
    bare = repository(host.folder / "team" / "app", {"app.py": "x = 1\n"})
    async with mirrored(address_of(host), engine, with_token=False) as (mirror, first):
        assert first == revision(bare)
        assert git("show", f"{first}:app.py", folder=mirror) == "x = 1\n"
    second = commit(bare, {"app.py": "x = 2\n"})
    async with mirrored(address_of(host), engine, with_token=False) as (again, now):
        assert (again, now) == (mirror, second)
        assert git("show", f"{now}:app.py", folder=mirror) == "x = 2\n"
    host.seen.clear()
    async with mirrored(address_of(host), engine, with_token=False):
        assert not [request for request in host.seen if b"fetch" in request.path.encode()]
    assert [path.name for path in mirror.parent.iterdir() if path.is_dir()] == [mirror.name]
    assert mirror.stat().st_mode & 0o777 == 0o700


async def test_checks_at_the_same_time_fetch_once(host: CodeHost, engine: Engine) -> None:
    """Several checks of one repository at once wait for the first one's fetch, and all read the same."""
    repository(host.folder / "team" / "app", {"app.py": "x = 1\n"})

    async def bring() -> str:
        async with mirrored(address_of(host), engine, with_token=False) as (_, now):
            return now

    assert len(set(await asyncio.gather(*(bring() for _ in range(4))))) == 1
    packs = [request for request in host.seen if request.method == "POST" and "upload-pack" in request.path]
    assert len(packs) == 4 + 2  # one look at the refs each, and two more for the one fetch


async def test_a_worn_mirror_is_made_anew(host: CodeHost, engine: Engine) -> None:
    """A mirror of many packs is thrown away and made again, and holds the same."""
    repository(host.folder / "team" / "app", {"app.py": "x = 1\n"})
    async with mirrored(address_of(host), engine, with_token=False) as (mirror, first):
        pass
    for number in range(60):
        (mirror / "objects" / "pack" / f"pack-{number:040d}.pack").write_bytes(b"")
    async with mirrored(address_of(host), engine, with_token=False) as (mirror, now):
        assert now == first
        assert len(list((mirror / "objects" / "pack").glob("*.pack"))) == 1


async def test_a_rewritten_branch_is_followed(host: CodeHost, engine: Engine) -> None:
    """After a force push the mirror holds the new history."""
    bare = repository(host.folder / "team" / "app", {"app.py": "x = 1\n"})
    async with mirrored(address_of(host), engine, with_token=False):
        pass
    other = repository(host.folder / "other", {"app.py": "y = 1\n"})
    git("fetch", "--quiet", str(other), "+refs/heads/main:refs/heads/main", folder=bare)
    async with mirrored(address_of(host), engine, with_token=False) as (_, now):
        assert now == revision(other)


async def test_the_token_travels_in_a_header_and_only_when_asked_for(host: CodeHost, engine: Engine) -> None:
    """The token is sent to its own host alone, only where the caller says so, and stands in no argument."""
    repository(host.folder / "team" / "app", {"app.py": "x = 1\n"})
    known = replace(engine, token=TOKEN, token_host=host.host)
    await ls_remote(address_of(host), known)
    await ls_remote(address_of(host), replace(known, token_host="github.com"), with_token=True)
    assert not any("Authorization" in request.headers for request in host.seen)
    arguments: list[str] = []

    async def peek(_request: web.BaseRequest) -> web.StreamResponse:
        arguments.extend(" ".join(child.arguments) for child in children())
        return web.Response(status=404)

    host.answer = peek
    host.seen.clear()
    with pytest.raises(Unreadable):
        await ls_remote(address_of(host), known, with_token=True)
    sent = host.seen[0].headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent).decode() == f"x-access-token:{TOKEN}"
    assert any("ls-remote" in line for line in arguments)
    assert not any(TOKEN in line or sent in line for line in arguments)
    assert TOKEN not in repr(known)


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_private_or_absent_repository_says_what_to_do(host: CodeHost, engine: Engine, status: int) -> None:
    """A login, a refusal and an absence read alike, and name where to give access; nobody is prompted."""

    async def refuse(_request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=status, headers={"WWW-Authenticate": "Basic"} if status == 401 else {})

    host.answer = refuse
    assert await told(address_of(host), engine) == (
        "localhost says this repository is private or does not exist. "
        f"Give the bot read access ({host.url('team/app')})."
    )


async def test_a_redirect_is_not_followed(host: CodeHost, engine: Engine) -> None:
    """A host that sends us elsewhere is not followed, wherever that is."""

    async def redirect(request: web.BaseRequest) -> web.StreamResponse:
        raise web.HTTPFound(f"https://{host.host}/elsewhere{request.path}")

    host.answer = redirect
    assert await told(address_of(host), engine) == "The host redirects elsewhere (302); give the final address."
    assert not any("elsewhere" in request.path for request in host.seen)


async def test_a_host_that_never_answers_is_given_up(host: CodeHost, engine: Engine) -> None:
    """A host that says nothing ends in its sentence, and no git is left waiting."""

    async def tarpit(_request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    host.answer = tarpit
    brisk = replace(engine, limits=replace(engine.limits, answer_s=1))
    assert await told(address_of(host), brisk) == "repo host did not answer within 1 s; try again (localhost)"
    assert not [child for child in children() if "git" in child.arguments[0]]


async def test_an_endless_flood_of_refs_is_ended(host: CodeHost, engine: Engine) -> None:
    """A host that lists refs without end is stopped by the deadline."""

    async def flood(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/x-git-upload-pack-advertisement"})
        await response.prepare(request)
        await response.write(b"001e# service=git-upload-pack\n0000")
        number = 0
        while True:
            number += 1
            line = b"%040x refs/heads/branch-%d\n" % (number, number)
            await response.write(b"%04x%s" % (len(line) + 4, line))
            await asyncio.sleep(0)  # a write that needs not wait would let nobody else run

    host.answer = flood
    brisk = replace(engine, limits=replace(engine.limits, answer_s=1))
    assert "did not answer within 1 s" in await told(address_of(host), brisk)


async def test_an_empty_repository_has_nothing_to_check(host: CodeHost, engine: Engine) -> None:
    """A repository without a commit is told as such."""
    git("init", "--quiet", "--bare", str(host.folder / "team" / "app"))
    assert await told(address_of(host), engine) == "No commits yet: nothing to check."


async def test_a_default_branch_that_is_gone_is_told_with_those_that_are_there(host: CodeHost, engine: Engine) -> None:
    """A HEAD that names no branch is told, with the branches that exist."""
    bare = repository(host.folder / "team" / "app", {"app.py": "x = 1\n"})
    git("symbolic-ref", "HEAD", "refs/heads/gone", folder=bare)
    assert await told(address_of(host), engine) == "Default branch does not exist; branches: main"


async def test_a_certificate_that_nobody_signed_is_refused(host: CodeHost, engine: Engine) -> None:
    """A host whose certificate is not known here is not talked to."""
    sentence = await told(address_of(host), replace(engine, ca_file=None))
    assert sentence.startswith("The certificate of localhost is not accepted: ")
    assert not host.seen


async def test_a_host_inside_the_network_is_not_asked(host: CodeHost, engine: Engine) -> None:
    """A listed host that leads inside is refused unless an admin allowed its range."""
    assert "inside this network" in await told(address_of(host), replace(engine, allow_cidrs=()))
    assert not host.seen


async def test_a_repository_larger_than_the_limit_is_not_kept(host: CodeHost, engine: Engine) -> None:
    """What is larger than may be brought here ends in its sentence, and leaves nothing behind."""
    noise = "".join(f"{number * 2654435761 % 2**32:08x}" for number in range(200_000))
    repository(host.folder / "team" / "app", {"noise.txt": noise})
    small = replace(engine, limits=replace(engine.limits, transfer=65_536))
    with pytest.raises(Unreadable, match=r"^Repository is larger than is read here\. Not checked\.$"):
        async with mirrored(address_of(host), small, with_token=False):
            pass
    assert not [path for path in (engine.home / "mirrors").iterdir() if path.is_dir()]


async def test_a_tree_that_holds_dot_git_is_refused_with_gits_reason(host: CodeHost, engine: Engine) -> None:
    """A repository whose tree would write into .git is refused whole, in git's words."""
    bare = repository(host.folder / "team" / "app", {"app.py": "x = 1\n"})
    blob = git("hash-object", "-w", "--stdin", folder=bare, stdin=b"[core]\n").strip()
    inner = git("mktree", folder=bare, stdin=f"100644 blob {blob}\tconfig\n".encode()).strip()
    raw = b"40000 .git\0" + bytes.fromhex(inner)
    tree = git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", folder=bare, stdin=raw).strip()
    new = git("-c", "user.name=a", "-c", "user.email=a@b", "commit-tree", "-m", "x", tree, folder=bare).strip()
    git("update-ref", "refs/heads/main", new, folder=bare)
    with pytest.raises(Unreadable, match=r"^Repository could not be read completely: .*Not checked\.$"):
        async with mirrored(address_of(host), engine, with_token=False):
            pass


async def test_a_repository_at_a_host_is_checked_from_end_to_end(host: CodeHost, engine: Engine) -> None:
    """A repository named by its address is brought here, read at its head in the worker, and judged."""
    bare = repository(host.folder / "team" / "app", {"app.py": "x = 1\n"})
    heard: list[Progress] = []
    target = Target(host.url("team/app"), address_of(host))
    report = await check_repository(target, Context(), engine, heard.append)
    assert (report.repository, report.revision) == (host.url("team/app"), revision(bare))
    assert heard[0].stage is Stage.FETCHING
    assert report.results
    assert not children()


async def test_a_cancelled_fetch_leaves_no_process_and_no_folder(host: CodeHost, engine: Engine) -> None:
    """Cancelled in the middle of a fetch, it ends git and removes what was half made."""
    repository(host.folder / "team" / "app", {"app.py": "x = 1\n"})
    fetching = asyncio.Event()

    async def stall(request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "POST" and b"command=fetch" in await request.read():
            fetching.set()
            await asyncio.Event().wait()
        return await host.serve(request)

    host.answer = stall

    async def bring() -> None:
        async with mirrored(address_of(host), engine, with_token=False):
            pass

    task = asyncio.create_task(bring())
    await fetching.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not [child for child in children() if "git" in child.arguments[0]]
    assert not [path for path in (engine.home / "mirrors").iterdir() if path.is_dir()]
