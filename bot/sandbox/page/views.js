// The bot's views: modals on top of the page, and the Home tab.

import { drawBlocks } from "./blocks.js";
import { keepInStep, make, rememberFocus } from "./dom.js";
import { icon } from "./icons.js";
import { Answers } from "./inputs.js";
import { refusePending, startPending } from "./pending.js";

const FIELDS = "input, textarea, select, button, a[href]";

/**
 * The bot's topmost modal. What is filled in stays while a view is open, under another one too.
 * `actions`: `{press(place, action), suggest(body), submit(view_id, values), close(view_id)}`.
 */
export class Modal {
  #dialog;
  #actions;
  #sheet = null;
  #drawn = "";
  #answers = new Map();
  #giveFocusBack = () => {};

  constructor(dialog, actions) {
    this.#dialog = dialog;
    this.#actions = actions;
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#close();
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || !this.#sheet) return;
      event.preventDefault();
      this.#submit(this.#sheet);
    });
  }

  show(state, names) {
    for (const id of this.#answers.keys()) if (!state.views.some((view) => view.id === id)) this.#answers.delete(id);
    const top = state.views.at(-1);
    if (!top) return this.#hide();
    if (!this.#dialog.open) {
      this.#giveFocusBack = rememberFocus();
      this.#dialog.showModal();
    }
    const now = JSON.stringify([top, names.me]);
    if (now !== this.#drawn) this.#draw(top, names);
    this.#drawn = now;
  }

  #hide() {
    this.#sheet = null;
    this.#drawn = "";
    if (!this.#dialog.open) return;
    this.#dialog.close();
    this.#dialog.replaceChildren();
    this.#giveFocusBack();
  }

  #draw({ id, view, errors, trouble }, names) {
    const same = this.#sheet?.id === id;
    if (!same) {
      this.#sheet = this.#newSheet(id);
      this.#dialog.replaceChildren(this.#sheet.form);
    }
    const sheet = this.#sheet;
    const { answers, body } = sheet;
    const wasEmpty = !body.querySelector(FIELDS);
    const wasInside = body.contains(document.activeElement);
    sheet.title.textContent = view.title.text;
    drawInto(body, view.blocks, {
      names,
      answers,
      press: (action) => this.#actions.press({ view_id: id, values: answers.values }, action),
      suggest: (what) => this.#actions.suggest({ view_id: id, ...what }),
    });
    sheet.cancel.textContent = view.close?.text ?? (view.submit ? "Cancel" : "Close");
    sheet.submit.textContent = view.submit?.text ?? "";
    sheet.submit.hidden = sheet.submit.disabled = !view.submit;
    sheet.trouble.textContent = trouble ?? "";
    sheet.trouble.hidden = !trouble;

    // Whoever is in a field stays there; who has had nothing to fill in yet is led to the first that comes.
    const isLost = !this.#dialog.contains(document.activeElement) || document.activeElement === this.#dialog;
    if (wasEmpty || (wasInside && isLost)) (firstIn(body) ?? sheet.cancel).focus();
    const wrong = errors ?? {};
    const isNews = JSON.stringify(wrong) !== JSON.stringify(sheet.errors);
    sheet.errors = wrong;
    if (isNews) answers.show(wrong);
  }

  #newSheet(id) {
    if (!this.#answers.has(id)) this.#answers.set(id, new Answers());
    const sheet = {
      id,
      answers: this.#answers.get(id),
      errors: {},
      title: make("h2", { id: "modal-title" }),
      body: make("div", { class: "modal-body" }),
      trouble: make("p", { class: "error", role: "alert", hidden: true }),
      cancel: make("button", { type: "button", class: "button plain", onclick: () => this.#close() }),
      submit: make("button", { type: "submit", class: "button primary" }),
    };
    const away = { type: "button", class: "icon", "aria-label": "Close", title: "Close (Esc)" };
    sheet.form = make(
      "form",
      {
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          this.#submit(sheet);
        },
      },
      make("header", {}, sheet.title, make("button", { ...away, onclick: () => this.#close() }, icon("close"))),
      sheet.body,
      make("footer", {}, sheet.trouble, sheet.cancel, sheet.submit),
    );
    return sheet;
  }

  async #submit(sheet) {
    const { id, answers, submit: button } = sheet;
    if (button.hidden || button.getAttribute("aria-busy") === "true") return;
    const { values, problems } = answers;
    answers.show(problems);
    if (Object.keys(problems).length) return;
    // The same errors as before change nothing in the state, so they are shown again when the bot has answered.
    startPending(button, () => answers.show(sheet.errors));
    const answer = await this.#actions.submit(id, values);
    if (!answer.ok) refusePending(button, answer.error);
  }

  async #close() {
    if (!this.#sheet) return;
    const answer = await this.#actions.close(this.#sheet.id);
    if (!answer.ok) this.#dialog.close();
  }
}

/** The Home tab: what the bot has published for this person, or a plain sentence. */
export class Home {
  #pane;
  #actions;
  #drawn = null;
  #id = null;
  #page = null;
  #answers = new Answers();

  /** `actions`: `{press(place, action), suggest(body)}`. */
  constructor(pane, actions) {
    this.#pane = pane;
    this.#actions = actions;
  }

  show(view, names) {
    const now = JSON.stringify([view, names.me]);
    if (now === this.#drawn) return;
    this.#drawn = now;
    if (!view?.blocks) {
      this.#id = null;
      this.#pane.replaceChildren(make("p", { class: "empty" }, "The bot has not published a Home tab for you."));
      return;
    }
    if (this.#id !== view.id) {
      this.#id = view.id;
      this.#answers = new Answers();
      this.#page = make("div", { class: "home-page" });
      this.#pane.replaceChildren(this.#page);
    }
    const answers = this.#answers;
    const wasInside = this.#pane.contains(document.activeElement);
    drawInto(this.#page, view.blocks, {
      names,
      answers,
      press: (action) => this.#actions.press({ view_id: view.id, values: answers.values }, action),
      suggest: (what) => this.#actions.suggest({ view_id: view.id, ...what }),
    });
    if (wasInside && !this.#pane.contains(document.activeElement)) this.#pane.focus({ preventScroll: true });
  }
}

/** Only blocks that have changed are drawn anew: in the others the cursor, the scroll and an open list stay as they are. */
function drawInto(box, blocks, scene) {
  keepInStep(box, blocks, {
    key: (block) => block.block_id,
    signature: (block) => JSON.stringify(block),
    build: (block) => drawBlocks([block], scene)[0],
  });
  scene.answers.keep(blocks);
}

function firstIn(body) {
  const wanted = body.querySelector("[data-first]");
  return (wanted?.matches("fieldset") ? wanted.querySelector("input") : wanted) ?? body.querySelector(FIELDS);
}
