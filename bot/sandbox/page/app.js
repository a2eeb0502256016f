// The page of the sandbox: reads the state, shows it at the place where the person is, and sends what the person does.

import { follow, readState, send } from "./backend.js";
import { setNow } from "./clock.js";
import { Conversation } from "./conversation.js";
import { drawHead, drawTop, foldSidebar } from "./frame.js";
import { Hood } from "./hood.js";
import { icon } from "./icons.js";
import { namesIn } from "./people.js";
import { settle } from "./pending.js";
import { move, personNamed, place, placeOfLink } from "./place.js";
import { drawSidebar } from "./sidebar.js";
import { unread } from "./unread.js";
import { Home, Modal } from "./views.js";

const part = (id) => document.getElementById(id);

let state = null;
let names = null;
let unfollow = () => {};
let reading = false;
let readAgain = false;
let untell;
let switched = false;
let announced = "";

/** Send as the person one is. Answers `{ok, error}`. */
async function post(what, body) {
  const answer = await send(what, { as: place.as, ...body });
  refresh();
  return answer;
}

/** What nobody in the workspace does: faults and the reset. */
async function cause(what, body) {
  const answer = await send(what, body);
  refresh();
  return answer;
}

/** Press a control: `where` is a message `{channel, ts}` or a view `{view_id, values}` with what is filled into it so far. */
function press(where, action) {
  return post("press", { ...where, ...action });
}

/** Say in passing what went wrong, for what has no place of its own to show it. */
function tell(words) {
  clearTimeout(untell);
  part("toast").textContent = words;
  part("toast").hidden = false;
  untell = setTimeout(() => {
    part("toast").hidden = true;
  }, 6000);
}

/** Ask the bot for the options of a menu. Nothing is read anew: what comes is for the menu alone. */
function suggest(body) {
  return send("suggest", { as: place.as, ...body });
}

const conversation = new Conversation({ post, press, tell, refresh, draw });
const home = new Home(part("home-pane"), { press, suggest });
const modal = new Modal(part("modal"), {
  press,
  suggest,
  submit: (view_id, values) => post("submit", { view_id, values }),
  close: (view_id) => post("close", { view_id }),
});
const hood = new Hood(part("hood"), { send: cause, close: () => foldHood(true), names: () => names });

function become(id) {
  unfollow();
  const same = place.as === id;
  move({ as: id, channel: same ? place.channel : null, thread: same ? place.thread : null, tab: "messages" });
  unfollow = follow(id, {
    changed: refresh,
    stopped: () => {
      part("stopped").hidden = false;
    },
  });
}

function go(channel, thread = null) {
  move({ channel, thread, tab: "messages" });
  foldSidebar(true);
  draw();
  conversation.focus();
}

function openTab(tab) {
  move({ tab });
  draw();
}

/** Slack tells the app when somebody opens its direct message, or its Home tab. */
function announce(channel) {
  const now = channel.kind === "dm" ? `${state.me} ${place.tab}` : "";
  if (now && now !== announced) post("home", { tab: place.tab });
  announced = now;
}

function foldHood(folded) {
  part("hood").hidden = folded;
  part("fold-hood").setAttribute("aria-expanded", String(!folded));
  if (folded) part("fold-hood").focus();
  else if (state) {
    hood.show(state);
    hood.opened();
  }
}

/** Read the state until nothing newer is known of, and show it. */
async function refresh() {
  readAgain = true;
  if (reading) return;
  reading = true;
  try {
    while (readAgain) {
      readAgain = false;
      const fresh = await readState(place.as);
      part("stopped").hidden = fresh !== null;
      if (fresh?.me !== place.as) continue;
      state = fresh;
      setNow(state.now);
      names = namesIn(state);
      draw();
    }
  } finally {
    reading = false;
  }
}

function draw() {
  if (!state.channels.some((channel) => channel.id === place.channel)) move({ channel: firstChannel(), thread: null });
  const channel = state.channels.find((one) => one.id === place.channel);
  if (!channel?.messages.some((message) => [message.ts, message.thread_ts].includes(place.thread)))
    move({ thread: null });
  const atHome = channel?.kind === "dm" && place.tab === "home";
  drawTop(state, place.as);
  if (channel) {
    drawHead(channel, atHome, names);
    if (atHome) home.show(state.home, names);
    conversation.show({ state, names, channel, atHome });
  }
  drawSidebar(part("sidebar"), { state, names, here: atHome ? null : place.channel, go });
  modal.show(state, names);
  hood.show(state);
  settle(state);
  if (channel) announce(channel);
}

/** Where to begin: where the bot waits for somebody who has just been switched to, else the direct message with it. */
function firstChannel() {
  const waits =
    switched && state.channels.find((channel) => channel.kind !== "dm" && unread(state.me, channel).at(-1)?.bot);
  return (waits || state.channels.find((channel) => channel.kind === "dm") || state.channels[0])?.id ?? null;
}

async function begin() {
  part("fold-sidebar").append(icon("channels"));
  part("fold-hood").prepend(icon("hood"));
  part("fold-sidebar").addEventListener("click", () => foldSidebar(part("sidebar").classList.contains("open")));
  part("fold-hood").addEventListener("click", () => foldHood(!part("hood").hidden));
  part("tab-messages").addEventListener("click", () => openTab("messages"));
  part("tab-home").addEventListener("click", () => openTab("home"));
  part("who").addEventListener("change", (event) => {
    switched = true;
    become(event.target.value);
  });
  document.addEventListener("visibilitychange", () => state && !document.hidden && draw());
  document.addEventListener("click", followLinkInside);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.target.closest("dialog")) return;
    if (part("sidebar").classList.contains("open")) foldSidebar(true);
    else if (place.thread) conversation.closeThread();
    else if (!part("hood").hidden) foldHood(true);
  });

  let first = await readState(null);
  while (!first) {
    part("stopped").hidden = false;
    await new Promise((resolve) => setTimeout(resolve, 2000));
    first = await readState(null);
  }
  const me = personNamed(place.as, first.people);
  place.as = me.id;
  become(me.id);
  conversation.focus();
}

/** A link to a message of this workspace leads there, not away. */
function followLinkInside(event) {
  const anchor = event.target.closest("a[href]");
  const target = anchor && state && placeOfLink(anchor.href, state);
  if (!target || !state.channels.some((channel) => channel.id === target.channel)) return;
  event.preventDefault();
  go(target.channel, target.thread);
  if (target.ts) conversation.reveal(target.ts);
}

begin();
