"""Every sentence the bot says by itself, in one place. `{…}` is filled by whoever says it; plain, short and kind."""

from __future__ import annotations

GREETING = (
    "Hi! I'm the support bot. Tell me in a few words what is wrong, and I'll look for a fix, or bring in a person."
)
HELP = (
    "I'm the support bot. Ask me in your own words, for example “I forgot my password”. I know the answers our editors "
    "wrote; when none of them helps, I bring in a person and pass on everything you told me."
)
FRAGMENT = "I'm here. What is it about? One sentence is enough."
TOO_FAST = "That's a lot at once, more than I can follow! Please give me a minute, and then go on."

REPHRASE = (
    "I'm not sure I understand. Could you put it in other words, with the name of the thing and what you see?",
    "I still can't place it. Which program or device is it, and what were you trying to do?",
    "Sorry, I'm a bot and know only so much. One more try in different words, or shall I bring in a person?",
)
AFTER_REJECTION = "Sorry, that was the wrong one. Tell me a little more, in other words, and I'll look again."
AFTER_NONE = "Sorry, none of those then. Tell me a little more, in other words, and I'll look again."
DID_YOU_MEAN = "I'm not quite sure what you need. Did you mean one of these?"
IS_THIS_IT = "I think I know this one. Is this it?"
PICKED = "You chose: {title}"
PICKED_NONE = "You said: none of these"
AGAIN = "Here it is again, in short:"
TWO_QUESTIONS = "You asked two things. This is about the first; the button below has the other."

FIXED = "You said: that fixed it. Glad it works!"
STILL_STUCK = "You said: still stuck"
SHALL_I_CLOSE = "Good to hear. Shall I close it?"
CLOSED_BY_YOU = "Closed. Glad it works! Just write if anything else comes up."
STUCK_OFFER = "Sorry that it is still not working. What went wrong?"
STUCK_LABELS = {"did_not_work": "You said: it did not work", "not_meant": "You said: not what you meant"}
DID_NOT_WORK = "Thanks for telling me. Write what you see now, and I'll look again, or let a person take over."
NOT_MEANT = "Thanks for telling me. What is it about instead? Say it in other words, or let a person take over."
OFFER_HUMAN = "Would you like a person to look at this?"
TURNED_DOWN = "I can't help with this here. A person can tell you more."

HANDED_OFF = (
    "I'm bringing in {role}. Your case is {case}; they can see everything so far, so there is no need to repeat it. "
    "Write here to add anything."
)
HANDED_OFF_ERROR = (
    "Something went wrong on my side, so I'm bringing in {role}. Your case is {case}; they can see everything so far. "
    "Write here to add anything."
)
CLAIMED = "{who} from {role} has your case now."
RESOLVED = "{who} marked case {case} as resolved. If it is not, press Reopen."
BACK_TO_BOT = (
    "{who} handed case {case} back to me. Ask me anything, and I'll bring in a person again when you want one."
)
ASK_ELSE_HERE = "Of course. Write it here: I'll answer in a thread of its own. Case {case} stays with {role}."
ASK_ELSE_DM = "Of course. Write it here: I'll answer in our direct messages. Case {case} stays with {role}."
SHALL_I_REOPEN = "Sorry to hear that. Shall I reopen case {case}?"
REOPENED_BOT = "Case {case} is open again. What do you see now?"
REOPENED_PEOPLE = "Case {case} is open again, and {role} knows."

YOU_ASKED = "You asked:"
ANSWERED_IN_DM = "I've answered in our direct messages."

NOT_YOURS = "This one is for {who}. Ask me your own question and I'll help you too."
ALREADY_WITH_PEOPLE = "A person has your case already. Write here and they will see it."
JUST_ASK = "Just write it here."
ENTRY_GONE = "That answer is not there any more. Tell me in your own words what you need."
NOT_ANY_MORE = "This case has moved on, so I can't answer here any more. Write a new message and I'll look."
IS_OPEN = "This case is open already."
IS_CLOSED = "This case is closed."
ANOTHER_IS_OPEN = "Another of your cases is open here. Write to that one, or start a new thread."
TOO_LATE_TO_REOPEN = "That was too long ago to reopen. Write a new message and I'll help."

