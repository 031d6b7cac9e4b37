"""What a person can put into each kind of element, and what is wrong with it before anything is sent."""

import re
from typing import Any
from urllib.parse import urlsplit

from workspace.wire import Json

_CHOSEN = {  # element type -> (the field of the answer, the field of the element that it starts with)
    "plain_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
}
_MANY = {"selected_options", "selected_users"}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def has_answer(element: Json) -> bool:
    """Tell whether people can put something into *element*, so that it stands in ``state.values``."""
    return element.get("type") in _CHOSEN and element.get("type") != "overflow"


def answer(element: Json, given: Any = ..., *, channel: str = "") -> Json:
    """Turn what a person gave into Slack's entry of ``state.values``.

    *given* is a text, an id, the value of an option, or a list of these; left out, the element keeps what it
    started with. *channel* is where the view was opened from.
    """
    kind = element["type"]
    field, initial = _CHOSEN[kind]
    if given is ...:
        started = element.get(initial)
        if started is None and element.get("default_to_current_conversation"):
            started = channel or None
        return {"type": kind, field: started if started is not None else _nothing(field)}
    if field in _MANY:
        picked = [given] if isinstance(given, str) else list(given or [])
        chosen: Any = [_option(element, one) for one in picked] if field == "selected_options" else picked
    elif field == "selected_option":
        chosen = _option(element, given) if given else None
    else:
        chosen = str(given) if given not in (None, "") else None
    return {"type": kind, field: chosen}


def problem(block: Json, entry: Json) -> str | None:
    """Say what is wrong with the *entry* of an input *block*, as Slack's own client does before it sends."""
    element = block["element"]
    field, _ = _CHOSEN[element["type"]]
    value = entry[field]
    if not value:
        return None if block.get("optional") else "Please complete this required field."
    checks = {"email_text_input": _bad_email, "url_text_input": _bad_url, "number_input": _bad_number}
    if field != "value":
        return None
    return _bad_length(element, value) or checks.get(element["type"], _fine)(element, value)


def _nothing(field: str) -> Any:
    return [] if field in _MANY else None


def _option(element: Json, value: str) -> Json:
    options = [*(element.get("options") or [])]
    for group in element.get("option_groups") or []:
        options += group["options"]
    found = next((one for one in options if one.get("value") == value), None)
    if found is None:
        message = f"{element.get('action_id')} has no option {value!r}"
        raise ValueError(message)
    return dict(found)


def _bad_length(element: Json, value: str) -> str | None:
    least, most = int(element.get("min_length") or 0), int(element.get("max_length") or 3000)
    if len(value) < least:
        return f"Please write at least {least} characters."
    return f"Please write no more than {most} characters." if len(value) > most else None


def _fine(_element: Json, _value: str) -> None:
    return None


def _bad_email(_element: Json, value: str) -> str | None:
    return None if _EMAIL.fullmatch(value) else "Please enter a valid email address."


def _bad_url(_element: Json, value: str) -> str | None:
    try:
        parts = urlsplit(value)
    except ValueError:
        return "Please enter a valid URL."
    return None if parts.scheme in {"http", "https"} and parts.hostname else "Please enter a valid URL."


def _bad_number(element: Json, value: str) -> str | None:
    if not _NUMBER.fullmatch(value) or ("." in value and not element.get("is_decimal_allowed")):
        return "Please enter a number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(value) < float(least):
        return f"Please enter at least {least}."
    return f"Please enter at most {most}." if most is not None and float(value) > float(most) else None
