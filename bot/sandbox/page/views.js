// The bot's views: modals on top of the page, and the Home tab.

import { drawBlocks } from "./blocks.js";
import { make, replaceKeepingFocus } from "./dom.js";
import { icon } from "./icons.js";
import { Answers } from "./inputs.js";
import { refusePending, startPending } from "./pending.js";

/** The bot's topmost modal. `actions`: `{press(place, action), submit(view_id, values), close(view_id)}`. */
export class Modal {
  #dialog;
  #actions;
  #shown = null;
  #drawn = "";
  #answers = new Answers();
  #errors = {};

  constructor(dialog, actions) {
    this.#dialog = dialog;
    this.#actions = actions;
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#close();
    });
  }

  show(state, names) {
    const top = state.views.at(-1);
    if (!top) {
      this.#shown = null;
      this.#drawn = "";
      if (this.#dialog.open) this.#dialog.close();
      return;
    }
    const now = JSON.stringify([top, names.me]);
    if (now !== this.#drawn) this.#draw(top, names);
    this.#drawn = now;
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  #draw({ id, view, errors, trouble }, names) {
    const answers = new Answers();
    const scene = {
      names,
      answers,
      press: (action) => this.#actions.press({ view_id: id, values: answers.values }, action),
    };
    const body = make("div", { class: "modal-body" }, drawBlocks(view.blocks, scene));
    const same = this.#shown === id;
    if (same) answers.takeFrom(this.#answers);
    this.#shown = id;
    this.#answers = answers;

    const submit =
      view.submit &&
      make("button", { type: "submit", class: "button primary", "data-focus": "submit" }, view.submit.text);
    const form = make(
      "form",
      {
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          this.#submit(id, submit);
        },
      },
      make(
        "header",
        {},
        make("h2", { id: "modal-title" }, view.title.text),
        make(
          "button",
          {
            type: "button",
            class: "icon",
            "aria-label": "Close",
            title: "Close (Esc)",
            "data-focus": "close",
            onclick: () => this.#close(),
          },
          icon("close"),
        ),
      ),
      body,
      make(
        "footer",
        {},
        trouble && make("p", { class: "error", role: "alert" }, trouble),
        make(
          "button",
          { type: "button", class: "button plain", "data-focus": "cancel", onclick: () => this.#close() },
          view.close?.text ?? (submit ? "Cancel" : "Close"),
        ),
        submit,
      ),
    );

    const old = this.#dialog.firstElementChild;
    if (old && same) replaceKeepingFocus(old, form);
    else this.#dialog.replaceChildren(form);
    if (!same) queueMicrotask(() => body.querySelector("input, textarea, select, button")?.focus());
    this.#errors = errors ?? {};
    answers.show(this.#errors);
  }

  async #submit(id, button) {
    if (!button || button.getAttribute("aria-busy") === "true") return;
    const { values, problems } = this.#answers;
    this.#answers.show(problems);
    if (Object.keys(problems).length) return;
    // The same errors as before change nothing in the state, so they are shown again when the bot has answered.
    startPending(button, () => this.#answers.show(this.#errors));
    const answer = await this.#actions.submit(id, values);
    if (!answer.ok) refusePending(button, answer.error);
  }

  async #close() {
    if (!this.#shown) return;
    const answer = await this.#actions.close(this.#shown);
    if (!answer.ok) this.#dialog.close();
  }
}

/** The Home tab: what the bot has published for this person, or a plain sentence. */
export class Home {
  #pane;
  #press;
  #drawn = null;
  #answers = new Answers();

  constructor(pane, press) {
    this.#pane = pane;
    this.#press = press;
  }

  show(view, names) {
    const now = JSON.stringify([view, names.me]);
    if (now === this.#drawn) return;
    this.#drawn = now;
    const answers = new Answers();
    const scene = {
      names,
      answers,
      press: (action) => this.#press({ view_id: view.id, values: answers.values }, action),
    };
    const page = view?.blocks
      ? make("div", { class: "home-page" }, drawBlocks(view.blocks, scene))
      : make("p", { class: "empty" }, "The bot has not published a Home tab for you.");
    answers.takeFrom(this.#answers);
    this.#answers = answers;
    const old = this.#pane.firstElementChild;
    if (old) replaceKeepingFocus(old, page);
    else this.#pane.append(page);
  }
}
