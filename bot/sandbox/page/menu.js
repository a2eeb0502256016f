// Small menus that open at a control: choices, overflow, the emoji picker. One is open at a time, arrow keys move in it.

import { make } from "./dom.js";

let open = null;

/**
 * Open a menu at `anchor`. Items are `{label, name, choose, danger, checked}` (`name` where the label is a sign), and with
 * `columns` they stand in a grid. The menu lives outside what it belongs to, so a redrawn message does not close it.
 */
export function openMenu(anchor, name, items, { columns = 1 } = {}) {
  const again = open?.anchor === anchor;
  closeMenu();
  if (again) return;

  const buttons = items.map((item) =>
    make(
      "button",
      {
        type: "button",
        role: item.checked === undefined ? "menuitem" : "menuitemradio",
        "aria-checked": item.checked === undefined ? null : String(item.checked),
        "aria-label": item.name,
        title: item.name,
        class: item.danger ? "danger" : null,
        tabindex: "-1",
        onclick: () => {
          closeMenu();
          item.choose();
        },
      },
      item.label,
    ),
  );
  const menu = make("div", { class: columns > 1 ? "menu grid" : "menu", role: "menu", "aria-label": name }, buttons);
  menu.addEventListener("keydown", (event) => move(event, buttons, columns));

  (anchor.closest("dialog") ?? document.body).append(menu);
  placeAt(menu, anchor);
  anchor.setAttribute("aria-expanded", "true");
  open = { anchor, menu };
  (buttons.find((button) => button.getAttribute("aria-checked") === "true") ?? buttons[0])?.focus();
}

/** Close the open menu, if there is one, and give the focus back. Returns whether there was one. */
export function closeMenu() {
  if (!open) return false;
  const { anchor, menu } = open;
  open = null;
  const focused = menu.contains(document.activeElement);
  menu.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (focused && anchor.isConnected) anchor.focus({ preventScroll: true });
  return true;
}

/** Whether the open menu belongs to a control inside `node`. */
export function menuOpenIn(node) {
  return open !== null && node.contains(open.anchor);
}

function move(event, buttons, columns) {
  const at = buttons.indexOf(document.activeElement);
  const last = buttons.length - 1;
  const steps = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 };
  const target =
    event.key === "Home"
      ? 0
      : event.key === "End"
        ? last
        : event.key in steps
          ? (at + steps[event.key] + buttons.length) % buttons.length
          : event.key.length === 1
            ? startingWith(buttons, event.key, at)
            : null;
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    closeMenu();
  } else if (target !== null && target >= 0) {
    event.preventDefault();
    buttons[target].focus();
  }
}

function startingWith(buttons, letter, at) {
  const order = [...buttons.slice(at + 1), ...buttons.slice(0, at + 1)];
  const found = order.find((button) => button.textContent.toLowerCase().startsWith(letter.toLowerCase()));
  return found ? buttons.indexOf(found) : -1;
}

/** Put a box of a fixed position under its anchor, or above it where there is no room. */
export function placeAt(menu, anchor) {
  const gap = 4;
  const edge = 8;
  const at = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = at.bottom + gap + size.height <= innerHeight - edge;
  const top = below ? at.bottom + gap : Math.max(edge, at.top - gap - size.height);
  menu.style.top = `${Math.min(top, Math.max(edge, innerHeight - edge - size.height))}px`;
  menu.style.left = `${Math.max(edge, Math.min(at.left, innerWidth - edge - size.width))}px`;
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.menu.contains(event.target) && !open.anchor.contains(event.target)) closeMenu();
});
addEventListener("resize", closeMenu);
