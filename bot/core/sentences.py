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
DID_IT_WORK = "Did “{title}” solve it?"
DID_THAT_WORK = "Did my last answer solve it?"
CLOSES_BY_ITSELF = "If I hear nothing until {when}, I'll take it that it did, and close this."
STUCK_OFFER = "Sorry that it is still not working. What went wrong?"
STUCK_LABELS = {"did_not_work": "You said: it did not work", "not_meant": "You said: not what you meant"}
DID_NOT_WORK = "Thanks for telling me. Write what you see now, and I'll look again, or let a person take over."
NOT_MEANT = "Thanks for telling me. What is it about instead? Say it in other words, or let a person take over."
OFFER_HUMAN = "Would you like a person to look at this?"
TURNED_DOWN = "I can't help with this here. A person can tell you more."

GOES_ON_IN_DM = "What they say to you comes as a direct message."
HANDED_OFF = (
    "I'm bringing in {role}. Your case is {case}; they can see everything so far, so there is no need to repeat it. "
    "Write here to add anything."
)
HANDED_OFF_ERROR = (
    "Something went wrong on my side, so I'm bringing in {role}. Your case is {case}; they can see everything so far. "
    "Write here to add anything."
)
EXPECT = "You hear from them by {{case.due}}."
EXPECT_NO_TIME = "I can't promise a time, but they answer as soon as they can."
EXPECT_CLOSED = (
    "They are not there right now: they are back {{calendar.next_open}}, and you hear from them by {{case.due}}."
)
EXPECT_CLOSED_NO_TIME = (
    "They are not there right now: they are back {{calendar.next_open}}, and answer as soon as they can from then on."
)
EXPECT_NOT_THERE = "They are not there right now, and I can't say when they will be. Nothing you write gets lost."
COLLECT_LEAD = "I'm about to bring in {role}. One question first, so that they can help at once:"
COLLECT_LEAD_SEVERAL = "I'm about to bring in {role}. {count} short questions first, so that they can help at once:"
COLLECT_NEXT = "Question {number} of {count}:"
CHOOSE_ONE = "That is none of the choices I know. Please press one, or write it once more and I'll pass it on as it is:"
NOT_ANSWERED = "Not answered."
SKIPPED = "Skipped."
DETAILS_TITLE = "Before a person comes"
DETAILS_SEND = "Send"
DETAILS_LEAD = "Whoever takes over sees this at once. Leave out what you don't know."
CLAIMED = "{who} from {role} has your case now."
RESOLVED = "{who} marked case {case} as resolved. If it is not, press Reopen."
CLOSE_WARNED = (
    "{role} wrote last in your case {case}, and waits to hear from you. Write here to keep it open: if nothing comes "
    "until {when}, it closes by itself."
)
CLOSED_UNHEARD = (
    "I've closed your case {case}, as nothing came from you any more. If you still need {role}, press Reopen."
)
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
DETAILS_FIRST = "I'm about to bring in a person, and have one question first: it is my last message here."
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
NO_FORM = "I couldn't open the form for that. Please press the button again in a few seconds."

SEND_TITLE = "Send an entry · {case}"
SEND_NEAR = "Near to the question"
SEND_FOUND = "Any other"
SEND_HINT = "Type a few letters. An entry that this customer may not see is not sent."
SEND_NOTHING = "No entry was chosen, so nothing was sent."
REPLY_TITLE = "Reply · {case}"
REPLY_SEND = "Send"
REPLY_LEAD = "{who} reads this under your name."
REPLY_WORDS = "Your reply"
REPLY_HINT = "Everything you write here goes to the customer. Notes among yourselves belong in the card's thread."
REPLY_WHERE = "Where"
REPLY_WHERE_ASKED = "Where they asked"
REPLY_IN_DM = "In a direct message"
REPLIED = "{who} replied to the customer:"
REPLIED_IN_DM = "{who} replied to the customer in a direct message:"
REPLY_ABOUT = "About your case {case}. To answer, reply in this thread."
NOTE_KEPT = "{who} wrote this in a form, and it did not go to the customer:"

