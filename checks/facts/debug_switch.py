"""One place that switches a debug mode on, or that shows visitors what is meant for developers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Switch(StrEnum):
    """What switches debug mode on; the value is the message."""

    RUN = "the server is started with debug=True: its error page runs any Python that a visitor types"
    APP = "the app is made with debug on: its errors show code and settings to visitors"
    DJANGO = "DEBUG is True in these settings: errors show code and settings to visitors"
    CONFIG = "DEBUG is True in this class of settings"
    DEBUGGER = "Werkzeug's debugger is mounted: its error page runs any Python that a visitor types"
    ERRORS = "errorhandler shows stack traces to visitors; it is made for development only"
    DEFAULT = "debug mode is on unless a variable switches it off"
    RELOAD = "the server reloads its code while it runs, and all of the network reaches it"
    TRACES = "visitors get the stack trace of an error, with paths and code"
    VARIABLE = "a variable switches debug or development mode on where the app runs"
    BYPASS = "in development any password is right: make sure that nothing makes production look like development"
    SERVER = "the app is started with a development server, which reloads code and shows errors"


@dataclass(frozen=True, slots=True)
class DebugSwitch:
    """One switch: *line* from 1; *main* under `if __name__ == "__main__"`; *sure* where nothing guards it."""

    line: int
    switch: Switch
    shape: str
    main: bool = False
    sure: bool = True
