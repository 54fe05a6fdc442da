// Geometry and drawing of the network. Nothing here knows Streamlit, vis-network or the DOM: it gets a
// canvas context in network coordinates (1 unit is 1 pixel at zoom 1) and plain records.

const SPREAD = 30; // pixels between two neighbouring ties of the same pair
const GAP = 3; // between a mark and the lines that touch it
export const FONT = 13;
const LINE = 15;

// --- marks --------------------------------------------------------------------------------------

export function tracePolygon(ctx, outline, x, y, size) {
  ctx.beginPath();
  outline.forEach(([px, py], i) => {
    if (i === 0) ctx.moveTo(x + px * size, y + py * size);
    else ctx.lineTo(x + px * size, y + py * size);
  });
  ctx.closePath();
}

// Half the width of a node's mark: what a measure makes of it, else the one that all have.
export function sizeOf(node, mark) {
  return node.size ?? mark;
}

export function drawMark(ctx, node, look, theme, state) {
  const { outline } = look;
  const colour = node.colour ?? look.colour;
  const size = sizeOf(node, theme.mark);
  ctx.save();
  ctx.globalAlpha = state.dim ? 0.2 : 1;
  ctx.lineJoin = "round";
  if (state.selected || state.hovered) {
    // A ring of ink round the mark: red belongs to evidence alone.
    tracePolygon(ctx, outline, node.x, node.y, size + 5.5);
    ctx.fillStyle = theme.paper;
    ctx.fill();
    ctx.lineWidth = state.selected ? 2.6 : 1.1;
    ctx.strokeStyle = theme.ink;
    ctx.stroke();
  }
  tracePolygon(ctx, outline, node.x, node.y, size);
  if (theme.dark) {
    // On a dark page the dark border needs a light one round it, or the shape is lost.
    ctx.lineWidth = 4;
    ctx.strokeStyle = theme.ink;
    ctx.stroke();
  } else if (!state.many && !state.selected && !state.hovered) {
    ctx.lineWidth = 5;
    ctx.strokeStyle = theme.paper;
    ctx.stroke();
  }
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = theme.border;
  ctx.stroke();
  if (node.pinned) drawPin(ctx, node.x + size * 0.85, node.y - size * 0.85, theme);
  if (node.noted) drawSheet(ctx, node.x - size * 0.95, node.y - size * 0.9, theme);
  ctx.restore();
}

// A pinned node has a pin's head at its upper right, one with a note a sheet at its upper left.
function drawPin(ctx, x, y, theme) {
  ctx.beginPath();
  ctx.arc(x, y, 5, 0, 2 * Math.PI);
  ctx.fillStyle = theme.ink;
  ctx.strokeStyle = theme.paper;
  ctx.lineWidth = 1.6;
  ctx.fill();
  ctx.stroke();
}

function drawSheet(ctx, x, y, theme) {
  ctx.beginPath();
  ctx.rect(x - 3.8, y - 4.8, 7.6, 9.6);
  ctx.fillStyle = theme.paper;
  ctx.strokeStyle = theme.ink;
  ctx.lineWidth = 1.2;
  ctx.fill();
  for (const dy of [-2, 0.4, 2.8]) {
    ctx.moveTo(x - 2.2, y + dy);
    ctx.lineTo(x + 2.2, y + dy);
  }
  ctx.stroke();
}

// How far the outline reaches from its centre in that direction, in units of its size.
function reach(look, angle) {
  look.reaches ??= new Map();
  const key = Math.round(angle * 24);
  let found = look.reaches.get(key);
  if (found === undefined) {
    found = castRay(look.outline, key / 24);
    look.reaches.set(key, found);
  }
  return found;
}

function castRay(outline, angle) {
  const dx = Math.cos(angle);
  const dy = Math.sin(angle);
  let far = 0;
  outline.forEach(([ax, ay], i) => {
    const [bx, by] = outline[(i + 1) % outline.length];
    const det = dx * (by - ay) - dy * (bx - ax);
    if (Math.abs(det) < 1e-9) return;
    const along = (ax * (by - ay) - ay * (bx - ax)) / det;
    const part = (ax * dy - ay * dx) / det;
    if (along > 0 && part >= 0 && part <= 1) far = Math.max(far, along);
  });
  return far || 1;
}

// --- ties ---------------------------------------------------------------------------------------

// The line of a tie: from one border to the other, with a control point where it bows.
export function tieLine(tie, from, to, types, mark) {
  if (from === to) {
    const r = 13 + 7 * tie.bend;
    return { loop: true, x: from.x, y: from.y - sizeOf(from, mark) - r + 3, r };
  }
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy) || 1;
  // The side is counted from the lower id, or two opposite ties would lie on each other.
  const side = (tie.from < tie.to ? 1 : -1) * tie.bend * Math.min(SPREAD, length / 4) * 2;
  const cx = (from.x + to.x) / 2 - (dy / length) * side;
  const cy = (from.y + to.y) / 2 + (dx / length) * side;
  const start = border(from, cx, cy, types, mark);
  const end = border(to, cx, cy, types, mark);
  return { loop: false, straight: tie.bend === 0, x1: start.x, y1: start.y, cx, cy, x2: end.x, y2: end.y };
}

