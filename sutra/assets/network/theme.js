// The colours and the font of the page that the canvas lies on.

export function themeOf(root, { red, redOnDark, mark }) {
  const style = getComputedStyle(root);
  const value = (name, other) => style.getPropertyValue(name).trim() || other;
  const ink = value("--st-text-color", "#1a1a1a");
  const paper = value("--st-background-color", "#ffffff");
  const dark = lightness(paper) < 0.5;
  return {
    ink, paper, dark, mark,
    line: mix(ink, paper, dark ? 0.6 : 0.52),
    border: "#161616",
    red: dark ? redOnDark : red,
    font: value("--st-font", "sans-serif"),
  };
}

// Whether the reader asked for no movement.
export function isCalm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function channels(colour) {
  const ctx = document.createElement("canvas").getContext("2d");
  ctx.fillStyle = colour;
  ctx.fillRect(0, 0, 1, 1);
  return [...ctx.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

function lightness(colour) {
  const [r, g, b] = channels(colour);
  return (0.299 * r + 0.587 * g + 0.114 * b) / 255;
}

function mix(a, b, share) {
  const [x, y] = [channels(a), channels(b)];
  return `rgb(${x.map((v, i) => Math.round(v * share + y[i] * (1 - share))).join(" ")})`;
}
