"""What Slack takes and what it refuses, as data: surfaces, lengths, counts and required fields.

Source: the Block Kit reference at https://docs.slack.dev/reference/block-kit and the constants of slack_sdk 3.47.
A path is dotted; ``[]`` stands for every item of a list. ``blocks.py`` reads these tables.
"""

from dataclasses import dataclass

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
VIEW_STACK = 3
MESSAGE_TEXT = 40_000  # characters; chat.postMessage cuts what is longer
EDIT_TEXT = 4_000  # characters; chat.update and chat.postEphemeral refuse what is longer
MARKDOWN_TEXT = 12_000  # characters of all markdown blocks of one message together
TABLES = 1  # table blocks in one message
CONNECTIONS = 10  # Socket Mode connections of one app
TICKET_SECONDS = 30.0
TRIGGER_SECONDS = 3.0
ACK_SECONDS = 3.0
RESPONSE_URL_SECONDS = 1800.0
RESPONSE_URL_USES = 5
EVENT_RETRIES = (0.0, 60.0, 300.0)  # seconds before each further delivery of an event that nobody acknowledged

_EVERYWHERE = {"actions", "card", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
SURFACES = {
    "message": frozenset(
        _EVERYWHERE
        | {"carousel", "container", "context_actions", "data_table", "file", "markdown", "plan", "table", "task_card"}
    ),
    "modal": frozenset(_EVERYWHERE | {"alert"}),
    "home": frozenset(_EVERYWHERE | {"carousel", "container", "data_table", "table"}),
}


KINDS: dict[str, tuple[type, ...]] = {  # what the value of a field may be, wherever the field stands
    "type": (str,),
    "block_id": (str,),
    "action_id": (str,),
    "value": (str, int, float),
    "text": (str, dict),
    "label": (dict,),
    "hint": (dict,),
    "placeholder": (dict,),
    "confirm": (dict,),
    "description": (str, dict),
    "element": (dict,),
    "accessory": (dict,),
    "elements": (list,),
    "fields": (list,),
    "options": (list,),
    "option_groups": (list,),
    "rows": (list,),
    "initial_value": (str,),
}
LISTS_OF_OBJECTS = frozenset({"elements", "fields", "options", "option_groups"})


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a text, or how many items a list may be. *at_least* applies only where the field is present."""

    path: str
    at_most: int
    at_least: int = 1


_CONFIRM = (
    Limit("confirm.title.text", 100),
    Limit("confirm.text.text", 300),
    Limit("confirm.confirm.text", 30),
    Limit("confirm.deny.text", 30),
)
_PLACEHOLDER = (Limit("placeholder.text", 150), Limit("action_id", 255), *_CONFIRM)


def _options(at_most: int, at_least: int = 1) -> tuple[Limit, ...]:
    return (
        Limit("options", at_most, at_least),
        Limit("options[].text.text", 75),
        Limit("options[].value", 150),
        Limit("options[].description.text", 75),
        Limit("option_groups", 100),
        Limit("option_groups[].label.text", 75),
        Limit("option_groups[].options", 100),
        Limit("option_groups[].options[].text.text", 75),
        Limit("option_groups[].options[].value", 150),
        *_PLACEHOLDER,
    )


BLOCKS: dict[str, tuple[Limit, ...]] = {
    "section": (Limit("text.text", 3000), Limit("fields", 10), Limit("fields[].text", 2000)),
    "header": (Limit("text.text", 150),),
    "context": (Limit("elements", 10), Limit("elements[].text", 3000)),
    "actions": (Limit("elements", 25),),
    "divider": (),
    "image": (Limit("image_url", 3000), Limit("alt_text", 2000), Limit("title.text", 2000)),
    "input": (Limit("label.text", 2000), Limit("hint.text", 2000)),
    "markdown": (Limit("text", MARKDOWN_TEXT),),
    "rich_text": (Limit("elements", 1000),),
    "table": (Limit("rows", 100), Limit("rows[]", 20)),
    "data_table": (Limit("rows", 201), Limit("rows[]", 20)),
    "context_actions": (Limit("elements", 5),),
    "video": (Limit("title.text", 200), Limit("author_name", 50)),
}

ELEMENTS: dict[str, tuple[Limit, ...]] = {
    "button": (
        Limit("text.text", 75),
        Limit("value", 2000),
        Limit("url", 3000),
        Limit("accessibility_label", 75),
        Limit("action_id", 255),
        *_CONFIRM,
    ),
    "image": (Limit("image_url", 3000), Limit("alt_text", 2000)),
    "static_select": _options(100),
    "multi_static_select": _options(100),
    "overflow": _options(5),
    "radio_buttons": _options(10),
    "checkboxes": _options(10),
    "users_select": _PLACEHOLDER,
    "multi_users_select": _PLACEHOLDER,
    "conversations_select": _PLACEHOLDER,
    "channels_select": _PLACEHOLDER,
    "datepicker": _PLACEHOLDER,
    "timepicker": _PLACEHOLDER,
    "plain_text_input": (Limit("initial_value", 3000, 0), *_PLACEHOLDER),
    "url_text_input": _PLACEHOLDER,
    "email_text_input": _PLACEHOLDER,
    "number_input": _PLACEHOLDER,
}

VIEW = (
    Limit("title.text", 24),
    Limit("submit.text", 24),
    Limit("close.text", 24),
    Limit("private_metadata", 3000, 0),
    Limit("callback_id", 255, 0),
    Limit("external_id", 255, 0),
)

REQUIRED: dict[str, tuple[str, ...]] = {
    "header": ("text",),
    "context": ("elements",),
    "actions": ("elements",),
    "context_actions": ("elements",),
    "image": ("image_url", "alt_text"),
    "input": ("label", "element"),
    "markdown": ("text",),
    "rich_text": ("elements",),
    "table": ("rows",),
    "data_table": ("rows",),
    "button": ("text",),
    "overflow": ("options",),
    "radio_buttons": ("options",),
    "checkboxes": ("options",),
    "number_input": ("is_decimal_allowed",),
}

PLAIN_TEXT = {  # (type, path) that take plain_text only; every other text takes mrkdwn too
    ("header", "text"),
    ("input", "label"),
    ("input", "hint"),
    ("image", "title"),
    ("button", "text"),
}

_INPUTS = {name for name in ELEMENTS if name not in {"button", "image", "overflow"}}
_TYPED = {"plain_text_input", "url_text_input", "email_text_input", "number_input"}
_PICKED = frozenset((_INPUTS - _TYPED) | {"button", "overflow"})
PLACES: dict[str, frozenset[str]] = {  # which elements each place of a block takes
    "section.accessory": frozenset(_PICKED | {"image"}),
    "actions.elements[]": _PICKED,
    "input.element": frozenset(_INPUTS),
    "context.elements[]": frozenset({"image", "mrkdwn", "plain_text"}),
    "rich_text.elements[]": frozenset(
        {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
    ),
}