TRANSFER_TITLE = "Transfer · {case}"
TRANSFER_SEND = "Transfer"
TRANSFER_LEAD = "The whole conversation goes along, and the customer is told who has it."
TRANSFER_QUEUE = "To which team"
TRANSFER_HINT = "Leave it empty to keep the case in this team and give it to a colleague."
TRANSFER_WHY = "Why"
TRANSFER_WHY_HINT = "Your colleagues read this on the card; the customer does not."
TRANSFER_PERSON = "To whom"
TRANSFER_PERSON_HINT = "Somebody of the team that the case is in then."
ESCALATE_TITLE = "Escalate · {case}"
ESCALATE_SEND = "Escalate"
ESCALATE_QUEUE = "To whom"
NOBODY_ABOVE = "There is nobody above {role} to escalate to. *Transfer* passes the case to another team."
NO_REASON = "A case is passed on with a reason only: nothing was changed."
QUEUE_GONE = "That team is not there for this case any more, so nothing was changed. Please press the button again."
NOWHERE_NEW = "The case is with {role} already. Choose another team, or a person."
THEIRS_ALREADY = "They have this case already."
NOT_A_MEMBER = "The person you chose cannot take this case in {role}, so nothing was changed."
PASSED_ON = "{who} passed your case {case} on to {role}, who can see everything so far. Write here to add anything."
PASSED_TO_PERSON = (
    "{who} from {role} has your case {case} now and can see everything so far. Write here to add anything."
)
MOVED_UP = "Your case {case} is with {role} now, who can see everything so far. Write here to add anything."
CARD_MOVED_UP = "Moved to {role}: nobody had answered in time"
HOP_MOVED_UP = "nobody had answered in time"
THREAD_MOVED_UP = "Nobody had answered in time, so this case came here from {from}."
RAISED = "Nobody had answered in time, so this case is {priority} now."
TOLD_LATER = "A correction: you hear from {role} about case {case} by {{case.due}}."
NEARLY_DUE = {
    "first_response": "Case {case} waits for a first answer, which is due {{case.due}}.",
    "next_response": "The customer wrote again in case {case}: an answer is due {{case.due}}.",
    "resolution": "Case {case} is to be solved by {{case.due}}.",
    "": "Case {case} has waited for {moment} without an answer.",
}
OVERDUE = {
    "first_response": "Case {case} still waits for a first answer, which was due {{case.due}}.",
    "next_response": "The customer still waits for an answer in case {case}, which was due {{case.due}}.",
    "resolution": "Case {case} is not solved yet, and was to be by {{case.due}}.",
    "": "Case {case} has waited for {moment} without an answer.",
}
CARD_TRANSFERRED = "Transferred to {role} by {who}"
CARD_ESCALATED = "Escalated to {role} by {who}"
THREAD_TRANSFERRED = "{who} transferred this case:"
THREAD_ESCALATED = "{who} escalated this case:"
THREAD_REASSIGNED = "{who} passed this case on within the team:"

RESOLVE_TITLE = "Resolve · {case}"
RESOLVE_SEND = "Resolve"
RESOLVE_LEAD = "{who} is told that the case is resolved, with a button to reopen it."
RESOLVE_CODE = "How it ended"
RESOLVE_WORDS = "What fixed it"
RESOLVE_HINT = "In a sentence or two, so that the next one is quicker."
RESOLVE_READERS = "Who reads that"
RESOLVE_INTERNAL = "Only we do"
RESOLVE_TOLD = "Send this to the customer as well"
RESOLVE_ENTRY = "Which entry helped"
RESOLVE_NO_ENTRY = "None"
RESOLVE_PROPOSE = "None, but there should be one"
RESOLVE_FOUND = "Or another entry"
RESOLVE_FOUND_HINT = "Search for it here if it is none of those above; then it counts instead."
NO_FIX = "A case is resolved with a word on what fixed it: nothing was changed."
CODE_GONE = "That is not one of the codes any more, so nothing was changed. Please press *Resolve* again."
NO_SUCH_ENTRY = "That entry is not there any more, so nothing was changed. Please press *Resolve* again."
FIX_LEAD = "What fixed it:"
CARD_RESOLVED_AS = "Resolved by {who}: {code}"
THREAD_RESOLVED = "{who} resolved this case ({code}). What fixed it:"
THREAD_RESOLVED_TOLD = "{who} resolved this case ({code}) and told the customer what fixed it:"