function border(node, towardsX, towardsY, types, mark) {
  const angle = Math.atan2(towardsY - node.y, towardsX - node.x);
  const far = reach(types[node.type], angle) * sizeOf(node, mark) + GAP;
  return { x: node.x + Math.cos(angle) * far, y: node.y + Math.sin(angle) * far };
}

export function pointOn(line, t) {
  if (line.loop) {
    const angle = Math.PI / 2 + t * 2 * Math.PI;
    return { x: line.x + Math.cos(angle) * line.r, y: line.y + Math.sin(angle) * line.r };
  }
  if (line.straight) {
    return { x: line.x1 + (line.x2 - line.x1) * t, y: line.y1 + (line.y2 - line.y1) * t };
  }
  const u = 1 - t;
  return {
    x: u * u * line.x1 + 2 * u * t * line.cx + t * t * line.x2,
    y: u * u * line.y1 + 2 * u * t * line.cy + t * t * line.y2,
  };
}

export function distanceTo(line, x, y) {
  if (line.loop) return Math.abs(Math.hypot(x - line.x, y - line.y) - line.r);
  if (line.straight) return toSegment(x, y, line.x1, line.y1, line.x2, line.y2);
  let best = Infinity;
  let before = pointOn(line, 0);
  for (let i = 1; i <= 12; i++) {
    const here = pointOn(line, i / 12);
    best = Math.min(best, toSegment(x, y, before.x, before.y, here.x, here.y));
    before = here;
  }
  return best;
}

