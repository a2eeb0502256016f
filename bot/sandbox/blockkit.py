"""Block Kit as a table: every official block and element, its fields and their limits.

The limits are those of docs.slack.dev/reference/block-kit. Of the blocks that the bot does not use only the outline
is checked.
"""

from collections.abc import Mapping

from bot.sandbox.shapes import (
    Check,
    anything,
    boolean,
    by_type,
    either,
    number,
    one_of,
    plain,
    record,
    several,
    string,
    text,
)

_ID = string(255)
_URL = string(3000)
_CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
_FILTER = record({}, {"include": anything, "exclude_bot_users": boolean, "exclude_external_shared_channels": boolean})
_DISPATCH = record({}, {"trigger_actions_on": anything})
_STYLE = one_of("primary", "danger")


def _option(kinds: tuple[str, ...] = ("plain_text",), value: int = 150) -> Check:
    optional = {"description": text(75, kinds), "url": _URL}
    return record({"text": text(75, kinds), "value": string(value)}, optional)


def _element(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return record({"type": anything, **required}, {"action_id": _ID, **(optional or {})})


_ONE = _option()
_RICH = _option(("plain_text", "mrkdwn"))
_GROUP = record({"label": plain(75), "options": several(_ONE, 100)})
_ASKED: Mapping[str, Check] = {"placeholder": plain(150), "confirm": _CONFIRM, "focus_on_load": boolean}
_MANY: Mapping[str, Check] = {**_ASKED, "max_selected_items": number}
_LISTS: Mapping[str, Check] = {"options": several(_ONE, 100), "option_groups": several(_GROUP, 100)}
_TYPED: Mapping[str, Check] = {
    "placeholder": plain(150),
    "initial_value": string(3000, 0),
    "focus_on_load": boolean,
    "dispatch_action_config": _DISPATCH,
}
_LENGTHS: Mapping[str, Check] = {"min_length": number, "max_length": number}

_IMAGE = either(
    "image_url",
    "slack_file",
    record({"type": anything, "alt_text": string(2000)}, {"image_url": _URL, "slack_file": anything}),
)
_BUTTON = _element(
    {"text": plain(75)},
    {"url": _URL, "value": string(2000), "style": _STYLE, "confirm": _CONFIRM, "accessibility_label": string(75)},
)
_FEEDBACK = record({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})
_FEEDBACK_BUTTONS = _element({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK})
_ICON_BUTTON = _element(
    {"icon": string(75), "text": plain(75)},
    {"value": string(2000), "confirm": _CONFIRM, "accessibility_label": string(75), "visible_to_user_ids": anything},
)

_SELECTS: Mapping[str, Check] = {
    "static_select": either("options", "option_groups", _element({}, {**_ASKED, **_LISTS, "initial_option": _ONE})),
    "external_select": _element({}, {**_ASKED, "initial_option": _ONE, "min_query_length": number}),
    "users_select": _element({}, {**_ASKED, "initial_user": string(255)}),
    "channels_select": _element({}, {**_ASKED, "initial_channel": string(255), "response_url_enabled": boolean}),
    "conversations_select": _element(
        {},
        {
            **_ASKED,
            "initial_conversation": string(255),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": _FILTER,
        },
    ),
    "multi_static_select": either(
        "options", "option_groups", _element({}, {**_MANY, **_LISTS, "initial_options": several(_ONE, 100)})
    ),
    "multi_external_select": _element({}, {**_MANY, "initial_options": several(_ONE, 100), "min_query_length": number}),
    "multi_users_select": _element({}, {**_MANY, "initial_users": anything}),
    "multi_channels_select": _element({}, {**_MANY, "initial_channels": anything}),
    "multi_conversations_select": _element(
        {},
        {
            **_MANY,
            "initial_conversations": anything,
            "default_to_current_conversation": boolean,
            "filter": _FILTER,
        },
    ),
}
_CHOICES: Mapping[str, Check] = {
    "checkboxes": _element(
        {"options": several(_RICH, 10)},
        {"initial_options": several(_RICH, 10), "confirm": _CONFIRM, "focus_on_load": boolean},
    ),
    "radio_buttons": _element(
        {"options": several(_RICH, 10)}, {"initial_option": _RICH, "confirm": _CONFIRM, "focus_on_load": boolean}
    ),
    "datepicker": _element({}, {**_ASKED, "initial_date": string(10)}),
    "timepicker": _element({}, {**_ASKED, "initial_time": string(5), "timezone": string(255)}),
}
_INPUTS: Mapping[str, Check] = {
    "plain_text_input": _element({}, {**_TYPED, **_LENGTHS, "multiline": boolean}),
    "email_text_input": _element({}, _TYPED),
    "url_text_input": _element({}, _TYPED),
    "number_input": _element(
        {"is_decimal_allowed": boolean}, {**_TYPED, "min_value": string(255), "max_value": string(255)}
    ),
    "rich_text_input": _element({}, {**_TYPED, "initial_value": anything}),
    "file_input": _element({}, {"filetypes": anything, "max_files": number}),
}
_DATETIME: Mapping[str, Check] = {
    "datetimepicker": _element({}, {"initial_date_time": number, "confirm": _CONFIRM, "focus_on_load": boolean})
}
_PRESSED: Mapping[str, Check] = {
    "button": _BUTTON,
    "overflow": _element({"options": several(_ONE, 5)}, {"confirm": _CONFIRM}),
    "workflow_button": _element({"text": plain(75), "workflow": anything}, {"style": _STYLE}),
}

_ACCESSORY = by_type({**_PRESSED, **_SELECTS, **_CHOICES, "image": _IMAGE})
_ACTION = by_type({**_PRESSED, **_SELECTS, **_CHOICES, **_DATETIME, "rich_text_input": _INPUTS["rich_text_input"]})
_INPUT = by_type({**_SELECTS, **_CHOICES, **_DATETIME, **_INPUTS})
_CONTEXT = by_type({"image": _IMAGE, "plain_text": text(3000), "mrkdwn": text(3000)})
_RICH_PART = by_type(
    {
        name: record(
            {"type": anything, "elements": anything},
            {"border": number, "indent": number, "style": anything, "offset": number, "language": anything},
        )
        for name in ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
    }
)


def _block(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return record({"type": anything, **required}, {"block_id": _ID, **(optional or {})})


_OUTLINE = ("video", "file", "call", "plan", "task_card", "data_table", "auth_provider", "data_visualization")
_CARD_PARTS: Mapping[str, Check] = {
    "icon": anything,
    "slack_icon": anything,
    "hero_image": anything,
    "title": text(150),
    "subtitle": text(150),
    "body": text(200),
    "subtext": text(200),
    "actions": several(_ACTION, 5),
}


def _outline(value: object, pointer: str) -> list[str]:
    fields = value if isinstance(value, dict) else {}
    return _ID(fields["block_id"], f"{pointer}/block_id") if "block_id" in fields else []


_CARD = _block({}, _CARD_PARTS)
_EVERYWHERE: Mapping[str, Check] = {
    "section": either(
        "text",
        "fields",
        _block({}, {"text": text(3000), "fields": several(text(2000), 10), "accessory": _ACCESSORY, "expand": boolean}),
    ),
    "divider": _block({}),
    "header": _block({"text": plain(150)}, {"level": number}),
    "context": _block({"elements": several(_CONTEXT, 10)}),
    "actions": _block({"elements": several(_ACTION, 25)}),
    "image": either(
        "image_url",
        "slack_file",
        _block({"alt_text": string(2000)}, {"image_url": _URL, "slack_file": anything, "title": plain(2000)}),
    ),
    "input": _block(
        {"label": plain(2000), "element": _INPUT},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": _block({"elements": several(_RICH_PART, 1000)}),
    "alert": _block({"text": anything}, {"level": one_of("default", "info", "warning", "error", "success")}),
    "card": _CARD,
    "carousel": _block({"elements": several(_CARD, 10)}),
    **dict.fromkeys(_OUTLINE, _outline),
}
_FEEDBACK_BLOCK = by_type({"feedback_buttons": _FEEDBACK_BUTTONS, "icon_button": _ICON_BUTTON})
_TABLE = _block({"rows": several(several(anything, 20), 100)}, {"column_settings": anything, "caption": string(255, 0)})
_ONLY_IN_MESSAGES: Mapping[str, Check] = {
    "markdown": _block({"text": string(12_000)}),
    "context_actions": _block({"elements": several(_FEEDBACK_BLOCK, 5)}),
    "table": _TABLE,
}
_CONTAINED = by_type({**_EVERYWHERE, **_ONLY_IN_MESSAGES})
_CONTAINER = _block(
    {"child_blocks": several(_CONTAINED, 10)},
    {
        "title": plain(150),
        "rich_text_title": anything,
        "subtitle": plain(150),
        "icon": anything,
        "width": one_of("narrow", "standard", "wide", "full"),
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
)

IN_MESSAGES = several(by_type({**_EVERYWHERE, **_ONLY_IN_MESSAGES, "container": _CONTAINER}), 50, 0)
IN_VIEWS = several(by_type({**_EVERYWHERE, "container": _CONTAINER}), 100, 0)

# What the app answers to a search: docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
SUGGESTED = either(
    "options", "option_groups", record({}, {"options": several(_ONE, 100, 0), "option_groups": several(_GROUP, 100, 0)})
)

_VIEW: Mapping[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
MODAL = record(
    {"type": anything, "title": plain(24), "blocks": IN_VIEWS},
    {
        **_VIEW,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
HOME = record({"type": anything, "blocks": IN_VIEWS}, _VIEW)