SURVEY = "How was it? 1 is poor, 5 is excellent."
SURVEY_OVER = "This case is open again, so there is nothing to rate yet."
RATED = "You gave it {score} of 5. Thank you!"
RATED_LOW = "You gave it {score} of 5. Thank you for saying so. What should have been better?"
RATED_AND_COMMENTED = "You gave it {score} of 5. Thank you: the team reads what you wrote."
SAY_MORE_LABEL = "Say more"
NOTHING_TO_RATE = "There is nothing to rate here any more."
RATED_ALREADY = "You have told us already. Thank you!"
COMMENT_TITLE = "About case {case}"
COMMENT_SEND = "Send"
COMMENT_LEAD = "Sorry that it was not good. The team that had your case reads this."
COMMENT_WORDS = "What should have been better?"
COMMENT_HINT = "Your score is kept, whether you write something or not."
NO_COMMENT = "Nothing was written, so only your score is kept."
THREAD_RATED = "The customer gave this {score} of 5."
THREAD_COMMENTED = "What the customer would have liked to be better:"

NOT_YOURS_TO_PAUSE = "Only those whom the escalation rules allow may pause me or let me speak again."
PAUSE_WHERE = "Where? Write `/tier1 pause #channel` or `/tier1 pause everywhere`; `resume` works the same way."
PAUSED_ALREADY = "I am paused {place} already."
PAUSED_EVERYWHERE_ALREADY = "I am paused everywhere already."
NOT_PAUSED = "I am not paused {place}."
NOT_PAUSED_EVERYWHERE = "I am not paused everywhere. Name the channel: `/tier1 resume #channel`."
PAUSED_BUT_EVERYWHERE = "I am paused everywhere, not only {place}: `/tier1 resume everywhere` lets me speak again."
PAUSED_HERE = "{who} paused me here. If you need help, mention me: I'll bring in a person."
RESUMED_HERE = "{who} let me speak again: I'm back."
PAUSED_TOLD = (
    "{who} paused me {place}. I answer nothing there, and whoever turns to me gets a person. `/tier1 resume {order}` "
    "lets me speak again."
)
RESUMED_TOLD = "{who} let me speak again {place}."
PAUSED_DONE = "I'm paused {place} now. Questions go to people; `/tier1 resume {order}` lets me speak again."
RESUMED_DONE = "I may speak again {place}."
STILL_PAUSED = "I am still paused {places}."
PAUSED_HELP = (
    "I'm the support bot, and I'm paused at the moment: people answer instead of me. Write what you need, and I'll "
    "pass it on to them."
)
PAUSED_NO_BACK = "I'm paused where the customer is, so I can't take this case back."
HANDED_OFF_PAUSED = (
    "I'm the support bot, and I'm paused at the moment, so people have this: {role}. Your case is {case}; they can see "
    "everything so far. Write here to add anything."
)
REASON_PAUSED = "The bot is paused"

