// Under the hood: what went over the wire, the warnings, and the faults one can cause to watch the bot bear them.

import { exactTime, fullMinute, now, setNow } from "./clock.js";
import { ask } from "./confirm.js";
import { keepInStep, make, stayAtEnd } from "./dom.js";
import { icon } from "./icons.js";
import { Timepiece } from "./timepiece.js";

const FAULTS = [
  ["again", "Send last event again", "Slack redelivers what it is not sure of: there must be no second answer"],
  ["no_ack", "No ack", "The next event counts as not acknowledged and is sent again"],
  ["429", "429 on next post", "The next post is told to come back later: it must arrive late, once"],
  ["cut", "Cut the socket", "The connection drops without a word: the bot must find back"],
  ["refresh", "Refresh the socket", "Slack asks the bot to connect anew, as it does every few hours"],
];

const KINDS = { event: "Event", interaction: "Press", command: "Command", call: "Call" };

const RESET = {
  title: { text: "Reset the sandbox?" },
  text: {
    type: "plain_text",
    text: "All messages go. What the bot itself remembers, such as an open case, stays until the sandbox is started again; so does the time.",
  },
  confirm: { text: "Reset" },
  deny: { text: "Cancel" },
  style: "danger",
};

export class Hood {
  #panel;
  #send;
  #warnings = make("ul", { class: "warnings", "aria-label": "Warnings" });
  #calls = make("div", {
    class: "calls",
    role: "log",
    "aria-live": "off",
    "aria-label": "Events and calls",
    tabindex: "0",
  });
  #said = make("p", { class: "said", role: "status" });
  #timepiece = new Timepiece((body) => this.#forward(body));
  #link = make("p", { class: "link" });

  /** `send(what, body)` does something in the sandbox and answers `{ok, error}`. */
  constructor(panel, { send, close, names }) {
    this.#panel = panel;
    this.#send = send;
    const faults = FAULTS.map(([kind, label, why]) =>
      make(
        "button",
        { type: "button", class: "button plain", title: why, onclick: () => this.#cause(kind, label) },
        label,
      ),
    );
    const reset = make(
      "button",
      {
        type: "button",
        class: "button plain",
        onclick: async () => (await ask(RESET, names())) && this.#do("reset", {}, "The sandbox starts anew."),
      },
      "Reset",
    );
    panel.append(
      make(
        "header",
        {},
        make("h2", {}, "Under the hood"),
        this.#link,
        this.#said,
        make(
          "button",
          { type: "button", class: "icon", "aria-label": "Close Under the hood", title: "Close", onclick: close },
          icon("close"),
        ),
      ),
      make("div", { class: "faults", role: "group", "aria-label": "Cause a fault" }, faults, reset),
      this.#timepiece.node,
      this.#warnings,
      this.#calls,
    );
  }

  show(state) {
    if (this.#panel.hidden) return;
    this.#link.textContent = state.connections ? "The bot is connected" : "The bot is not connected";
    this.#link.classList.toggle("bad", !state.connections);
    this.#timepiece.show(state);
    keepInStep(
      this.#warnings,
      state.warnings.map((text, i) => ({ text, key: `${i} ${text}` })),
      {
        key: (warning) => warning.key,
        signature: () => "",
        build: ({ text }) => make("li", {}, icon("warning"), text),
      },
    );
    stayAtEnd(this.#calls, () =>
      keepInStep(this.#calls, state.calls, {
        key: (call) => String(call.n),
        signature: (call) =>
          JSON.stringify([call.ok, call.error, call.milliseconds, call.name, call.detail?.attempts?.length]),
        build: drawCall,
      }),
    );
  }

  /** Called when the panel has just been opened. */
  opened() {
    this.#calls.scrollTop = this.#calls.scrollHeight;
  }

  #cause(kind, label) {
    return this.#do("fault", { kind }, `${label}: done.`);
  }

  async #forward(body) {
    this.#say("Time goes forward…");
    const answer = await this.#send("forward", body);
    if (answer.ok) setNow(answer.now);
    this.#say(answer.ok ? `It is ${fullMinute(now())}.` : answer.error, !answer.ok);
  }

  async #do(what, body, done) {
    const answer = await this.#send(what, body);
    this.#say(answer.ok ? done : answer.error, !answer.ok);
  }

  #say(words, bad = false) {
    this.#said.textContent = words;
    this.#said.classList.toggle("bad", bad);
  }
}

/** One line; its raw JSON is written out only when somebody opens it. An opened line stays open when it is redrawn. */
function drawCall(call, old) {
  const failed = call.ok === false;
  const tries = call.detail?.attempts?.length ?? 1;
  const outcome =
    call.ok === null
      ? (call.error ?? "…")
      : failed
        ? call.error || "error"
        : tries > 1
          ? `ok after ${tries} tries`
          : "ok";
  const line = make(
    "details",
    { class: failed ? "call failed" : "call", open: old?.open },
    make(
      "summary",
      { "data-focus": "line" },
      make("span", { class: "at" }, exactTime(call.at)),
      make("span", { class: `kind ${call.kind}` }, KINDS[call.kind] ?? call.kind),
      make("span", { class: "name" }, call.name),
      make("span", { class: "took" }, Number.isFinite(call.milliseconds) ? `${Math.round(call.milliseconds)} ms` : ""),
      make("span", { class: "outcome" }, outcome),
    ),
  );
  const write = () =>
    line.open &&
    line.childElementCount === 1 &&
    line.append(make("pre", { tabindex: "0", "aria-label": "Raw JSON" }, JSON.stringify(call.detail, null, 2)));
  line.addEventListener("toggle", write);
  write();
  return line;
}
