"""What people type as a repository's address is read strictly, and refused in one sentence."""

import pytest

from checks.engine import DEFAULT_HOSTS
from checks.gather.address import BadAddress, check_branch, parse_address

SECRET = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
LISTED = "(github.com, gitlab.com, bitbucket.org, codeberg.org)"
NOT_HTTPS = "That is not an https:// repository address."
TOKEN = "Do not put a token in the address; that token is now in Slack's history: revoke it."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("file:///etc", "Only https:// repository addresses are accepted (got file)."),
        ("gopher://github.com/a/b", "Only https:// repository addresses are accepted (got gopher)."),
        ("http://github.com/a/b", "Only https:// repository addresses are accepted (got http)."),
        ("ext::sh -c touch% x", NOT_HTTPS),
        ("foo::bar", NOT_HTTPS),
        ("--upload-pack=touch x", NOT_HTTPS),
        ("/etc/passwd", NOT_HTTPS),
        ("", NOT_HTTPS),
        ("https:github.com/a/b", NOT_HTTPS),
        ("ssh://-oProxyCommand=x/y", "Use the https form: https://github.com/OWNER/REPOSITORY"),
        ("git@github.com:a/b.git", "Use the https form: https://github.com/a/b"),
        ("ssh://git@github.com/a/b.git", "Use the https form: https://github.com/a/b"),
        (f"https://user:{SECRET}@github.com/a/b", TOKEN),
        (f"https://{SECRET}@github.com/a/b", TOKEN),
        ("https://127.0.0.1/a", "Address is inside this network (127.0.0.1): not allowed."),
        ("http://[::1]/", "Address is inside this network (::1): not allowed."),
        ("https://[::1]/a", "Address is inside this network (::1): not allowed."),
        ("https://8.8.8.8/a", "Name the host, not its address (8.8.8.8)."),
        ("https://github.com\\@evil.example/x", "Address contains a character that is not allowed (\\)."),
        ("https://github.com:443@10.0.0.1/x", "Address is inside this network (10.0.0.1): not allowed."),
        ("https://github.com/a/b\n--x", "Address contains a line break."),
        ("https://github.com/a/b\u2028x", "Address contains a line break."),
        ("https://github.com/a/b\u202ex", "Address contains a character that is not allowed (U+202E)."),
        ("https://github.com/a/../../b", "Address must not contain .."),
        ("https://github.com/a/%2e%2e/b", "Address must not contain .."),
        (
            "https://gıthub.com/a/b",
            f"Host xn--gthub-n4a.com is not in the allowed list {LISTED}.",
        ),
        (
            "https://github.com.evil.example/a/b",
            f"Host github.com.evil.example is not in the allowed list {LISTED}.",
        ),
        (
            "https://github.com:8443/a/b",
            f"Host github.com:8443 is not in the allowed list {LISTED}.",
        ),
        ("https://-x.github.com/a", "The host in the address is not a valid name."),
        ("https://github.com/", "Address names no repository: https://HOST/OWNER/REPOSITORY"),
        ("https://github.com/a/b?x=1", "Address is not that of a repository: https://HOST/OWNER/REPOSITORY"),
        ("https://github.com/a/%2fb", "Address is not that of a repository: https://HOST/OWNER/REPOSITORY"),
    ],
)
def test_a_bad_address_is_refused_with_its_sentence(text: str, sentence: str) -> None:
    """A bad address is refused with the sentence for who typed it, and credentials in it are not repeated."""
    with pytest.raises(BadAddress) as refused:
        parse_address(text, DEFAULT_HOSTS)
    assert str(refused.value) == sentence
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/a/b",
        " https://github.com/a/b ",
        "HTTPS://GitHub.com:443/a/b.git",
        "https://github.com/a//b/",
        "<https://github.com/a/b|github.com/a/b>",
        "<https://github.com/a/b>",
    ],
)
def test_one_repository_has_one_address(text: str) -> None:
    """However it is written, wrapped by Slack or not, the same repository gets the same address."""
    assert parse_address(text, DEFAULT_HOSTS).url == "https://github.com/a/b"


def test_a_listed_host_may_have_a_port() -> None:
    """A company's code host on a port of its own is accepted where the list names it so."""
    address = parse_address("https://git.corp.example:8443/team/app", ("git.corp.example:8443",))
    assert (address.name, address.port, address.url) == (
        "git.corp.example",
        8443,
        "https://git.corp.example:8443/team/app",
    )


def test_a_branch_name_cannot_be_an_option() -> None:
    """A branch that git would take for an option is refused with its sentence."""
    assert check_branch("feature/x") == "feature/x"
    with pytest.raises(BadAddress, match=r"^Branch names may not start with '-'\.$"):
        check_branch("--upload-pack=x")
