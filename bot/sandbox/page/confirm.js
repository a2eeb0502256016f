// "Are you sure?": one small dialog, for an element's `confirm` object and for the page's own questions.

import { textObject } from "./composition.js";
import { make } from "./dom.js";

/** Ask, in the words of a confirm object `{title, text, confirm, deny, style}`; true if the person agrees. */
export function ask(question, names) {
  const dialog = document.getElementById("confirm");
  return new Promise((resolve) => {
    let agreed = false;
    const answer = (yes) => () => {
      agreed = yes;
      dialog.close();
    };
    const style = question.style === "danger" ? "danger" : "primary";
    dialog.replaceChildren(
      make("h2", { id: "confirm-title" }, question.title.text),
      make("div", { class: "modal-body text" }, textObject(question.text, names)),
      make(
        "footer",
        {},
        make("button", { type: "button", class: "button plain", onclick: answer(false) }, question.deny.text),
        make("button", { type: "button", class: `button ${style}`, onclick: answer(true) }, question.confirm.text),
      ),
    );
    dialog.addEventListener("close", () => resolve(agreed), { once: true });
    dialog.showModal();
  });
}
