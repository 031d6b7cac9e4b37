"""What the orders and the checks need of the settings, in their own terms: they know of no settings."""

from __future__ import annotations

from pathlib import Path

from bot.settings import Settings
from checks.engine import Engine, host_of_api, index_address, probe_ports
from commands.world import House


def make_engine(settings: Settings) -> Engine:
    """Return what the checks need of the settings."""
    token, key = settings.github_token, settings.fingerprint_key
    return Engine(
        home=settings.home,
        hosts=settings.code_hosts,
        token=token.get_secret_value() if token else None,
        token_host=host_of_api(settings.github_api),
        github_api=settings.github_api,
        policy=settings.policy,
        fingerprint_key=key.get_secret_value() if key else None,
        ca_file=settings.git_ca_file,
        allow_cidrs=settings.git_allow_cidrs,
        probe_ports=probe_ports(settings.probe_ports),
        probe_cidrs=settings.allow_probe_cidrs,
        pypi_index=index_address("GROUNDCREW_PYPI_INDEX", settings.pypi_index),
        npm_registry=index_address("GROUNDCREW_NPM_REGISTRY", settings.npm_registry),
        advisories_max_age=settings.advisories_max_age,
    )


def make_house(settings: Settings, last_resort: str, routes: tuple[str, ...], *, is_local: bool) -> House:
    """Return what the orders need: *last_resort* ends every page's chain, *routes* are the second ones set up."""
    local = (Path.cwd(), settings.home / "examples", *settings.local_folders)
    return House(
        reliability_channel=last_resort,
        engine=make_engine(settings),
        admins=settings.admins,
        approvers=settings.approvers or "",
        escalation=settings.escalation,
        owner_wait=settings.owner_wait,
        backup_wait=settings.backup_wait,
        channel_wait=settings.channel_wait,
        group_wait=settings.group_wait,
        repeat_every=settings.repeat_every,
        ack_stale=settings.ack_stale,
        second_route_after=settings.second_route_after,
        pages_per_hour=settings.pages_per_hour,
        look_every=settings.look_every,
        check_every=settings.check_every,
        checks_at_once=settings.checks_at_once,
        keep_messages=settings.keep_messages,
        keep_reports=settings.keep_reports,
        keep_pages=settings.keep_pages,
        local_folders=local if is_local else (),
        own_domains=settings.own_domains,
        second_routes=routes,
    )
