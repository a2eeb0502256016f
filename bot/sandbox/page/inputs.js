// Input blocks of modals and of the Home tab: fields with label, hint and error, and what has been filled in.

import { combobox } from "./combobox.js";
import { textObject, unknown } from "./composition.js";
import { make } from "./dom.js";
import { face } from "./people.js";

/** What is filled into a view, in the shape of Slack's `view.state.values`, and what is wrong with it. */
export class Answers {
  #fields = new Map();

  /** A field that is drawn anew keeps what somebody typed: same block, same action, same kind, same answer. */
  add(field) {
    const name = nameOf(field.block);
    const earlier = this.#fields.get(name);
    if (earlier) field.write(earlier.read());
    this.#fields.set(name, field);
  }

  /** Forget the fields that the app has taken away; the others stand in the order of the blocks. */
  keep(blocks) {
    const names = blocks.filter((block) => block.type === "input").map(nameOf);
    const left = names.filter((name) => this.#fields.has(name));
    this.#fields = new Map(left.map((name) => [name, this.#fields.get(name)]));
  }

  get values() {
    const values = {};
    for (const { block, element, read } of this.#fields.values()) {
      (values[block.block_id] ??= {})[element.action_id] = { type: element.type, ...read() };
    }
    return values;
  }

  /** What Slack's own client would refuse before the app is asked: {block_id: words}. */
  get problems() {
    const problems = {};
    for (const field of this.#fields.values()) {
      const problem = problemWith(field);
      if (problem) problems[field.block.block_id] = problem;
    }
    return problems;
  }

  /** Show these errors at their fields, clear all others, and put the focus on the first. */
  show(errors) {
    const wrong = [...this.#fields.values()].filter((field) => field.complain(errors[field.block.block_id]));
    wrong[0]?.focus();
  }
}

function nameOf({ block_id, element }) {
  return JSON.stringify([block_id, element.action_id, element.type]);
}

function problemWith({ block, element, read }) {
  const { value, selected_option: one, selected_options: many, selected_user: person } = read();
  const empty = !value && !one && !many?.length && !person;
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
  const { node, read, write } = FIELDS[element.type](element, id, scene, block);
  const isGroup = node.tagName === "FIELDSET";
  const hint = block.hint && make("p", { class: "hint", id: `${id}-hint` }, textObject(block.hint, scene.names));
  const error = make("p", { class: "error", id: `${id}-error`, role: "alert", hidden: true });
  node.setAttribute("aria-describedby", [hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(" "));
  node.dataset.focus = `${block.block_id}/${element.action_id}`;
  if (element.focus_on_load) node.dataset.first = "";

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

  external_select(element, id, scene, block) {
    const least = element.min_query_length ?? 3;
    const search = async (query) => {
      if (query.length < least)
        return { groups: [], words: `Type ${least === 1 ? "a character" : `${least} characters`} or more to search.` };
      const { ok, error, groups = [], trouble } = await scene.suggest({ block_id: block.block_id, query });
      const problem = ok ? trouble : error;
      return {
        groups: groups.map(({ label, options }) => ({ label: label?.text, options: options.map(offer) })),
        words: problem ? `No results. ${problem}` : "No results",
      };
    };
    const field = combobox({ id, placeholder: element.placeholder?.text ?? "Search for an option", search });
    const write = ({ selected_option: chosen }) => field.choose(chosen ? offer(chosen) : null);
    write({ selected_option: element.initial_option });
    return { node: field.node, read: () => ({ selected_option: field.chosen() }), write };
  },

  users_select(element, id, { names }) {
    const everyone = names.everyone.map((person) => ({
      value: person.id,
      label: person.name,
      note: person.title,
      face: face(person.id, names),
      words: [person.handle, ...person.name.split(" ")].map((word) => word.toLowerCase()),
    }));
    const search = (query) => {
      const begun = query.toLowerCase().replace(/^@/, "");
      const fits = ({ label, words }) =>
        label.toLowerCase().startsWith(begun) || words.some((word) => word.startsWith(begun));
      return { groups: [{ options: everyone.filter(fits) }], words: "Nobody here is called that." };
    };
    const field = combobox({ id, placeholder: element.placeholder?.text ?? "Choose a person", search });
    const write = ({ selected_user: chosen }) => field.choose(everyone.find(({ value }) => value === chosen) ?? null);
    write({ selected_user: element.initial_user });
    return { node: field.node, read: () => ({ selected_user: field.chosen() }), write };
  },

  radio_buttons(element, id, { names }) {
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

  checkboxes(element, id, { names }) {
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

/** An option of Slack's as a line to choose. */
function offer(option) {
  return { value: option, label: option.text.text, note: option.description?.text };
}

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
