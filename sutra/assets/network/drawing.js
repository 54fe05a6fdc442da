// Geometry and drawing of marks and relationships. Nothing here knows Streamlit, vis-network or the DOM: it gets a
// canvas context in network coordinates (1 unit is 1 pixel at zoom 1) and plain records.

const SPREAD = 30; // pixels between two neighbouring relationships of the same pair
const GAP = 3; // between a mark and the lines that touch it

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
  if (node.noted) drawSheet(ctx, node.x - size * 0.95, node.y - size * 0.9, theme, state.unit);
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

// A relationship with a note has the sheet on the middle of its line: where that lies, with some paper round it.
export function relationshipNoteBox(line, unit) {
  const { x, y } = pointOn(line, 0.5);
  const [wide, high] = [6 * unit, 7 * unit];
  return { left: x - wide, right: x + wide, top: y - high, bottom: y + high };
}

export function drawRelationshipNote(ctx, line, theme, state) {
  const { x, y } = pointOn(line, 0.5);
  ctx.save();
  ctx.globalAlpha = state.dim ? 0.2 : 1;
  drawSheet(ctx, x, y, theme, state.unit);
  ctx.restore();
}

// `unit` keeps it readable where the network is far away.
function drawSheet(ctx, x, y, theme, unit) {
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(unit, unit);
  traceSheet(ctx, theme);
  ctx.restore();
}

function traceSheet(ctx, theme) {
  ctx.beginPath();
  ctx.rect(-3.8, -4.8, 7.6, 9.6);
  ctx.fillStyle = theme.paper;
  ctx.strokeStyle = theme.ink;
  ctx.lineWidth = 1.2;
  ctx.fill();
  for (const dy of [-2, 0.4, 2.8]) {
    ctx.moveTo(-2.2, dy);
    ctx.lineTo(2.2, dy);
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

// --- relationships ---------------------------------------------------------------------------------------

// The line of a relationship: from one border to the other, with a control point where it bows.
export function relationshipLine(relationship, from, to, types, mark) {
  if (from === to) {
    const r = 13 + 7 * relationship.bend;
    return { loop: true, x: from.x, y: from.y - sizeOf(from, mark) - r + 3, r };
  }
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy) || 1;
  // The side is counted from the lower id, or two opposite relationships would lie on each other.
  const side = (relationship.from < relationship.to ? 1 : -1) * relationship.bend * Math.min(SPREAD, length / 4) * 2;
  const cx = (from.x + to.x) / 2 - (dy / length) * side;
  const cy = (from.y + to.y) / 2 + (dx / length) * side;
  const start = border(from, cx, cy, types, mark);
  const end = border(to, cx, cy, types, mark);
  return { loop: false, straight: relationship.bend === 0, x1: start.x, y1: start.y, cx, cy, x2: end.x, y2: end.y };
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

export function drawRelationship(ctx, relationship, line, theme, state, scale) {
  // Zoomed out, lines keep their width on the screen, or the thin ones would vanish; zoomed in, they
  // grow more slowly than what they join.
  const unit = scale > 1 ? 1 / Math.sqrt(scale) : 1 / Math.max(0.6, scale);
  const width = (relationship.width + (state.selected ? 1.4 : 0)) * unit;
  ctx.save();
  // A fact that need not have happened by the day the view is held to is there, and faint.
  ctx.globalAlpha = state.dim ? 0.13 : relationship.faint && !state.selected ? 0.38 : 1;
  ctx.strokeStyle = state.selected ? theme.red : state.strong ? theme.ink : theme.line;
  ctx.fillStyle = ctx.strokeStyle;
  const tip = arrowTip(line, (6.5 + 1.5 * relationship.width) * unit);
  if (state.hovered && !state.selected) {
    traceLine(ctx, line, tip);
    ctx.lineWidth = width + 7 * unit;
    ctx.globalAlpha *= 0.16;
    ctx.stroke();
    ctx.globalAlpha = 1;
  }
  traceLine(ctx, line, tip);
  if (relationship.dashed) ctx.setLineDash([7 * unit, 5 * unit]);
  if (relationship.double) {
    const rail = (Math.max(1, relationship.width * 0.6) + (state.selected ? 0.6 : 0)) * unit;
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
  drawArrow(ctx, tip, relationship.open, theme, state, unit);
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
