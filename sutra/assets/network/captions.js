// Captions of marks and words of relationships: where they have room, and their letters. As in drawing.js,
// nothing here knows Streamlit, vis-network or the DOM.

import { pointOn, sizeOf } from "./drawing.js";

const FONT = 13;
const LINE = 15;

// --- the words of a relationship -------------------------------------------------------------------------

// The words of a relationship: where they may stand beside its line, best first. `size` is of their letters.
export function relationshipWordPlaces(ctx, words, line, theme, scale) {
  const size = 13 / Math.min(1.2, scale);
  const wide = textWidth(ctx, wordFont(size, theme), words) / 2;
  return ALONG.flatMap(([t, way, far]) => {
    const { x, y } = pointOn(line, t);
    const near = pointOn(line, t + 0.05);
    const length = Math.hypot(near.x - x, near.y - y) || 1;
    const up = (near.x >= x ? 1 : -1) * way;
    // A steep line would run through words above it: they go as far aside as they are wide.
    const steep = Math.abs(near.y - y) / length;
    const off = (size * 0.95 + steep * wide) * far;
    const mx = x + (up * (near.y - y) * off) / length;
    const my = y - (up * (near.x - x) * off) / length;
    const pad = 2 / scale;
    return [{
      left: mx - wide - pad, right: mx + wide + pad, top: my - size * 0.62 - pad,
      bottom: my + size * 0.62 + pad, size,
    }];
  });
}

// How far along the line, on which side of it, and how far from it.
const ALONG = [1, 1.9].flatMap((far) =>
  [0.5, 0.36, 0.64, 0.24, 0.76].flatMap((t) => [[t, 1, far], [t, -1, far]]));

export function drawRelationshipWords(ctx, words, box, theme, scale) {
  ctx.save();
  ctx.font = wordFont(box.size, theme);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 5 / scale;
  ctx.strokeStyle = theme.paper;
  ctx.fillStyle = theme.red;
  const at = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  ctx.strokeText(words, ...at);
  ctx.fillText(words, ...at);
  ctx.restore();
}

function wordFont(size, theme) {
  return `600 ${size}px ${theme.font}`;
}

function textWidth(ctx, font, text) {
  ctx.save();
  ctx.font = font;
  const { width } = ctx.measureText(text);
  ctx.restore();
  return width;
}

// --- captions -----------------------------------------------------------------------------------

// Where a caption may stand: below its mark, else above, right or left of it, else at a corner. What
// must be named may stand farther off too, where only captions are in its way.
const SIDES = [
  [0, 1], [0, -1], [1, 0], [-1, 0], [1, 1], [-1, 1], [1, -1], [-1, -1],
].map(([across, down]) => ({ across, down, far: 0 }));
const FARTHER = [1, 2].flatMap((far) => SIDES.map((side) => ({ ...side, far })));

// Letters stay between 11 and 17 pixels on the screen whatever the zoom.
function letterSize(scale) {
  return Math.max(11, Math.min(17, FONT * scale)) / scale;
}

function captionFont(size, theme, strong) {
  return `${strong ? 700 : 400} ${size}px ${theme.font}`;
}

function captionWidth(ctx, node, theme, strong) {
  if (node.measured?.font !== theme.font) node.measured = { font: theme.font };
  const found = node.measured;
  found[strong] ??= Math.max(
    0, ...node.lines.map((text) => textWidth(ctx, captionFont(FONT, theme, strong), text)),
  );
  return found[strong];
}

// The box of a caption on that side of its mark, with the paper round its letters.
export function labelBox(ctx, node, theme, scale, strong = false, side = SIDES[0]) {
  const grow = letterSize(scale) / FONT;
  const pad = 2 / scale;
  const width = captionWidth(ctx, node, theme, strong) * grow + 2 * pad;
  const height = node.lines.length * LINE * grow + pad;
  const line = LINE * grow;
  const away = sizeOf(node, theme.mark) * (side.across && side.down ? 0.6 : 1) + 3 + side.far * line;
  const left = node.x + (side.across ? side.across * away - (side.across < 0 ? width : 0) : -width / 2);
  const top = node.y + (side.down ? side.down * away - (side.down < 0 ? height : 0) : -height / 2);
  return { left, right: left + width, top, bottom: top + height, side, strong };
}

export function drawLabel(ctx, { node, box }, theme, state, scale) {
  ctx.save();
  setLetters(ctx, box, theme, scale);
  ctx.globalAlpha = state.dim ? 0.3 : 1;
  for (const [text, x, y] of lettersOf(node, box, scale)) {
    ctx.lineWidth = 4 / Math.min(1.3, scale);
    ctx.strokeStyle = theme.paper;
    ctx.strokeText(text, x, y);
    ctx.fillStyle = theme.ink;
    ctx.fillText(text, x, y);
  }
  ctx.restore();
}

function setLetters(ctx, { side, strong }, theme, scale) {
  ctx.font = captionFont(letterSize(scale), theme, strong);
  ctx.textAlign = { "-1": "right", 0: "center", 1: "left" }[side.across];
  ctx.textBaseline = "alphabetic";
  ctx.direction = "ltr";
  ctx.lineJoin = "round";
}