COMMANDS = (
    "`/tier1 QUESTION` asks me from anywhere, `/tier1 status` shows your requests. For a person, write `/tier1 talk to "
    "a person`."
)
COMMANDS_AT_DESK = (
    f"{COMMANDS} Specialists have `/tier1 queue` and, in their team's channel, `/tier1 kb WORDS` for entries to send."
)
MY_REQUESTS_TITLE = "My requests"
MY_REQUESTS = "Your requests, the open ones first. Only you see this."
NO_REQUESTS = "You have no open request, and none was closed lately. Ask me in your own words, and I'll look."
MORE_AT_HOME = "And {more} more: my Home tab shows them all."
NO_WORDS_YET = "A person was asked for"
AN_INCIDENT = "An incident"
SOMEBODY = "the team"
REQUEST_WITH_BOT = "with me, the bot"
REQUEST_WAITS = "with {role}, waiting for somebody to take it"
REQUEST_CLAIMED = "with {who} from {role}"
REQUEST_YOUR_TURN = "with {who} from {role}, who wrote last"
REQUEST_OVER = {
    "resolved_by_bot": "closed: you said that it was fixed",
    "resolved_assumed": "closed after an answer",
    "resolved_by_human": "closed: people marked it as resolved",
    "abandoned": "closed without an answer",
    "duplicate": "closed: joined to another of your requests",
    "withdrawn": "withdrawn",
}

QUEUE = "{roles}: what is to be done, oldest deadline first. Only you see this."
QUEUE_EMPTY = "{roles}: nothing is unclaimed, and nothing is yours."
QUEUE_NOT_YOURS = (
    "This is for specialists: I can show a queue to its members, and nobody has named you as one. Your own requests "
    "are behind `/tier1 status`."
)
QUEUE_GROUPS = {
    "soon": "Due within 30 minutes, or overdue",
    "called": "You were called to these",
    "unclaimed": "Unclaimed",
    "mine": "Mine",
    "waiting": "Waiting for the customer",
}
IS_DUE = {
    "first_response": "first answer due {due}",
    "next_response": "next answer due {due}",
    "resolution": "to be solved by {due}",
}
WAS_DUE = {
    "first_response": "first answer was due {due}",
    "next_response": "next answer was due {due}",
    "resolution": "was to be solved by {due}",
}
IS_UNCLAIMED = "unclaimed"
IS_YOURS = "yours"

HOME_SPECIALIST = "Your queues and cases, oldest deadline first."
HOME_SPECIALIST_EMPTY = "Nothing is waiting in your queues, and no case is yours. Well done!"
HOME_PAGE = "Page {page}"

REPLIES = "Entries that {who} may see, for case {case}. *Send* posts one to them under your name."
NO_REPLIES = "Nothing that {who} may see fits these words (case {case}). Try others, or write a reply of your own."
REPLIES_FOR = "Entries that your customers may see. *Send* posts one under your name."
NO_REPLIES_FOR = "Nothing that your customers may see fits these words. Try others, or write a reply of your own."
KB_IN_TEAM_CHANNEL = "Please use `/tier1 kb` in your team's channel, where the cards are."
KB_NEEDS_WORDS = (
    "Say what to look for: `/tier1 kb vpn drops`. To send it in a certain case, name that first: `/tier1 kb T1234567 "
    "vpn drops`."
)
KB_NO_CASE = "None of this channel's cases is yours. Claim one, or name it: `/tier1 kb T1234567 vpn drops`."
KB_NO_SUCH_CASE = "I know no case {case}. Its number is at the top of its card."
NOT_WITH_PEOPLE_NOW = "Case {case} is not with you at the moment, so nothing can be sent in it."
ENTRY_NOT_THEIRS = "Nothing was sent: this customer may not see that entry, or it is not served any more."
ENTRY_UNFILLED = (
    "Nothing was sent: “{title}” has {gaps} in it, and nobody knows what to put there for this customer. Write a reply "
    "of your own instead."
)
ENTRY_SENT = "{who} sent the customer “{title}”."
YOU_SENT = "“{title}” is on its way to {who}, under your name."
SENT_BY = "{who} sent you this:"
REOPENED_THERE = "That request is open again."
THREAD_STUCK = "The customer pressed *Still stuck* under an entry that was sent from here."