function toSegment(x, y, ax, ay, bx, by) {
  const dx = bx - ax;
  const dy = by - ay;
  const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

export function drawTie(ctx, tie, line, theme, state, scale) {
  // Zoomed out, lines keep their width on the screen, or the thin ones would vanish; zoomed in, they
  // grow more slowly than what they join.
  const unit = scale > 1 ? 1 / Math.sqrt(scale) : 1 / Math.max(0.6, scale);
  const width = (tie.width + (state.selected ? 1.4 : 0)) * unit;
  ctx.save();
  // A fact that need not have happened by the day the view is held to is there, and faint.
  ctx.globalAlpha = state.dim ? 0.13 : tie.faint && !state.selected ? 0.38 : 1;
  ctx.strokeStyle = state.selected ? theme.red : state.strong ? theme.ink : theme.line;
  ctx.fillStyle = ctx.strokeStyle;
  const tip = arrowTip(line, (6.5 + 1.5 * tie.width) * unit);
  if (state.hovered && !state.selected) {
    traceLine(ctx, line, tip);
    ctx.lineWidth = width + 7 * unit;
    ctx.globalAlpha *= 0.16;
    ctx.stroke();
    ctx.globalAlpha = 1;
  }
  traceLine(ctx, line, tip);
  if (tie.dashed) ctx.setLineDash([7 * unit, 5 * unit]);
  if (tie.double) {
    const rail = (Math.max(1, tie.width * 0.6) + (state.selected ? 0.6 : 0)) * unit;
    const between = 2.6 * unit;
    ctx.lineWidth = 2 * rail + between;
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.lineWidth = between;
    ctx.strokeStyle = theme.paper;
    ctx.stroke();
  } else {
    ctx.lineWidth = width;
    ctx.stroke();
    ctx.setLineDash([]);
  }
  drawArrow(ctx, tip, tie.open, theme, state, unit);
  ctx.restore();
}

function traceLine(ctx, line, tip) {
  ctx.beginPath();
  if (line.loop) {
    ctx.arc(line.x, line.y, line.r, Math.PI * 0.62, Math.PI * 2.3);
  } else {
    ctx.moveTo(line.x1, line.y1);
    if (line.straight) ctx.lineTo(tip.baseX, tip.baseY);
    else ctx.quadraticCurveTo(line.cx, line.cy, tip.baseX, tip.baseY);
  }
}

function arrowTip(line, size) {
  if (line.loop) {
    const angle = Math.PI * 0.38;
    const x = line.x + Math.cos(angle) * line.r;
    const y = line.y + Math.sin(angle) * line.r;
    return { x, y, dx: -0.75, dy: 0.66, size, baseX: x, baseY: y };
  }
  const fromX = line.straight ? line.x1 : line.cx;
  const fromY = line.straight ? line.y1 : line.cy;
  const length = Math.hypot(line.x2 - fromX, line.y2 - fromY) || 1;
  const dx = (line.x2 - fromX) / length;
  const dy = (line.y2 - fromY) / length;
  // The line ends inside the head: a wide one would stick out beside the tip.
  return {
    x: line.x2, y: line.y2, dx, dy, size,
    baseX: line.x2 - dx * size * 0.85, baseY: line.y2 - dy * size * 0.85,
  };
}

function drawArrow(ctx, tip, open, theme, state, unit) {
  const backX = tip.x - tip.dx * tip.size;
  const backY = tip.y - tip.dy * tip.size;
  const half = tip.size * 0.42;
  ctx.beginPath();
  ctx.moveTo(tip.x, tip.y);
  ctx.lineTo(backX - tip.dy * half, backY + tip.dx * half);
  ctx.lineTo(backX + tip.dy * half, backY - tip.dx * half);
  ctx.closePath();
  if (open) {
    ctx.fillStyle = theme.paper;
    ctx.lineWidth = 1.4 * unit;
    ctx.lineJoin = "miter";
    ctx.strokeStyle = state.selected ? theme.red : state.strong ? theme.ink : theme.line;
    ctx.fill();
    ctx.stroke();
  } else {
    ctx.fill();
  }
}

// The words of a tie, beside the middle of its line and above it.
export function drawTieWords(ctx, words, line, theme, scale) {
  const { x, y } = pointOn(line, 0.5);
  const near = pointOn(line, 0.55);
  const length = Math.hypot(near.x - x, near.y - y) || 1;
  const up = near.x >= x ? 1 : -1;
  const size = 13 / Math.min(1.2, scale);
  const wide = textWidth(ctx, `600 ${size}px ${theme.font}`, words) / 2;
  // A steep line would run through words above it: they go as far aside as they are wide.
  const steep = Math.abs(near.y - y) / length;
  const off = size * 0.95 + steep * wide;
  ctx.save();
  ctx.font = `600 ${size}px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 5 / scale;
  ctx.strokeStyle = theme.paper;
  ctx.fillStyle = theme.red;
  const at = [x + (up * (near.y - y) * off) / length, y - (up * (near.x - x) * off) / length];
  ctx.strokeText(words, ...at);
  ctx.fillText(words, ...at);
  ctx.restore();
}

function textWidth(ctx, font, text) {
  ctx.save();
  ctx.font = font;
  const { width } = ctx.measureText(text);
  ctx.restore();
  return width;
}

// --- captions -----------------------------------------------------------------------------------

// Letters stay between 11 and 17 pixels on the screen whatever the zoom.
export function letterSize(scale) {
  return Math.max(11, Math.min(17, FONT * scale)) / scale;
}

export function measureLabel(ctx, node, theme) {
  if (node.measured?.font === theme.font) return node.measured;
  ctx.save();
  ctx.font = `${FONT}px ${theme.font}`;
  const width = Math.max(0, ...node.lines.map((text) => ctx.measureText(text).width));
  ctx.restore();
  node.measured = { font: theme.font, width };
  return node.measured;
}

export function labelBox(ctx, node, theme, scale) {
  const grow = letterSize(scale) / FONT;
  const { width } = measureLabel(ctx, node, theme);
  const top = node.y + sizeOf(node, theme.mark) + 3;
  return {
    left: node.x - (width * grow) / 2 - 3,
    right: node.x + (width * grow) / 2 + 3,
    top,
    bottom: top + node.lines.length * LINE * grow + 2,
  };
}

export function drawLabel(ctx, node, theme, state, scale) {
  const size = letterSize(scale);
  const step = (LINE * size) / FONT;
  ctx.save();
  ctx.font = `${state.selected ? 700 : 400} ${size}px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.direction = "ltr";
  ctx.lineJoin = "round";
  ctx.globalAlpha = state.dim ? 0.3 : 1;
  node.lines.forEach((text, i) => {
    const y = node.y + sizeOf(node, theme.mark) + 3 + step * (i + 0.86);
    ctx.lineWidth = 4 / Math.min(1.3, scale);
    ctx.strokeStyle = theme.paper;
    ctx.strokeText(text, node.x, y);
    ctx.fillStyle = theme.ink;
    ctx.fillText(text, node.x, y);
  });
  ctx.restore();
}

// Which captions have room: the most important first, none across another or across a foreign mark.
// Among more than a hundred marks the first few may lie across marks, or the hubs had no names.
export function captionsWithRoom(candidates, boxOf, marks, markSize, first) {
  const bold = marks.length > 100 ? first : 0;
  const cell = 90;
  const cells = new Map();
  const touched = (box, visit) => {
    for (let cx = Math.floor(box.left / cell); cx <= Math.floor(box.right / cell); cx++) {
      for (let cy = Math.floor(box.top / cell); cy <= Math.floor(box.bottom / cell); cy++) {
        if (visit(cx + ":" + cy)) return true;
      }
    }
    return false;
  };
  const put = (box) => touched(box, (key) => {
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(box);
    return false;
  });
  for (const node of marks) {
    const s = sizeOf(node, markSize) * 0.8;
    put({ left: node.x - s, right: node.x + s, top: node.y - s, bottom: node.y + s, of: node });
  }
  const shown = [];
  for (const [i, node] of candidates.entries()) {
    const box = boxOf(node);
    box.of = node;
    box.caption = true;
    const covered = touched(box, (key) => (cells.get(key) ?? []).some((other) =>
      other.of !== node && (other.caption || i >= bold) && box.left < other.right && other.left < box.right &&
      box.top < other.bottom && other.top < box.bottom));
    if (covered) continue;
    put(box);
    shown.push(node);
  }
  return shown;
}
