"""How it was: asked once for each time that people resolved a case, or the customer confirmed it. Pure."""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Case, outbox_id
from bot.core.events import BOT, Closed, Commented, Event, FormOpened, Rated, Reopened, SurveyAsked
from bot.core.forms import Ask, Form
from bot.core.permissions import refused
from bot.core.rulebook.rules import Rules
from bot.core.saying import Button, Line, Post, Saying, Under, Update, Words
from bot.core.scene import Scene
from bot.core.stimuli import Press, Submission
from bot.core.tier2.at_desk import not_done, opened, written_in
from bot.core.wording.places import where
from bot.core.wording.serving import HUMAN

SCORES = range(1, 6)
LOW = 3  # at this score and below we ask what was wrong


def survey_after(case: Case, closed: Closed, rules: Rules) -> tuple[Event, ...]:
    """The survey that follows an end; none where nobody said that it is one, or where nothing can be said any more."""
    settled = closed.outcome in ("resolved_by_human", "resolved_by_bot")
    if not (rules.closing.survey and settled) or case.lost:
        return ()
    return (SurveyAsked(at=closed.at, actor=BOT),)


def rated(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """A score. A low one opens the form for a comment as well, and until that is sent the last score counts.

    Once the case is open again the score stays as it is; why it was low may still be said.
    """
    case, survey = scene.case, scene.case.survey
    score = next((score for score in SCORES if str(score) == pressed.choice), None)
    if score is None or (pressed.kind == "comment") != (score <= LOW):
        return ()
    if survey is None or not survey.position <= pressed.position <= case.version:
        return (refused(pressed, scene.now, sentences.NOTHING_TO_RATE),)
    if survey.is_over and score != survey.score:
        return (refused(pressed, scene.now, sentences.NOTHING_TO_RATE),)
    if survey.commented:
        return (refused(pressed, scene.now, sentences.RATED_ALREADY),)
    specialist = case.owner or (case.resolution.by if case.resolution else "")
    entry = (case.resolution.entry if case.resolution else "") or case.entry or ""
    told = Rated(
        at=scene.now, actor=pressed.user, score=score, position=survey.position, entry=entry, specialist=specialist
    )
    scores: tuple[Event, ...] = (told,) if score != survey.score else ()
    if pressed.kind == "rate":
        return scores
    # Without a form the score counts all the same; a button under it stays to say more.
    return (*scores, opened(scene, pressed)) if pressed.view or not scores else scores


def comment_form(case: Case, opened: FormOpened) -> Form:
    return Form(
        kind="comment",
        title=sentences.COMMENT_TITLE.replace("{case}", case.id),
        send=sentences.COMMENT_SEND,
        asks=(Ask("words", sentences.COMMENT_WORDS, "text", hint=sentences.COMMENT_HINT),),
        lead=sentences.COMMENT_LEAD,
        choice=opened.choice,
        channel=opened.channel,
        thread_ts=opened.thread_ts,
    )


def commented(scene: Scene, sent: Submission) -> tuple[Event, ...]:
    """Why the score was low; once. It may come after the case was opened again."""
    case, survey = scene.case, scene.case.survey
    words = written_in(scene, sent, "words")
    if sent.user != case.place.requester or survey is None or survey.score is None or survey.score > LOW:
        return not_done(scene, sent, sentences.NOTHING_TO_RATE)
    if survey.commented:
        return not_done(scene, sent, sentences.RATED_ALREADY)
    if not words:
        return not_done(scene, sent, sentences.NO_COMMENT)
    return (Commented(at=scene.now, actor=sent.user, words=words, position=survey.position),)


def survey(case: Case) -> Post:
    """Dropped if the case is with people again by then."""
    buttons = (Button(str(score), "comment" if score <= LOW else "rate", str(score)) for score in SCORES)
    return Post(where=where(case), content=Line(sentences.SURVEY, (*buttons, HUMAN)), as_bot=True)


def answered_survey(case: Case, event: Rated | Commented | Reopened) -> tuple[Saying, ...]:
    """The scores give way to what was chosen, or to nothing if the case is open again before any was."""
    asked = case.survey
    if asked is None or (isinstance(event, Reopened) and asked.score is not None):
        return ()
    more: tuple[Button, ...] = ()
    if asked.score is None:
        text = sentences.SURVEY_OVER
    elif asked.score > LOW:
        text = sentences.RATED
    elif asked.commented:
        text = sentences.RATED_AND_COMMENTED
    else:
        text, more = sentences.RATED_LOW, (Button(sentences.SAY_MORE_LABEL, "comment", str(asked.score)),)
    line = Line(text.replace("{score}", str(asked.score)), more)
    return (Update(outbox=outbox_id(case.id, asked.position), content=line, channel=case.place.channel),)


def told_the_desk(case: Case, event: Rated | Commented, thread: Under) -> tuple[Saying, ...]:
    """The specialists see it in the card's thread, if there is a card."""
    if case.card is None:
        return ()
    if isinstance(event, Rated):
        line = Line(sentences.THREAD_RATED.replace("{score}", str(event.score)))
    else:
        line = Line(sentences.THREAD_COMMENTED, quote=Words(case.id, case.version))
    return (Post(where=thread, content=line, urgent=False),)