// Each line of a caption, and where it begins, ends or has its middle.
function lettersOf(node, box, scale) {
  const pad = 2 / scale;
  const step = (LINE * letterSize(scale)) / FONT;
  const x = { "-1": box.right - pad, 0: (box.left + box.right) / 2, 1: box.left + pad }[box.side.across];
  return node.lines.map((text, i) => [text, x, box.top + step * (i + 0.86)]);
}

// What the letters of a caption cover, as they are drawn: for tests.
export function inkOf(ctx, { node, box }, theme, scale) {
  ctx.save();
  setLetters(ctx, box, theme, scale);
  const found = lettersOf(node, box, scale).map(([text, x, y]) => {
    const ink = ctx.measureText(text);
    return {
      left: x - ink.actualBoundingBoxLeft, right: x + ink.actualBoundingBoxRight,
      top: y - ink.actualBoundingBoxAscent, bottom: y + ink.actualBoundingBoxDescent,
    };
  });
  ctx.restore();
  return {
    left: Math.min(...found.map((f) => f.left)), right: Math.max(...found.map((f) => f.right)),
    top: Math.min(...found.map((f) => f.top)), bottom: Math.max(...found.map((f) => f.bottom)),
  };
}

// --- room ---------------------------------------------------------------------------------------

const CELL = 90;
const TOUCHED = 0.4; // of a mark, which a caption may cover if it must
const OUTSIDE = 1e6; // what a box costs that sticks out of the frame, in square pixels

// What is taken of the canvas: by marks, which a caption may cover if it must, and by captions.
export class Room {
  constructor(marks, markSize, frame) {
    this.cells = new Map();
    this.frame = frame;
    this.mark = (1.6 * markSize) ** 2;
    for (const node of marks) {
      const s = sizeOf(node, markSize) * 0.8;
      this.put({ left: node.x - s, right: node.x + s, top: node.y - s, bottom: node.y + s, of: node.id });
    }
  }

  put(box) {
    for (const key of keysOf(box)) {
      const there = this.cells.get(key);
      if (there) there.push(box);
      else this.cells.set(key, [box]);
    }
  }

  // What it costs to put a box there: how much of marks it covers; Infinity across a caption.
  cost(box, of) {
    const { frame } = this;
    const out = frame && (box.left < frame.left || box.right > frame.right ||
      box.top < frame.top || box.bottom > frame.bottom);
    let sum = out ? OUTSIDE : 0;
    for (const key of keysOf(box)) {
      for (const other of this.cells.get(key) ?? []) {
        const wide = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        const high = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
        if (wide <= 0 || high <= 0) continue;
        if (other.caption) return Infinity;
        if (other.of !== of) sum += wide * high;
      }
    }
    return sum;
  }

  // Takes the first box that costs nothing, else the cheapest that costs at most so much.
  take(boxes, of, most = Infinity) {
    let [best, least] = [null, Infinity];
    for (const box of boxes) {
      const cost = this.cost(box, of);
      if (cost < least) [best, least] = [box, cost];
      if (!cost) break;
    }
    if (!best || least > most) return null;
    best.caption = true;
    this.put(best);
    return best;
  }
}

function* keysOf({ left, right, top, bottom }) {
  for (let cx = Math.floor(left / CELL); cx <= Math.floor(right / CELL); cx++) {
    for (let cy = Math.floor(top / CELL); cy <= Math.floor(bottom / CELL); cy++) {
      yield (cx + 32768) * 65536 + cy + 32768;
    }
  }
}

// The captions that have room, each with its box. `must` are always among them; then come `others`
// by rank, none across another. The first `bold` of them may touch a mark and half of those lie
// across marks, or hubs had no names.
export function captionsWithRoom(room, must, others, bold, boxOf) {
  const shown = [];
  for (const node of must) {
    const box = room.take(placesOf(node, SIDES, boxOf), node.id) ??
      room.take(placesOf(node, FARTHER, boxOf), node.id) ?? boxOf(node, SIDES[0]);
    shown.push({ node, box });
  }
  for (const [i, node] of others.entries()) {
    const most = i < bold / 2 ? OUTSIDE - 1 : i < bold ? TOUCHED * room.mark : 0;
    const box = room.take(placesOf(node, SIDES, boxOf), node.id, most);
    if (box) shown.push({ node, box });
  }
  return shown;
}

// One after the other, since the first mostly has room.
function* placesOf(node, sides, boxOf) {
  for (const side of sides) yield boxOf(node, side);
}

// With the caption of what is pointed at, if it is not there yet: those that it covers give way,
// the first `kept` of them excepted, and nothing else moves.
export function withCaption(shown, kept, node, boxOf) {
  if (shown.some((one) => one.node === node)) return shown;
  const covers = (box, other) => box.left < other.right && other.left < box.right &&
    box.top < other.bottom && other.top < box.bottom;
  const covered = (box, among) => among.filter((one) => covers(box, one.box)).length;
  const boxes = [...SIDES, ...FARTHER].map((side) => boxOf(node, side));
  const free = boxes.filter((box) => !covered(box, shown.slice(0, kept)));
  const box = (free.length ? free : boxes).reduce(
    (best, one) => (covered(one, shown) < covered(best, shown) ? one : best),
  );
  const stay = shown.filter((one, i) => i < kept || !covers(box, one.box));
  return [...stay, { node, box }];
}
