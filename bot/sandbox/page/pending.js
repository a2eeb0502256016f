// Pressed controls that wait for the bot: pending until it acknowledges, a warning after three seconds, as in Slack.

import { make } from "./dom.js";
import { icon } from "./icons.js";

const PATIENCE = 3000;

const waiting = new Set();
let lastCall = 0;

/** Show a control as pending until the bot acknowledges (then `answered` is called) or the control is redrawn. */
export function startPending(control, answered = () => {}) {
  stopPending(control);
  control.setAttribute("aria-busy", "true");
  const wait = { control, answered, after: lastCall };
  wait.timer = setTimeout(() => complain(wait, "did not respond"), PATIENCE);
  waiting.add(wait);
}

/** The sandbox itself refused the press: say why at once. */
export function refusePending(control, reason) {
  const wait = [...waiting].find((one) => one.control === control);
  if (wait) complain(wait, reason);
}

/** Compare what waits with the newest state: an interaction acknowledged since then ends the wait, a failed one is a warning. */
export function settle(state) {
  for (const wait of waiting) {
    const answer = state.calls.find((call) => call.n > wait.after && isPress(call) && call.ok !== null);
    if (answer?.ok === false) complain(wait, "did not respond");
    else if (answer || !wait.control.isConnected) {
      stopPending(wait.control);
      if (wait.control.isConnected) wait.answered();
    }
  }
  lastCall = state.calls.reduce((last, call) => Math.max(last, call.n), 0);
}

/** A search for options goes on beside what was pressed, and is no answer to it. */
function isPress({ kind, name }) {
  return kind === "interaction" && name !== "block_suggestion";
}

function stopPending(control) {
  for (const wait of waiting) {
    if (wait.control !== control) continue;
    clearTimeout(wait.timer);
    wait.warning?.remove();
    waiting.delete(wait);
  }
  control.removeAttribute("aria-busy");
}

function complain(wait, reason) {
  clearTimeout(wait.timer);
  wait.control.removeAttribute("aria-busy");
  wait.warning?.remove();
  wait.warning = make("span", { class: "late", role: "alert" }, icon("warning"), reason);
  wait.control.after(wait.warning);
}
