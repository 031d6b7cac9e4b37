"""What may be read where."""

from __future__ import annotations

from pydantic import BaseModel, SecretStr

from bot import setting_kinds as kinds
from bot.setting_groups.declare import setting
from checks.engine import GITHUB_API


class CodeSettings(BaseModel):
    """Code and live apps."""

    code_hosts: kinds.Hosts = setting(
        "GROUNDCREW_CODE_HOSTS",
        ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org"),
        "host names, separated by commas",
        "The hosts from which code may be fetched.",
    )
    github_token: SecretStr | None = setting(
        "GROUNDCREW_GITHUB_TOKEN",
        None,
        "text",
        "The token with which private repositories on GitHub are read, and GitHub is asked about reviews and CI; "
        "without it no app can be placed in production. The bot uses it only for what an admin checks, registered or "
        "allowed.",
        where="GitHub > Settings > Developer settings > Fine-grained tokens, with read access to Contents, Actions, "
        "Commit statuses, Pull requests and Administration (that shows the branch's rules; nothing is ever written)",
    )
    github_api: kinds.RestApi = setting(
        "GROUNDCREW_GITHUB_API",
        GITHUB_API,
        "https address",
        "The REST API of the GitHub that the token belongs to.",
        where="leave it as it is, except with a GitHub Enterprise of your own: https://git.example/api/v3",
    )
    git_allow_cidrs: kinds.Ranges = setting(
        "GROUNDCREW_GIT_ALLOW_CIDRS",
        (),
        "address ranges, separated by commas",
        "The ranges inside your own network in which a listed code host may be.",
    )
    git_ca_file: kinds.File = setting(
        "GROUNDCREW_GIT_CA_FILE",
        None,
        "file",
        "The certificates that sign your own code host's certificate.",
    )
    own_domains: kinds.Domains = setting(
        "GROUNDCREW_OWN_DOMAINS",
        (),
        "domain names, separated by commas",
        "The domains whose live apps are looked at without asking anybody; of any other an admin is asked first, since "
        "anyone can register somebody else's address.",
        where="your company's own domains, such as example.com: every host below them counts",
        unset="an admin is asked about every live address",
    )
    probe_ports: kinds.Ports = setting(
        "GROUNDCREW_PROBE_PORTS",
        (),
        "port numbers, separated by commas",
        "The ports at which live apps may be asked, besides 80 and 443.",
    )
    allow_probe_cidrs: kinds.Ranges = setting(
        "GROUNDCREW_ALLOW_PROBE_CIDRS",
        (),
        "address ranges, separated by commas",
        "The ranges inside your own network in which live apps may be asked; this machine and the cloud's own service "
        "never are.",
    )
