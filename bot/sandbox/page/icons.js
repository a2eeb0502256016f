// The page's own line icons, drawn on a 20 by 20 grid in the colour of the text around them.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  bolt: "M11 2.5L4.5 11H9.5L8.5 17.5L15.5 8.5H10.5z",
  channels: "M3 5h14M3 10h14M3 15h14",
  close: "M5 5l10 10M15 5L5 15",
  down: "M5 8l5 5 5-5",
  hash: "M8 3L6 17M14 3l-2 14M4 7.5h13M3 12.5h13",
  hood: "M7 6l-4 4 4 4M13 6l4 4-4 4",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  more: "M3.2 10a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0M9.2 10a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0M15.2 10a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0",
  reply: "M4 4h12v9H9l-4 3.5V13H4z",
  send: "M3 10l14-6-5 13-3-5.5zM9 11.5L17 4",
  smile: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM7.5 8v.01M12.5 8v.01M7 12c1.5 2.2 4.5 2.2 6 0",
  thumbdown: "M6 11V3h8.5l2 7.5H12l.8 4.5a1.6 1.6 0 0 1-3 1L6 11H3V3h3",
  thumbup: "M6 9v8h8.5l2-7.5H12l.8-4.5a1.6 1.6 0 0 0-3-1L6 9H3v8h3",
  file: "M5 2.5h6.5L15 6v11.5H5zM11 2.5V6.5h4",
  eye: "M2 10c3.5-6 12.5-6 16 0-3.5 6-12.5 6-16 0zM10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  warning: "M10 3L1.8 17h16.4zM10 8v4M10 14.5v.01",
};

/** An icon without a name of its own: the control around it must have one. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [attribute, value] of [
    ["viewBox", "0 0 20 20"],
    ["class", "glyph"],
    ["aria-hidden", "true"],
    ["focusable", "false"],
  ]) {
    svg.setAttribute(attribute, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
