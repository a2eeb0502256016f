// Block Kit as nodes: one function a block type; what is unknown or malformed shows as a grey box with its JSON.

import { picture, textObject, unknown } from "./composition.js";
import { make } from "./dom.js";
import { drawElement } from "./elements.js";
import { drawInput } from "./inputs.js";
import { markdown } from "./markdown.js";
import { mrkdwn } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

/**
 * Blocks -> nodes. The scene says where they stand and what they reach: `{names, press(action), answers}`; `answers` is
 * where input blocks report (views only).
 */
export function drawBlocks(blocks, scene) {
  return blocks.map((block) => {
    try {
      const node = Object.hasOwn(DRAW, block.type) ? DRAW[block.type](block, scene) : unknown("Block", block);
      node.classList.add("block");
      return node;
    } catch (problem) {
      console.warn("A block that could not be drawn", problem, block);
      return unknown("Block", block);
    }
  });
}

const DRAW = {
  section(block, scene) {
    const text = (object) => make("div", { class: "text" }, textObject(object, scene.names));
    const body = make("div", { class: "section-body" }, block.text && text(block.text));
    if (block.fields) body.append(make("div", { class: "fields" }, block.fields.map(text)));
    const accessory =
      block.accessory && make("div", { class: "accessory" }, drawElement(block.accessory, block, scene));
    return make("div", { class: "section" }, body, accessory);
  },

  markdown: (block, scene) => make("div", { class: "text markdown" }, markdown(block.text, scene.names)),

  rich_text: (block, scene) => make("div", { class: "text rich" }, richText(block, scene.names)),

  header: (block, scene) =>
    make("div", { class: "header", role: "heading", "aria-level": "2" }, textObject(block.text, scene.names)),

  divider: () => make("hr"),

  context(block, scene) {
    const parts = block.elements.map((part) =>
      part.type === "image" ? picture(part) : make("span", { class: "text" }, textObject(part, scene.names)),
    );
    return make("div", { class: "context" }, parts);
  },

  actions: (block, scene) =>
    make(
      "div",
      { class: "actions" },
      block.elements.map((part) => drawElement(part, block, scene)),
    ),

  context_actions: (block, scene) =>
    make(
      "div",
      { class: "actions small" },
      block.elements.map((part) => drawElement(part, block, scene)),
    ),

  image: (block) => make("div", {}, block.title && make("div", { class: "caption" }, block.title.text), picture(block)),

  input: drawInput,
};

/** What a message says: its blocks if it has any, else its text. */
export function drawWords(message, scene) {
  // People's rich text repeats what they typed without their marks, so their own text shows more of what they meant.
  if (message.blocks?.length && message.bot) return drawBlocks(message.blocks, scene);
  return message.text ? [make("div", { class: "text" }, mrkdwn(message.text, scene.names))] : [];
}