FLAG_TITLE = "Flag an entry"
FLAG_SEND = "Flag"
FLAG_LEAD = "For the editors, about “{title}”."
FLAG_ENTRY = "Which entry"
FLAG_WORDS = "What is wrong with it"
FLAG_HINT = "The editors read this, with the case. The customer does not."
NOT_YOURS_TO_FLAG = "Only specialists may flag an entry. If an answer did not help you, press *Still stuck* beneath it."
NOTHING_TO_FLAG = "There is no entry of the knowledge base in this."
NO_ENTRY_TO_FLAG = "That entry is not there any more, so there is nothing to flag."
NO_FLAG_WORDS = "Please say what is wrong with the entry: nothing was flagged."
FLAGGED_ALREADY = "You have flagged this entry in this case already, and the editors have not fixed it yet."
FLAGGED = "{who} flagged “{title}” (`kb/{entry}.yaml`) in case {case}:"
FLAG_FIXED = "Fixed by {who}: “{title}” (`kb/{entry}.yaml`), flagged in case {case}:"
FLAG_FIXED_TOLD = "{who} has fixed “{title}”, which you flagged in case {case}. Thank you!"
NOT_YOURS_TO_EDIT = "This is for those who may edit entries."
FIXED_ALREADY = "{who} has fixed this already."
OPEN_IT = "Open the conversation"

NO_CATEGORY = "not known"
EARLIER_OUTCOMES = {
    "": "not over yet",
    "resolved_by_bot": "solved by the bot, as they said",
    "resolved_assumed": "answered, and they did not come back",
    "resolved_by_human": "solved by people",
    "abandoned": "given up",
    "duplicate": "joined to another case",
    "withdrawn": "taken back",
}
EARLIER_NO_ENTRY = "no entry found"
DID_NOT_HELP_BEFORE = "“{title}” did not help this customer in an earlier case."
CARD_WAITING = "Waiting for somebody to claim it"
CARD_CLAIMED = "Claimed by {who}"
CARD_RESOLVED = "Resolved by {who}"
CARD_UNHEARD = "Closed by itself: nothing came from the customer any more"
CARD_BACK = "{who} handed it back to the bot"
THREAD_CHANGED = "{who} changed a message. It says now:"
THREAD_GONE = "{who} deleted a message."
THREAD_FIXED = "The customer pressed *That fixed it* on an earlier answer."
THREAD_WARNED = "I've told the customer that this case closes by itself if nothing comes from them until {when}."
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
    "category_policy": "By the rules, this goes to people",
    "repeat_contact": "The customer keeps having to come back",
    "error": "The bot failed",
}

JOINED = "Your case {case} is already with {role}; I have added this to it."
JOINED_BY = (
    "This is about the same as your case {case}, says {who}, so it goes on there. There is no need to repeat anything."
)
ABSORBED = "{who} asked about this again in another place. That is case {case}, which is joined to this one:"
ABSORBED_BY = "{who} joined case {case} to this one. What the customer wrote there:"
THREAD_JOINED = "This case is the same as {case}, and goes on there."
THREAD_JOINED_BY = "{who} joined this case to {case}. The customer knows that it goes on there."
CARD_JOINED = "Joined to case {case}"
DUPLICATE_TITLE = "Duplicate of case {case}"
DUPLICATE_SEND = "Join"
DUPLICATE_LEAD = "Which other case of {who} is about the same? This one ends, and goes on in that one."
DUPLICATE_WHICH = "Their other case"
DUPLICATE_NUMBER = "The other case's number"
DUPLICATE_HINT = "It stands at the top of that case's card, and looks like T1234567."
DUPLICATE_OF_ITSELF = "That is the number of this very case, so nothing was joined. Give the other one's."
DUPLICATE_UNKNOWN = (
    "This customer has no case with that number, so nothing was joined. Look at the other case's card for it."
)
DUPLICATE_NOT_OPEN = "That case is not with people at the moment, so nothing was joined."

