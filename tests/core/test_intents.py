"""What a message is, before any search: the words of the lists, and only they, are small talk."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.entries import Words
from bot.core.intents import Intent, Listener

WORDS = Words(
    greetings=("hi", "hi there", "hello", "hey", "good morning", "moin", "how are you"),
    thanks=("thanks", "thank you", "thank you so much", "thx", "cheers mate", "no thanks", "great", "perfect", "bye"),
    confirmations=("that works", "that works now", "it works", "it works now", "fixed", "solved", "never mind"),
    rejections=(
        *("no", "nope", "that is not it", "that's not it", "still broken", "still stuck", "it does not work"),
        *("not working", "did not help", "that is wrong", "it's still not working"),
    ),
    fillers=(
        "please",
        "pls help",
        "please help",
        "can you help me",
        "i need help",
        "quick question",
        "i see",
        "i'll try that",
        "ok",
        "yes",
        "hmm",
    ),
    help=("help", "what can you do", "who are you"),
    human_words=("agent", "human", "person", "operator", "a human"),
    human_phrases=(
        *("talk to a human", "talk to a real person", "talk to someone", "talk to a person", "speak to someone"),
        *("get me a human", "real person", "call me back", "transfer me to an agent", "connect me to an agent"),
        *("escalate this", "i don't want to talk to a bot"),
    ),
    products=("Northgate",),
)
LISTENER = Listener(WORDS)
NAMES = ("Tier1", "Ana Lind")

TABLE = [
    ("hi", Intent.GREETING, "a greeting and nothing else"),
    ("Hi!!", Intent.GREETING, "punctuation carries no meaning"),
    ("hiii", Intent.GREETING, "nor do repeated letters"),
    ("heyy hellooo", Intent.GREETING, "nor do repeated letters, in either"),
    ("is there a way without a real person", Intent.QUESTION, "negated, with an article between"),
    ("hi there :wave:", Intent.GREETING, "nor do emoji codes"),
    ("good  morning \U0001f600", Intent.GREETING, "nor emoji and blanks"),
    ("moin", Intent.GREETING, "an editor's own word"),
    ("hi Tier1", Intent.GREETING, "the bot's name"),
    ("Hello Ana Lind!", Intent.GREETING, "a name of two words"),
    ("hi, how are you?", Intent.GREETING, "two greetings are still one"),
    ("hi pls help", Intent.GREETING, "fillers aside"),
    ("helo", Intent.GREETING, "a letter lost"),
    ("hi, i forgot my password", Intent.QUESTION, "a greeting in front of a question"),
    ("hello world program", Intent.QUESTION, "a greeting's word inside something else"),
    ("thanks!", Intent.THANKS, "thanks"),
    ("thanksss", Intent.THANKS, "with feeling"),
    ("thansk!", Intent.THANKS, "letters that changed places"),
    ("THX :)", Intent.THANKS, "with a smiley"),
    ("hi, thanks!", Intent.THANKS, "says more than the greeting"),
    ("ok thank you so much", Intent.THANKS, "a filler in front"),
    ("great, thanks Ana Lind", Intent.THANKS, "to somebody"),
    ("cheers mate", Intent.THANKS, "an editor's own words"),
    ("no thanks", Intent.THANKS, "declines an offer politely: no failed attempt"),
    ("no, thanks", Intent.THANKS, "with or without the comma"),
    ("thanks, how do i get a refund", Intent.QUESTION, "thanks in front of a question"),
    ("bye", Intent.THANKS, "the end of a talk"),
    ("that works now", Intent.CONFIRMATION, "it helped"),
    ("thanks, that works now", Intent.CONFIRMATION, "says more than the thanks"),
    ("It works now, thank you!!", Intent.CONFIRMATION, "in the other order"),
    ("fixed", Intent.CONFIRMATION, "one word will do"),
    ("never mind", Intent.CONFIRMATION, "no longer needed"),
    ("how do i check that works now", Intent.QUESTION, "the phrase inside a question"),
    ("I can print again", Intent.CONFIRMATION, "whatever works again, in no list"),
    ("ok, the wifi in room 4 works again, thanks!", Intent.CONFIRMATION, "between politeness"),
    ("the problem with my mouse is solved", Intent.CONFIRMATION, "the problem is named, and gone"),
    ("how can I print again", Intent.QUESTION, "asks how to"),
    ("can I print again?", Intent.QUESTION, "asks whether"),
    ("the printer works again?", Intent.QUESTION, "asks whether, in the order of a statement"),
    ("I can print again but the scanner is dead", Intent.QUESTION, "the one works, the other does not"),
    ("the blue screen is back again", Intent.QUESTION, "what is back is the trouble"),
    ("it only works again when I restart it", Intent.QUESTION, "not for long"),
    ("no, the wifi works again", Intent.QUESTION, "a no beside it is unclear"),
    ("I am ill today", Intent.QUESTION, "not `I'll`"),
    ("ill try that", Intent.FRAGMENT, "`I'll`, as it is often written"),
    ("I see", Intent.FRAGMENT, "politeness alone"),
    ("I see a black screen", Intent.QUESTION, "says what is seen"),
    ("no", Intent.REJECTION, "a plain no"),
    ("nope!", Intent.REJECTION, "likewise"),
    ("no that's not it", Intent.REJECTION, "never a new question"),
    ("no, that is not it", Intent.REJECTION, "written out"),
    ("thats not it", Intent.REJECTION, "without the apostrophe"),
    ("still broken", Intent.REJECTION, "it did not help"),
    ("thanks but still broken", Intent.REJECTION, "politeness does not make it better"),
    ("thank you, it's still not working", Intent.REJECTION, "likewise"),
    ("it doesn't work", Intent.REJECTION, "the short form of a listed phrase"),
    ("that works, no, still broken", Intent.REJECTION, "the bad news counts"),
    ("the vpn is not working", Intent.QUESTION, "names what does not work"),
    ("did not help with my invoice", Intent.QUESTION, "says more"),
    ("agent", Intent.HUMAN, "a single word as the whole message"),
    ("Agent please", Intent.HUMAN, "polite words aside"),
    ("hi, agent", Intent.HUMAN, "greetings aside"),
    ("HUMAN!!!", Intent.HUMAN, "however loud"),
    ("a human, please", Intent.HUMAN, "with its article"),
    ("no, human", Intent.HUMAN, "a wish for a human comes before everything"),
    ("operator", Intent.HUMAN, "an editor's own word"),
    ("Tier1 agent", Intent.HUMAN, "the bot's name aside"),
    ("how do i install the agent", Intent.QUESTION, "a single word inside a question"),
    ("the build agent is offline", Intent.QUESTION, "likewise"),
    ("add a person to a channel", Intent.QUESTION, "likewise"),
    ("agnet", Intent.QUESTION, "one word is too little to guess from"),
    ("manager agentic", Intent.QUESTION, "never a part of a word"),
    ("humanity", Intent.QUESTION, "likewise"),
    ("talk to a human", Intent.HUMAN, "a phrase"),
    ("i want to talk to a human about my refund", Intent.HUMAN, "a phrase anywhere"),
    ("can i speak to someone?", Intent.HUMAN, "as a question"),
    ("my vpn is broken. talk to someone", Intent.HUMAN, "in its own sentence"),
    ("let me talk to human", Intent.HUMAN, "without the article"),
    ("talk to a humn", Intent.HUMAN, "a small slip in a phrase"),
    ("pls get me a hunan", Intent.HUMAN, "likewise"),
    ("tallk to somone", Intent.HUMAN, "two slips"),
    ("talk, to a person", Intent.HUMAN, "a comma changes nothing"),
    ("call me back", Intent.HUMAN, "an editor's own phrase"),
    ("i can't talk to a human", Intent.HUMAN, "a complaint is a wish"),
    ("why do you not connect me to an agent", Intent.HUMAN, "likewise"),
    ("i don't want to talk to a bot", Intent.HUMAN, "the phrase itself has the no"),
    ("i don't want to talk to a human", Intent.QUESTION, "negated"),
    ("no need to talk to a person", Intent.QUESTION, "negated"),
    ("please do not transfer me to an agent", Intent.QUESTION, "negated"),
    ("i'd rather not talk to someone", Intent.QUESTION, "negated"),
    ("can i fix it without having to talk to someone", Intent.QUESTION, "negated in other words"),
    ("do not escalate this", Intent.QUESTION, "negated"),
    ("i don't want an article, get me a human", Intent.HUMAN, "something else is negated"),
    ("i do not want to talk to a bot, i want to talk to a human", Intent.HUMAN, "the second half is the wish"),
    ("how do i use the 'talk to a human' button", Intent.QUESTION, "quoted"),
    ("how do i use the \u201ctalk to a human\u201d button", Intent.QUESTION, "quoted in print"),
    ('what does "talk to someone" do', Intent.QUESTION, "quoted twice"),
    ("what does `talk to someone` do", Intent.QUESTION, "quoted as code"),
    ("> talk to a human\nwhat did you mean by that link", Intent.QUESTION, "quoted as Slack does"),
    ('i want to talk to a "real" person', Intent.HUMAN, "quotes for stress, not around the wish"),
    ('"talk to a human"', Intent.HUMAN, "as typed by who was told to type it"),
    ("it's broken, don't tell me it's not, talk to a human", Intent.HUMAN, "apostrophes are no quotes"),
    ("talk. to a human resources partner", Intent.QUESTION, "the end of a sentence cuts a phrase"),
    ("help", Intent.HELP, "what it can do"),
    ("Help!", Intent.HELP, "likewise"),
    ("hi, what can you do?", Intent.HELP, "after a greeting"),
    ("help me reset my password", Intent.QUESTION, "help with something"),
    ("", Intent.FRAGMENT, "nothing"),
    ("???", Intent.FRAGMENT, "nothing but marks"),
    ("\U0001f44d", Intent.FRAGMENT, "nothing but an emoji"),
    (":thumbsup:", Intent.FRAGMENT, "nothing but an emoji code"),
    ("pls help", Intent.FRAGMENT, "nothing to go by yet"),
    ("can you help me?", Intent.FRAGMENT, "likewise"),
    ("quick question", Intent.FRAGMENT, "the question is still to come"),
    ("ok", Intent.FRAGMENT, "a filler"),
    ("the", Intent.FRAGMENT, "a stop word"),
    ("how do i", Intent.FRAGMENT, "nothing but stop words"),
    ("Tier1", Intent.FRAGMENT, "nothing but the bot's name"),
    ("https://example.com", Intent.FRAGMENT, "nothing but a link"),
    ("flurb", Intent.QUESTION, "an unknown word may be anything"),
    ("0x80070005", Intent.QUESTION, "an error code"),
    ("Northgate", Intent.QUESTION, "a product"),
    ("reset", Intent.QUESTION, "a word that means something"),
]


@pytest.mark.parametrize(
    ("said", "intent"), [(said, intent) for said, intent, _ in TABLE], ids=[row[2] for row in TABLE]
)
def test_what_a_message_is(said: str, intent: Intent) -> None:
    assert LISTENER.hear(said, names=NAMES) is intent


def test_without_any_list_everything_with_content_is_a_question() -> None:
    deaf = Listener(Words())

    assert deaf.hear("talk to a human") is Intent.QUESTION
    assert deaf.hear("so what") is Intent.FRAGMENT


@settings(deadline=None)  # a busy machine is no bug
@given(
    st.one_of(
        st.text(),
        st.lists(
            st.sampled_from(
                [*WORDS.human_phrases, *WORDS.thanks, "not", "without", '"', "'", "`", ">", "\n", "hi", ".", "\ud800"]
            )
        ).map(" ".join),
    )
)
def test_no_text_raises(text: str) -> None:
    assert LISTENER.hear(text, names=NAMES) in Intent


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["hi ", "talk to ", "not ", '"', "'a", "`talk to a human` ", "thanks but ", "xqzv ", "> "]
)
def test_a_hostile_text_is_read_in_one_go(piece: str) -> None:
    assert LISTENER.hear(piece * (40_000 // len(piece)), names=NAMES) in Intent


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("talk to a human", ""),  # the wish is all there is: no entry is meant
        ("hi, I want to talk to a real person please", ""),
        ("talk to a human, my laptop is broken", "laptop"),  # what is meant goes with the case
        ("my laptop is broken. get me a human!", "laptop"),
    ],
)
def test_what_a_wish_for_a_human_is_about_is_said_without_the_wish(said: str, about: str) -> None:
    words = Listener(WORDS).beside_wish(said).split()

    assert bool(words) == bool(about)
    assert (about in words, "human" in words, "person" in words) == (bool(about), False, False)
