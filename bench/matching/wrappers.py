"""Greetings and stories that people put around a question, to see what they cost."""

from __future__ import annotations

from collections.abc import Sequence

# About anything but the question, as such stories are; with and without a full stop between the two.
WRAPPERS = (
    "hi! {}",
    "Hello team, {}",
    "hey there :wave: {}",
    "Good morning everyone! {}",
    "hi all, quick one: {}",
    "Dear support, {} Kind regards, Monica",
    "{} thanks!!",
    "{} Any help would be much appreciated, cheers",
    "hello, hope you are all well. {} thank you so much in advance",
    "sorry to bother you again, but {}",
    "morning! might be a silly one but {}",
    "{} - sorry if this is the wrong channel",
    "I am rather new here, so please bear with me. {}",
    "Asking for a colleague who sits next to me and is too shy to write: {}",
    "So I have been staring at this since nine this morning and my tea has gone cold twice. {}",
    "ok this is driving me up the wall. I tried last night, I tried again on the train, no luck. {} please tell me I "
    "am not the only one",
    "Hi, Jonas told me you are the people to ask. He knew once but has forgotten. {}",
    "We talked about this over lunch and none of the five of us could agree. {} The loser buys cake, so hurry :)",
    "My boss wants to know by noon and he is already walking up and down behind my chair. {}",
    "hello again\n\nI wrote about something else on Tuesday, that is all sorted now, many thanks to whoever did it.\n\n"
    "{}\n\nbest\nPriya",
    "Long story short, we had visitors all week and I did not get round to anything. {}",
    "I asked the same thing a year ago and of course did not write the answer down. {}",
    "Not urgent at all, whenever somebody has a minute between two coffees. {}",
    "URGENT!!! I have to leave in ten minutes and my whole afternoon hangs on it. {}",
    "{} I looked through the old messages in here but only found people asking about other things.",
    "{} My neighbour says it cannot be done, I say it can. Who is right?",
    "{}\n\nI am out of the building until three, so no rush. Leave a word here and I will see it when I am back.",
    "{} (I know, I know, I should have listened in the introduction. In my defence it was my first day and there "
    "were thirty new names.)",
    "Back from two weeks by the sea and it feels as if I had forgotten all of it. {} Thanks from a sunburnt colleague",
    "First of all, thanks for last time, that was really quick! Now I have another one for you. {}",
    "I promised my mother to find this out for her. She is 82 and sharper than me, but not with this sort of thing. {}",
    "@tier1 hello bot, let us see how clever you are today. {}",
    "Hi <@U024BE7LH>, they said you would know. {}",
    "Bit of background: there are three of us in the team, Kim left in spring, and it was always Kim who took care of "
    "these things. Nobody thought of asking before she went. {} Thank you, and have a lovely weekend!",
    "I am writing from my phone with one hand and a sandwich in the other so excuse the typing. {}",
    "no idea whether anybody reads this but here goes... {}",
    "Yesterday everything was fine, today I sat down and the trouble began, and I swear I changed nothing. {}",
    "The person before me left a note on the desk, half of it under a ring of coffee. What I can read does not help. "
    "{} If you need more from me just say so.",
    "{} I have asked two people so far. One sent me to the other, and the other sent me to you.",
    "Hello! Greetings from a very rainy afternoon. I have had a long day, a longer meeting, and one thing is still "
    "open before I can go home and put my feet up. {} Thanks for your patience with me, you are stars. Best, Tom",
)

_ENDS = (".", "?", "!", "…", ":", ")")


def wrapped(texts: Sequence[str]) -> list[str]:
    """Put a wrapper around each text, one after the other: the same text at the same place gets the same."""
    return [_in(WRAPPERS[at % len(WRAPPERS)], text) for at, text in enumerate(texts)]


def _in(wrapper: str, text: str) -> str:
    """A text that others follow on the same line ends its sentence first, as people's do."""
    text = text.rstrip()
    goes_on = wrapper.partition("{}")[2].startswith(" ") and " - " not in wrapper
    return wrapper.replace("{}", f"{text}." if goes_on and not text.endswith(_ENDS) else text)