NOT_YOUR_QUEUE = "This is for the members of this queue. If you should be one, ask whoever keeps the escalation rules."
NOT_WITH_PEOPLE = "This case is not with you at the moment, so nothing was sent."
NOT_AT_THE_DESK = "This case is not with you at the moment."
EDIT_NEEDS_MENTION = (
    "The customer still has your earlier words. Begin the message with my name to change them, or delete it to take "
    "them back."
)
FILES_STAY = "Your words were sent, the file was not: I can't pass files on to customers. Send a link instead."
NOTHING_TO_SEND = "There is nothing to send: write the reply after the mention."
TAKEN = "Taken by {who} {ago} ago."
YOURS_ALREADY = "You have this case already."

NO_CATEGORY = "not known"
CARD_WAITING = "Waiting for somebody to claim it"
CARD_CLAIMED = "Claimed by {who}"
CARD_RESOLVED = "Resolved by {who}"
CARD_BACK = "{who} handed it back to the bot"
THREAD_FIXED = "The customer pressed *That fixed it* on an earlier answer."
THREAD_REOPENED = "{who} reopened this case."
REPLY_FAILED = "This did not reach the customer: Slack said `{why}`. Nothing else was sent."
ERROR_ALERT = "Case {case}: something failed on the bot's side, so it went to {role}. The log has the details."
MOVED = "{role} takes over case {case}; there is no need to repeat anything."
OPERATORS = "the team that runs me"
WITH_OPERATORS = (
    "I can't reach the people who look after this. Your case is {case}; it is now with the team that runs me, who can "
    "see everything so far. Write here to add anything."
)
NOBODY_REACHED = (
    "I'm sorry: I can't reach anybody for case {case}, so no person has seen it. If it is urgent, please go straight "
    "to somebody you know in support. If it can wait, press the button later, and I'll try again."
)
AT_OPERATORS = (
    "This card was meant for {wanted}. It is here because no channel of its queues can be reached (`{why}`). The "
    "customer was told that the team that runs me has the case."
)
THREAD_LOST = "I can't answer where you wrote: that thread is gone or closed. So I'm answering here."
CUSTOMER_LOST = (
    "The customer cannot be reached where they wrote: Slack said `{why}`. What you send from here does not arrive as "
    "long as that is so."
)
COMMAND_FOR_HUMAN = "For a person, write `/tier1 talk to a person`."

REASONS = {
    "explicit_request": "The customer asked for a person",
    "low_confidence": "Nothing in the knowledge base fits",
    "failed_attempts": "The attempts so far did not help",
    "negative_feedback": "The customer is still stuck",
    "sensitive": "Sensitive words",
    "vip": "A person who goes straight to people",
    "category_policy": "This topic always goes to people",
    "repeat_contact": "The customer keeps having to come back",
    "error": "The bot failed",
}

TURNS = {
    "offered": "Did you mean: {titles}",
    "rephrase": "Asked for other words",
    "offered_human": "Offered a person",
    "turned_down": "Turned down, as the rules say",
    "picked": "Chose: {title}",
    "none_of_these": "None of these",
    "second": "Asked the other question as well: {title}",
    "fixed": "That fixed it ({title})",
    "stuck": "Still stuck ({title})",
    "did_not_work": "It did not work ({title})",
    "not_meant": "Not what I meant ({title})",
    "human": "Pressed: talk to a person",
    "shall_i_close": "Asked whether to close",
    "answered": "Answered with “{title}” ({entry}, {percent} %): {summary}",
    "handed_off": "Handed off to {role}: {reason}",
    "moved": "Moved on to {role}: the channel before could not be reached",
    "nobody_reached": "No channel of its queues could be reached",
    "reply_failed": "That reply did not reach the customer: Slack said {why}",
    "customer_lost": "The customer could not be reached: Slack said {why}",
    "thread_lost": "The thread was gone: it goes on in the direct messages",
    "released": "Handed back to the bot",
    "claimed": "Claimed the case",
    "closed": "Closed: {outcome}",
    "reopened": "Reopened the case",
    "offer_reopen": "Offered to reopen",
}

FIXED_LABEL = "That fixed it"
STUCK_LABEL = "Still stuck"
HUMAN_LABEL = "Talk to a person"
NONE_LABEL = "None of these"
ASK_ELSE_LABEL = "Ask something else"
REOPEN_LABEL = "Reopen"
DID_NOT_WORK_LABEL = "It did not work"
NOT_MEANT_LABEL = "Not what I meant"
SECOND_LABEL = "Also: {title}"
YES_LABEL = "Yes, this is it"
CLAIM_LABEL = "Claim"
RESOLVE_LABEL = "Resolve"
BACK_LABEL = "Back to the bot"
