// A field that is searched in: what is typed asks for options, arrow keys and Enter choose one, Escape leaves it as it was.

import { make } from "./dom.js";
import { placeAt } from "./menu.js";

const PAUSE = 150;

/**
 * Make one. `search(query)` answers `{groups: [{label, options}], words}`, now or later: options are `{value, label, face,
 * note}`, and `words` are shown where there are none. `{node, chosen(), choose(option)}`; `null` chooses none.
 */
export function combobox({ id, placeholder, search }) {
  let chosen = null;
  let offered = [];
  let at = -1;
  let asked = 0;
  let timer;

  const list = make("ul", { class: "options", role: "listbox", id: `${id}-options`, "aria-label": placeholder });
  const words = make("p", { class: "hint", role: "status" });
  const popup = make("div", { class: "popup", hidden: true }, words, list);
  const node = make("input", {
    id,
    type: "text",
    class: "searched",
    role: "combobox",
    placeholder,
    autocomplete: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": `${id}-options`,
  });

  const isOpen = () => !popup.hidden;
  const query = () => (chosen && node.value === chosen.label ? "" : node.value.trim());
  const stand = () => placeAt(popup, node);

  function open() {
    if (isOpen()) return;
    node.after(popup);
    popup.hidden = false;
    popup.style.width = `${node.getBoundingClientRect().width}px`;
    node.setAttribute("aria-expanded", "true");
    addEventListener("scroll", stand, true);
    addEventListener("resize", stand);
    show({ groups: [], words: "Searching…" });
    ask();
  }

  function close() {
    clearTimeout(timer);
    asked += 1;
    popup.hidden = true;
    popup.remove();
    removeEventListener("scroll", stand, true);
    removeEventListener("resize", stand);
    node.setAttribute("aria-expanded", "false");
    node.removeAttribute("aria-activedescendant");
    if (chosen && node.value.trim() === "") chosen = null;
    node.value = chosen?.label ?? "";
  }

  /** Only the answer to the last question counts, however late the others come. */
  async function ask() {
    const question = ++asked;
    const found = await search(query());
    if (question === asked && node.isConnected) show(found);
  }

  function show({ groups, words: said }) {
    offered = groups.flatMap((group) => group.options);
    words.textContent = offered.length ? "" : said;
    words.hidden = offered.length > 0;
    list.hidden = offered.length === 0;
    list.replaceChildren(
      ...groups.flatMap((group) => [
        group.label ? [make("li", { class: "group", role: "presentation" }, group.label)] : [],
        group.options.map(line),
      ]).flat(2),
    );
    const known = offered.findIndex((option) => option.label === chosen?.label);
    point(Math.max(known, 0));
    stand();
  }

  function line(option) {
    return make(
      "li",
      { role: "option", id: `${id}-option-${offered.indexOf(option)}`, onclick: () => take(option) },
      option.face,
      make("span", {}, option.label),
      option.note && make("small", {}, option.note),
    );
  }

  function point(to) {
    at = offered.length ? (to + offered.length) % offered.length : -1;
    const lines = [...list.querySelectorAll("[role=option]")];
    lines.forEach((one, i) => one.setAttribute("aria-selected", String(i === at)));
    if (at < 0) return node.removeAttribute("aria-activedescendant");
    node.setAttribute("aria-activedescendant", lines[at].id);
    lines[at].scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    chosen = option;
    node.value = option?.label ?? "";
  }

  function take(option) {
    choose(option);
    close();
  }

  popup.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
  node.addEventListener("click", () => {
    if (!isOpen()) node.select();
    open();
  });
  node.addEventListener("blur", close);
  node.addEventListener("input", () => {
    if (!isOpen()) return open();
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  node.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && isOpen()) point(at + step);
    else if (step || (event.key === "Enter" && !isOpen() && !event.ctrlKey && !event.metaKey)) open();
    else if (event.key === "Enter" && isOpen()) at >= 0 && take(offered[at]);
    else if (event.key === "Escape" && isOpen()) {
      node.value = chosen?.label ?? "";
      close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { node, chosen: () => chosen?.value ?? null, choose };
}
