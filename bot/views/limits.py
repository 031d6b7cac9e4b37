"""
What Slack takes, once: counts and lengths in characters.

Sources: https://docs.slack.dev/reference/block-kit/blocks and .../block-elements.
"""

from __future__ import annotations

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_SIZE = 200_000  # characters of JSON; Slack refuses 250 kB
MESSAGE_SIZE = 100_000  # the same for a message: no limit is documented, and nobody reads more
MESSAGE_TEXT = 4000  # what chat.update takes; chat.postMessage cuts at 40,000
SECTION_TEXT = 3000
CONTEXT_TEXT = 2000
CONTEXT_ELEMENTS = 10
FIELDS = 10
FIELD_TEXT = 2000
HEADER_TEXT = 150
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
BUTTONS = 25
URL = 3000
ACTION_ID = 255
BLOCK_ID = 255
CALLBACK_ID = 255
INPUT_TEXT = 3000
LABEL_TEXT = 2000
HINT_TEXT = 2000
PLACEHOLDER_TEXT = 150
OPTIONS = 100
OPTION_TEXT = 75
OPTION_VALUE = 150
VIEW_TITLE = 24
PRIVATE_METADATA = 3000
ERROR_TEXT = 300  # ours: longer ones are not read under a field