LISTED = (
    "This problem is known, and {role} is working on it for everybody who has it: that is incident {incident}. You are "
    "on the list, and I'll tell you here as soon as there is news."
)
LISTED_AGAIN = (
    "{role} is still working on incident {incident}. You are on the list, and I'll tell you here as soon as there is "
    "news."
)
LISTED_WITH_PEOPLE = (
    "You are not the only one: {role} is working on this for everybody who has it. That is incident {incident}. I'll "
    "tell you here as soon as there is news."
)
LATEST = "The latest from them:"
INCIDENT_NEWS = "News of incident {incident}, which you are waiting for:"
INCIDENT_OVER = (
    "It is over: {who} from {role} has resolved incident {incident}. If it is not over for you, press Reopen."
)
INCIDENT_OVER_BY = "Over, says {who}"
IN_INCIDENT = "This case belongs to incident {incident} already."
CARD_LISTED = "Part of incident {incident}"
THREAD_LISTED = (
    "Several people have this problem: this case belongs to incident {incident} now. What is said there to everybody "
    "reaches this customer too."
)
TOLD_ALL = "{who} said to the {people} people who wait:"
TOLD_ONE = "{who} said to the one person who waits:"
STATUS_TITLE = "Status of {incident}"
STATUS_SEND = "Say it"
STATUS_LEAD = "The {people} people who wait read this at once, and everybody who asks next."
STATUS_LEAD_ONE = "The one person who waits reads this at once, and everybody who asks next."
STATUS_WORDS = "What is known, and what comes next"
STATUS_HINT = "It is sent under your name."
INCIDENT_NEEDS_WORDS = "Say what it is about: `/tier1 incident the billing portal shows an empty page`."

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
    "asked_if_it_worked": "Asked whether “{title}” worked",
    "close_warned": "Told the customer that it closes by itself if nothing comes from them",
    "answered": "Answered with “{title}” ({entry}, {percent} %): {summary}",
    "handed_off": "Handed off to {role}: {reason}",
    "moved": "Moved on to {role}: the channel before could not be reached",
    "nobody_reached": "No channel of its queues could be reached",
    "reply_failed": "That reply did not reach the customer: Slack said {why}",
    "customer_lost": "The customer could not be reached: Slack said {why}",
    "thread_lost": "The thread was gone: it goes on in the direct messages",
    "released": "Handed back to the bot",
    "transferred": "Transferred the case to {role}. Why:",
    "escalated": "Escalated the case to {role}. Why:",
    "moved_up": "Nobody had answered in time: moved to {role}",
    "reassigned": "Passed the case on to a colleague. Why:",
    "resolved": "Resolved the case ({code}). What fixed it:",
    "rated": "Gave it {score} of 5",
    "claimed": "Claimed the case",
    "entry_sent": "Sent “{title}” ({entry})",
    "closed": "Closed: {outcome}",
    "changed": "Changed a message to:",
    "took_back": "Deleted a message",
    "reopened": "Reopened the case",
    "offer_reopen": "Offered to reopen",
    "joined": "Joined to case {case}",
    "absorbed": "Case {case} was joined to this one",
    "listed": "Put on the list of incident {incident}",
    "incident_begun": "Began the incident",
    "incident_over": "Said to everybody that it is over",
    "member": "Is on the list (case {case})",
    "field_asked": "Asked: {ask}",
    "field_skipped": "Skipped the question",
    "silence": "No answer came, so people got the case without it",
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
SEND_LABEL = "Send"
SEND_TO_LABEL = "Send to {case}"
REFRESH_LABEL = "Refresh"
EARLIER_LABEL = "Back a page"
MORE_LABEL = "{more} more"
YES_LABEL = "Yes, this is it"
SKIP_LABEL = "Skip"
FILL_IN_LABEL = "Fill in a form"
FLAG_LABEL = "Flag an entry"
FIXED_FLAG_LABEL = "Fixed"
CLAIM_LABEL = "Claim"
INCIDENT_LABEL = "Start an incident"
STATUS_LABEL = "Say the status"
OVER_LABEL = "It is over"
REPLY_LABEL = "Reply"
SEND_ENTRY_LABEL = "Send an entry"
TRANSFER_LABEL = "Transfer"
ESCALATE_LABEL = "Escalate"
RESOLVE_LABEL = "Resolve"
DUPLICATE_LABEL = "Duplicate"
BACK_LABEL = "Back to the bot"
