"""What is to be checked is found where it was named: a checkout, a worktree, a bare repository, a folder."""

from pathlib import Path

import pytest

from checks.engine import DEFAULT_HOSTS, Engine
from checks.fact import Missing
from checks.gather.address import BadAddress
from checks.gather.git import Unreadable
from checks.gather.target import Target, opened, parse_target
from checks.gather.tree import Tree
from tests.repositories import HERMETIC, checkout, git, repository, revision


async def tree_of(folder: Path) -> Tree:
    """Return the tree that *folder* is opened as."""
    async with opened(Target("app", folder=folder), Engine(folder.parent / "home")) as tree:
        return tree


async def test_every_form_of_a_repository_is_read_at_its_head(tmp_path: Path) -> None:
    """A bare repository, a checkout, a worktree of it and one with alternates all give the same revision and files."""
    bare = repository(tmp_path / "bare", {"app.py": "x = 1\n", "src/a.py": ""})
    folder = checkout(bare, tmp_path / "checkout")
    git("worktree", "add", "--quiet", "--detach", str(tmp_path / "worktree"), "HEAD", folder=folder)
    git("clone", "--quiet", "--shared", "--bare", str(bare), str(tmp_path / "shared"))
    for form in (bare, folder, tmp_path / "worktree", tmp_path / "shared", folder / ".git"):
        tree = await tree_of(form)
        assert tree.revision == revision(bare)
        assert tree.listing.paths == {"app.py", "src/a.py"}


async def test_a_folder_inside_a_checkout_is_a_plain_folder(tmp_path: Path) -> None:
    """What was named is what is checked: a folder below a checkout has no revision and no history."""
    folder = checkout(repository(tmp_path / "bare", {"src/a.py": "x = 1\n"}), tmp_path / "checkout")
    tree = await tree_of(folder / "src")
    assert tree.revision is None
    assert tree.listing.paths == {"a.py"}
    assert isinstance(tree.history, Missing)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (("symbolic-ref", "HEAD", "refs/heads/gone"), "Default branch 'gone' does not exist; branches: main"),
        (("update-ref", "-d", "refs/heads/main"), "No commits yet: nothing to check."),
    ],
)
async def test_a_repository_without_a_head_says_what_is_there(
    spoil: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    """An empty repository and a HEAD that names no branch are told in their sentences."""
    bare = repository(tmp_path / "bare", {"app.py": "x = 1\n"})
    git(*spoil, folder=bare)
    with pytest.raises(Unreadable) as refused:
        await tree_of(bare)
    assert str(refused.value) == sentence


async def test_a_damaged_repository_is_told_with_gits_reason(tmp_path: Path) -> None:
    """A repository whose last commit cannot be read is not checked, and git's own reason is told."""
    bare = repository(tmp_path / "bare", {"app.py": "x = 1\n"})
    oid = revision(bare)
    loose = bare / "objects" / oid[:2] / oid[2:]
    loose.chmod(0o600)
    loose.write_bytes(b"\0" * 40)
    with pytest.raises(Unreadable, match=r"^Repository could not be read completely: .+\. Not checked\.$"):
        await tree_of(bare)


async def test_the_machines_own_configuration_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables and configuration around us do not change which repository is read."""
    bare = repository(tmp_path / "bare", {"app.py": "x = 1\n"})
    other = repository(tmp_path / "other", {"other.py": "x = 1\n"})
    monkeypatch.setenv("GIT_DIR", str(other))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other / "objects"))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".gitconfig").write_text("[include]\n\tpath = /nowhere\n[broken\n")
    assert "HOME" in HERMETIC
    assert (await tree_of(bare)).listing.paths == {"app.py"}


async def test_a_shallow_clone_has_no_history_to_judge(tmp_path: Path) -> None:
    """A shallow clone is read, and its history is missing with the command that brings it."""
    bare = repository(tmp_path / "bare", {"app.py": "x = 1\n"}, history=())
    git("clone", "--quiet", "--bare", "--depth=1", bare.as_uri(), str(tmp_path / "shallow"))
    tree = await tree_of(tmp_path / "shallow")
    assert tree.listing.paths == {"app.py"}
    assert "git fetch --unshallow" in str(tree.history)


async def test_a_submodule_that_is_not_read_is_missing(tmp_path: Path) -> None:
    """A submodule is another repository: no file of it is listed, so the listing is partial and says what to do."""
    bare = repository(tmp_path / "bare", {"app.py": "x = 1\n"}, submodules={"vendor": "1" * 40})
    tree = await tree_of(bare)
    assert tree.listing.paths == {"app.py"}
    assert tree.listing.missing == ("the submodule at vendor is not read: check its own repository",)


async def test_where_no_file_is_there_is_nothing_to_check(tmp_path: Path) -> None:
    """An empty folder, an empty commit and one of submodules alone are refused: deleting all must not help."""
    (tmp_path / "empty").mkdir()
    bare = repository(tmp_path / "bare", {})
    only = repository(tmp_path / "only", submodules={"vendor": "1" * 40})
    for folder, why in ((tmp_path / "empty", "no file"), (bare, "no file"), (only, "the submodule at vendor")):
        with pytest.raises(Unreadable, match=f"There is nothing here to check: .*{why}"):
            await tree_of(folder)


def test_a_folder_is_read_only_where_it_may_be_named(tmp_path: Path) -> None:
    """A person in a chat cannot name a folder of the machine; the command line can."""
    assert parse_target(str(tmp_path), DEFAULT_HOSTS, local=True).folder == tmp_path
    with pytest.raises(BadAddress):
        parse_target(str(tmp_path), DEFAULT_HOSTS, local=False)
    with pytest.raises(Unreadable, match="There is no folder"):
        parse_target(str(tmp_path / "gone"), DEFAULT_HOSTS, local=True)
    address = parse_target("https://github.com/a/b", DEFAULT_HOSTS, local=True).address
    assert address is not None
    assert address.url == "https://github.com/a/b"


def test_no_words_are_not_the_folder_one_stands_in() -> None:
    """An empty name, as of an unset variable in a script, is refused and never read as the current folder."""
    with pytest.raises(Unreadable, match="Name a folder"):
        parse_target(" ", (), local=True)
