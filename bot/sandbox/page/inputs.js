// Input blocks of modals and of the Home tab: fields with label, hint and error, and what has been filled in.

import { textObject, unknown } from "./composition.js";
import { make } from "./dom.js";

/** What is filled into a view, in the shape of Slack's `view.state.values`, and what is wrong with it. */
export class Answers {
  #fields = [];

  add(field) {
    this.#fields.push(field);
  }

  get values() {
    const values = {};
    for (const { block, element, read } of this.#fields) {
      (values[block.block_id] ??= {})[element.action_id] = { type: element.type, ...read() };
    }
    return values;
  }

  /** What Slack's own client would refuse before the app is asked: {block_id: words}. */
  get problems() {
    const problems = {};
    for (const field of this.#fields) {
      const problem = problemWith(field);
      if (problem) problems[field.block.block_id] = problem;
    }
    return problems;
  }

  /** Show these errors at their fields, clear all others, and put the focus on the first. */
  show(errors) {
    const wrong = this.#fields.filter((field) => field.complain(errors[field.block.block_id]));
    wrong[0]?.focus();
  }

  /** Keep what somebody typed when the app redraws its view: same block, same action, same answer. */
  takeFrom(earlier) {
    for (const field of this.#fields) {
      const same = earlier.#fields.find(
        (old) =>
          old.block.block_id === field.block.block_id &&
          old.element.action_id === field.element.action_id &&
          old.element.type === field.element.type,
      );
      if (same) field.write(same.read());
    }
  }
}

function problemWith({ block, element, read }) {
  const { value, selected_option: one, selected_options: many } = read();
  const empty = !value && !one && !many?.length;
  if (empty) return block.optional ? null : "Please fill this in.";
  if (element.min_length && value?.length < element.min_length)
    return `Please write at least ${element.min_length} characters.`;
  if (element.max_length && value?.length > element.max_length)
    return `Please write at most ${element.max_length} characters.`;
  return null;
}

export function drawInput(block, scene) {
  const { element } = block;
  if (!Object.hasOwn(FIELDS, element.type)) return unknown("Element", element);
  const id = `input-${block.block_id}`;
  const { node, read, write } = FIELDS[element.type](element, id, scene.names);
  const isGroup = node.tagName === "FIELDSET";
  const hint = block.hint && make("p", { class: "hint", id: `${id}-hint` }, textObject(block.hint, scene.names));
  const error = make("p", { class: "error", id: `${id}-error`, role: "alert", hidden: true });
  node.setAttribute("aria-describedby", [hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(" "));
  node.dataset.focus = `${block.block_id}/${element.action_id}`;

  const complain = (words) => {
    error.textContent = words ?? "";
    error.hidden = !words;
    node.classList.toggle("wrong", Boolean(words));
    if (!isGroup) node.setAttribute("aria-invalid", String(Boolean(words)));
    return Boolean(words);
  };
  const focus = () => (isGroup ? node.querySelector("input") : node)?.focus();
  scene.answers?.add({ block, element, read, write, complain, focus });

  const label = [
    ...textObject(block.label, scene.names),
    block.optional && make("span", { class: "optional" }, " (optional)"),
  ];
  if (isGroup) node.prepend(make("legend", {}, label));
  return make("div", { class: "input" }, isGroup ? null : make("label", { for: id }, label), node, hint, error);
}

const FIELDS = {
  plain_text_input(element, id) {
    const node = make(element.multiline ? "textarea" : "input", {
      id,
      type: element.multiline ? null : "text",
      rows: element.multiline ? "4" : null,
      placeholder: element.placeholder?.text,
      autocomplete: "off",
    });
    node.value = element.initial_value ?? "";
    return {
      node,
      read: () => ({ value: node.value || null }),
      write: ({ value }) => {
        node.value = value ?? "";
      },
    };
  },

  static_select(element, id) {
    const groups = element.option_groups ?? [{ options: element.options }];
    const options = groups.flatMap((group) => group.options);
    const choice = (option) => make("option", { value: String(options.indexOf(option)) }, option.text.text);
    const node = make(
      "select",
      { id },
      make("option", { value: "" }, element.placeholder?.text ?? "Choose an option"),
      groups.map((group) =>
        group.label
          ? make("optgroup", { label: group.label.text }, group.options.map(choice))
          : group.options.map(choice),
      ),
    );
    const write = ({ selected_option: chosen }) => {
      node.value = String(placeOf(chosen, options));
    };
    write({ selected_option: element.initial_option });
    return { node, read: () => ({ selected_option: options[node.value] ?? null }), write };
  },

  radio_buttons(element, id, names) {
    const { node, boxes } = choices("radio", element, id, names);
    const write = ({ selected_option: chosen }) =>
      boxes.forEach((box, i) => {
        box.checked = i === placeOf(chosen, element.options);
      });
    write({ selected_option: element.initial_option });
    return {
      node,
      read: () => ({ selected_option: element.options[boxes.findIndex((box) => box.checked)] ?? null }),
      write,
    };
  },

  checkboxes(element, id, names) {
    const { node, boxes } = choices("checkbox", element, id, names);
    const write = ({ selected_options: chosen }) => {
      const places = (chosen ?? []).map((option) => placeOf(option, element.options));
      boxes.forEach((box, i) => {
        box.checked = places.includes(i);
      });
    };
    write({ selected_options: element.initial_options });
    return { node, read: () => ({ selected_options: element.options.filter((_, i) => boxes[i].checked) }), write };
  },
};

/** The place of an option in the list, "" where none is chosen. */
function placeOf(chosen, options) {
  const place = options.findIndex((option) => option.value === chosen?.value);
  return place < 0 ? "" : place;
}

function choices(type, element, id, names) {
  const boxes = element.options.map(() => make("input", { type, name: id }));
  const lines = element.options.map((option, i) =>
    make(
      "label",
      { class: "choice" },
      boxes[i],
      make(
        "span",
        {},
        textObject(option.text, names),
        option.description && make("span", { class: "hint" }, textObject(option.description, names)),
      ),
    ),
  );
  return { node: make("fieldset", {}, lines), boxes };
}
