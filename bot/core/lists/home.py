"""The Home tab: a specialist's queues and cases, and what anybody sees of this bot and of their own requests. Pure."""

from __future__ import annotations

from datetime import timedelta

from bot.core import sentences
from bot.core.events import Event, HomeShown
from bot.core.lists.my_requests import requests
from bot.core.lists.queues import queues_of
from bot.core.saying import Button, Group, Listing
from bot.core.scene import Scene
from bot.core.wording.serving import HUMAN
from bot.core.worklist import grouped, part

SAME_WISH = timedelta(minutes=1)
PAGE = 20  # cases; each takes up to three of the 100 blocks that a view may have, and all its words must fit


def show(scene: Scene, page: int) -> tuple[Event, ...]:
    """The tab as things stand now; of what does not fit on one page, that page, the first being 0."""
    groups = _groups(scene)
    in_all = sum(len(group.items) for group in groups)
    page = max(0, min(page, (in_all - 1) // PAGE))
    shown, more = part(groups, page * PAGE, PAGE)
    buttons = [HUMAN] if not is_specialist(scene) else []
    buttons.append(Button(sentences.REFRESH_LABEL, "home", str(page)))
    if page:
        buttons.append(Button(sentences.EARLIER_LABEL, "home", str(page - 1)))
    if more:
        buttons.append(Button(sentences.MORE_LABEL.replace("{more}", str(more)), "home", str(page + 1)))
    listing = Listing(
        _lead(scene, groups), groups=shown, buttons=tuple(buttons), asker=scene.person.id,
        foot=sentences.HOME_PAGE.replace("{page}", str(page + 1)) if page or more else "",
    )  # fmt: skip
    return (HomeShown(at=scene.now, actor=scene.person.id, listing=listing),)


def is_specialist(scene: Scene) -> bool:
    """Whoever is named among a queue's members, and whoever has a case."""
    mine = any(case.owner == scene.person.id for case in scene.around.desk)
    return mine or bool(queues_of(scene.person, scene.knowledge.rules))


def has_just_asked_for_people(scene: Scene) -> bool:
    """Whether a second press on the tab is the same wish as the first: it changes only when that has been heard."""
    handed_off = [case.handed_off_at for case in scene.around.own if case.with_people]
    return any(at is not None and scene.now - at < SAME_WISH for at in handed_off)


def page_of(choice: str) -> int:
    """The page that a button of the tab stands for."""
    return int(choice) if choice.isascii() and choice.isdigit() and len(choice) < len("10000") else 0


def _groups(scene: Scene) -> tuple[Group, ...]:
    mine = requests(scene.around.own, scene.knowledge, scene.now)
    own = (Group(sentences.MY_REQUESTS_TITLE, mine),) if mine else ()
    return (*grouped(scene.around.desk, scene.person.id, scene.knowledge.rules, scene.now), *own)


def _lead(scene: Scene, groups: tuple[Group, ...]) -> str:
    if is_specialist(scene):
        return sentences.HOME_SPECIALIST if groups else sentences.HOME_SPECIALIST_EMPTY
    return f"{sentences.HELP}\n\n{sentences.COMMANDS}"
