"""`groundcrew manifest`: print the manifest of the Slack app, and the link that creates the app with it."""

from __future__ import annotations

import argparse
import sys

from bot.manifest import creation_link, manifest_yml


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the address at which Slack reaches the bot, where it is to be heard over HTTP."""
    parser.add_argument("--url", type=_url, help="your https:// address, for Slack over HTTP")


def _url(text: str) -> str:
    if not text.startswith("https://"):
        raise argparse.ArgumentTypeError("must start with https://")
    return text.rstrip("/")


def main(arguments: argparse.Namespace) -> int:
    """Print the manifest; the link goes to the error stream, so that `> manifest.yml` keeps the manifest alone."""
    url = arguments.url or ""
    print(manifest_yml(url), end="")
    print(f"\nCreate the Slack app with it filled in:\n{creation_link(url)}", file=sys.stderr)
    return 0
