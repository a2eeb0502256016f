// Block Kit's interactive elements outside of inputs: buttons, menus, overflow, thumbs. A press goes to the scene.

import { picture, textObject, unknown } from "./composition.js";
import { ask } from "./confirm.js";
import { link, make } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { refusePending, startPending } from "./pending.js";

/** An element of this block. The scene's `press({block_id, action_id, value})` sends it and answers `{ok, error}`. */
export function drawElement(element, block, scene) {
  return Object.hasOwn(DRAW, element.type) ? DRAW[element.type](element, block, scene) : unknown("Element", element);
}

const DRAW = {
  button(element, block, scene) {
    const style = ["primary", "danger"].includes(element.style) ? element.style : "plain";
    const label = textObject(element.text, scene.names);
    const away = element.url && link(element.url, label, ["https:", "http:"]);
    const control = away || make("button", { type: "button" }, label);
    control.classList.add("button", style);
    if (element.accessibility_label) control.setAttribute("aria-label", element.accessibility_label);
    control.dataset.focus = focusName(block, element);
    control.addEventListener("click", () => pressed(control, element, block, scene, element.value));
    return control;
  },

  static_select: (element, block, scene) => {
    const chosen = element.initial_option;
    const shown = chosen?.text ?? element.placeholder ?? { type: "plain_text", text: "Choose an option" };
    const groups = element.option_groups ?? [{ options: element.options }];
    return opener(element, block, scene, {
      face: [make("span", {}, withEmoji(shown.text)), icon("down")],
      name: element.placeholder?.text ?? "Choose an option",
      options: groups.flatMap((group) => group.options),
      chosen: chosen?.value,
    });
  },

  overflow: (element, block, scene) => {
    return opener(element, block, scene, { face: [icon("more")], name: "More actions", options: element.options });
  },

  feedback_buttons(element, block, scene) {
    const thumb = (choice, sign) => {
      const name = choice.accessibility_label ?? choice.text.text;
      const control = make(
        "button",
        { type: "button", class: "button quiet thumb", "aria-label": name, title: choice.text.text },
        icon(sign),
      );
      control.dataset.focus = `${focusName(block, element)}/${sign}`;
      control.addEventListener("click", () => pressed(control, element, block, scene, choice.value));
      return control;
    };
    const thumbs = [thumb(element.positive_button, "thumbup"), thumb(element.negative_button, "thumbdown")];
    return make("span", { class: "thumbs", role: "group", "aria-label": "Was this helpful?" }, thumbs);
  },

  image: (element) => picture(element),
};

/** A button that opens a menu of options; choosing one is the press. */
function opener(element, block, scene, { face, name, options, chosen }) {
  const control = make(
    "button",
    { type: "button", class: "button plain opener", "aria-haspopup": "menu", "aria-expanded": "false", title: name },
    face,
  );
  if (!control.textContent) control.setAttribute("aria-label", name);
  control.dataset.focus = focusName(block, element);
  control.addEventListener("click", () =>
    openMenu(
      control,
      name,
      options.map((option) => ({
        label: withEmoji(option.text.text),
        checked: chosen === undefined ? undefined : option.value === chosen,
        choose: () => pressed(control, element, block, scene, option.value),
      })),
    ),
  );
  return control;
}

async function pressed(control, element, block, scene, value = "") {
  if (control.getAttribute("aria-busy") === "true") return;
  if (element.confirm && !(await ask(element.confirm, scene.names))) return;
  startPending(control);
  const answer = await scene.press({ block_id: block.block_id, action_id: element.action_id, value });
  if (!answer.ok) refusePending(control, answer.error);
}

function focusName(block, element) {
  return `${block.block_id}/${element.action_id}`;
}
