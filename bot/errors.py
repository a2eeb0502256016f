"""Every error this program raises on purpose, as one tree.

Tier1Error
├── SettingsError        the environment does not say what we need
├── ContentError         the knowledge base or the rules cannot be served
├── WeightsError         what turns texts into vectors is not there, or not what we know
├── StoreError           the database
│   ├── StoreDown        cannot be read or written now; nothing was stored
│   │   └── StoreBroken  nor later, unless somebody mends it
│   ├── StoreTooNew      was written by a newer program
│   ├── StaleCase        somebody else moved the case on since it was loaded
│   ├── AlreadyHeard     this stimulus is stored already
│   └── NotThereYet      it is about something that is just being said: it has to come again
├── SlackDown            Slack cannot be reached or does not accept us
└── TimeStandsStill      time was not put as far forward as was wished
"""


class Tier1Error(Exception):
    """The root. Its text is a sentence for people: where, what, and what to do."""


class SettingsError(Tier1Error):
    """The environment does not say what we need."""


class ContentError(Tier1Error):
    """The knowledge base or the rules cannot be served."""


class WeightsError(Tier1Error):
    """What turns texts into vectors is not there, or not what we know."""


class TooFewOutcomes(Tier1Error):  # noqa: N818  named for the fact
    """Not enough is known of what became of answers to learn from it."""


class StoreError(Tier1Error):
    """Something about the database."""


class StoreDown(StoreError):  # noqa: N818  named for the fact
    """The store cannot be read or written now; nothing was stored."""


class StoreBroken(StoreDown):
    """The store cannot be read or written, now or later, unless somebody mends it; nothing was stored."""


class StoreTooNew(StoreError):  # noqa: N818  named for the fact
    """The database was written by a newer program."""


class StaleCase(StoreError):  # noqa: N818  named for the fact
    """Somebody else moved the case on since it was loaded: load and decide again."""


class AlreadyHeard(StoreError):  # noqa: N818  named for the fact
    """This stimulus is stored already: there is nothing left to do."""


class NotThereYet(StoreError):  # noqa: N818  named for the fact
    """What this is about is just being said, and its place is not written down yet: it has to come again."""


class SlackDown(Tier1Error):  # noqa: N818  named for the fact
    """Slack cannot be reached, or does not accept us."""


class TimeStandsStill(Tier1Error):  # noqa: N818  named for the fact
    """Time was not put as far forward as was wished: the bot did not come to rest on the way."""
