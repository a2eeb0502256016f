// Build and patch the page's nodes: text goes in as text, never as markup.

const drawn = new WeakMap();

/** Make an element. Attribute names come from this code, values may be anything; `onclick` and the like take a function. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

/** A link that opens beside the page, or null where the address is not of a kind that a chat may open. */
export function link(address, children, kinds = ["https:", "http:", "mailto:"]) {
  const url = parsed(address);
  if (!url || !kinds.includes(url.protocol)) return null;
  return make("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

function parsed(address) {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/**
 * Make `parent`'s children match `items`, in order. A child is rebuilt only when its signature has changed and nobody
 * is at work in it (`data-busy`), so scroll, focus, open menus and half-typed text stay where they are.
 */
export function keepInStep(parent, items, { key, signature, build }) {
  const standing = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item) => {
    const old = standing.get(key(item));
    const now = signature(item);
    if (old && (drawn.get(old) === now || old.dataset.busy !== undefined)) return old;
    const fresh = build(item, old);
    fresh.dataset.key = key(item);
    drawn.set(fresh, now);
    if (old) replaceKeepingFocus(old, fresh);
    return fresh;
  });

  const kept = new Set(wanted);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let cursor = parent.firstElementChild;
  for (const node of wanted) {
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
}

/** Replace a node; if the focus was inside, give it to the control of the same name, else to the new node. */
export function replaceKeepingFocus(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const cursor = focused && [focused.selectionStart, focused.selectionEnd];
  old.replaceWith(fresh);
  if (!focused) return;
  const heir = heirOf(focused, fresh);
  (heir ?? fresh).focus({ preventScroll: true });
  if (typeof cursor[0] === "number" && typeof heir?.selectionStart === "number") heir.setSelectionRange(...cursor);
}

/** Remember what has the focus; the answer gives it back, if need be to what has been drawn in its place. */
export function rememberFocus() {
  const focused = document.activeElement;
  const row = focused.closest("[data-key]");
  const box = row?.parentElement;
  return () => {
    const now = box && [...box.children].find((child) => child.dataset.key === row.dataset.key);
    (focused.isConnected ? focused : ((now && heirOf(focused, now)) ?? now))?.focus({ preventScroll: true });
  };
}

function heirOf(focused, fresh) {
  const name = focused.dataset.focus;
  return name === undefined ? null : fresh.querySelector(`[data-focus="${CSS.escape(name)}"]`);
}

/** Run a change to a scrolling box; whoever was reading its end stays at its end. */
export function stayAtEnd(box, change, { force = false } = {}) {
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 48;
  change();
  if (force || atEnd) box.scrollTop = box.scrollHeight;
}
