"""`groundcrew manifest`: print the manifest of the Slack app, and the link that creates the app with it."""

from __future__ import annotations

import argparse
import sys

from bot.manifest import creation_link, manifest_yml


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""
    del parser


def main(arguments: argparse.Namespace) -> int:
    """Print the manifest; the link goes to the error stream, so that `> manifest.yml` keeps the manifest alone."""
    del arguments
    print(manifest_yml(), end="")
    print(f"\nCreate the Slack app with it filled in:\n{creation_link()}", file=sys.stderr)
    return 0
