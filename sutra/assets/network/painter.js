// Paints a view on the canvas of its vis-network: ties below, then marks, then captions.

import * as captions from "./captions.js";
import * as draw from "./drawing.js";

const CAPTIONS_FIRST = 20; // so many hubs, a quarter of all at most, are named even across marks
const TOUCH = 7; // px round a line that still count as the line
const MOVED_FROM = 60; // from so many nodes on, panning moves a picture of them
const MARGIN = 320; // px that the picture shows beyond each side of the frame

export class Painter {
  constructor(view) {
    this.view = view;
    this.captionsOn = true;
    this.panning = false; // whether a hand moves what is seen
    this.picture = null;
  }

  paint(ctx) {
    if (!this.movePicture(ctx)) this.drawTies(ctx);
  }

  paintOver(ctx) {
    if (!this.picture) this.drawOver(ctx);
  }

  // --- a picture to move ---

  // While a hand pans, what was painted once is moved: painting a large network takes longer than a
  // frame may.
  movePicture(ctx) {
    const { vis, nodes, camera } = this.view;
    if (!this.panning || nodes.size < MOVED_FROM) {
      this.picture = null;
      return false;
    }
    const origin = vis.canvasToDOM({ x: 0, y: 0 });
    const far = () => [origin.x - this.picture.origin.x, origin.y - this.picture.origin.y];
    if (!this.picture || far().some((d) => Math.abs(d) > MARGIN) ||
        this.picture.scale !== camera.scale) this.takePicture(ctx.canvas, origin);
    const { canvas, ratio } = this.picture;
    ctx.save();
    ctx.resetTransform();
    ctx.drawImage(canvas, ...far().map((d) => Math.round((d - MARGIN) * ratio)));
    ctx.restore();
    return true;
  }

  takePicture(frame, origin) {
    const { nodes, selected, hand, stage, camera: { scale } } = this.view;
    const ratio = frame.width / stage.clientWidth;
    const canvas = document.createElement("canvas");
    canvas.width = frame.width + 2 * MARGIN * ratio;
    canvas.height = frame.height + 2 * MARGIN * ratio;
    const ctx = canvas.getContext("2d");
    ctx.setTransform(
      ratio * scale, 0, 0, ratio * scale, ratio * (origin.x + MARGIN), ratio * (origin.y + MARGIN),
    );
    this.drawTies(ctx);
    // As vis does: what is selected or pointed at lies above the others.
    const above = (node) => Number(selected.includes(node.id) || hand.hovered === node.id);
    for (const node of [...nodes.values()].sort((a, b) => above(a) - above(b))) this.drawNode(ctx, node);
    this.drawOver(ctx, MARGIN);
    this.picture = { canvas, ratio, scale, origin };
  }

  // --- marks and ties ---

  drawNode(ctx, node) {
    const { data, theme } = this.view;
    draw.drawMark(ctx, node, data.types[node.type], theme, this.stateOf(node.id));
  }

  // As vis asks for it.
  renderNode({ ctx, id, x, y }) {
    const node = this.view.nodes.get(id);
    const size = draw.sizeOf(node ?? {}, this.view.theme.mark) * 2;
    return {
      drawNode: () => {
        if (node && !this.picture) this.drawNode(ctx, { ...node, x, y });
      },
      nodeDimensions: { width: size, height: size },
    };
  }

  stateOf(id) {
    const { nodes, selected, hand, lit, camera } = this.view;
    return {
      many: nodes.size > 300, // then what only looks better is left out
      selected: selected.includes(id),
      hovered: hand.hovered === id,
      dim: lit !== null && !lit.has(id),
      unit: 1 / Math.max(0.6, Math.min(1, camera.scale)),
    };
  }

  lineOf(tie) {
    const { nodes, data, theme } = this.view;
    return draw.tieLine(tie, nodes.get(tie.from), nodes.get(tie.to), data.types, theme.mark);
  }

  drawTies(ctx) {
    const { vis, nodes, ties, selected, theme, camera: { scale } } = this.view;
    // vis moves a dragged node itself: take over where each one is now.
    for (const node of nodes.values()) Object.assign(node, vis.getPosition(node.id));
    const last = [];
    for (const tie of ties.values()) {
      const state = this.stateOf(tie.id);
      state.strong = selected.includes(tie.from) || selected.includes(tie.to);
      if (state.selected || state.strong || state.hovered) last.push([tie, state]);
      else draw.drawTie(ctx, tie, this.lineOf(tie), theme, state, scale);
    }
    last.sort(([, a], [, b]) => a.selected - b.selected);
    for (const [tie, state] of last) draw.drawTie(ctx, tie, this.lineOf(tie), theme, state, scale);
  }

  // --- captions ---

  get noted() {
    return [...this.view.ties.values()].filter((tie) => tie.noted);
  }

  // `beyond` the frame too, by so many pixels.
  drawOver(ctx, beyond = 0) {
    const { theme, camera: { scale } } = this.view;
    const shown = this.captions(ctx, scale, beyond);
    for (const caption of shown.captions) {
      captions.drawLabel(ctx, caption, theme, this.stateOf(caption.node.id), scale);
    }
    for (const { tie, box } of shown.words) captions.drawTieWords(ctx, tie.words, box, theme, scale);
    for (const tie of this.noted) draw.drawTieNote(ctx, this.lineOf(tie), theme, this.stateOf(tie.id));
    if (!beyond) this.shown = shown;
  }

  // What is selected first of all, then the words of its ties, then the others by rank.
  captions(ctx, scale, beyond) {
    const { byRank, camera, data, theme, selected } = this.view;
    const visible = byRank.filter((node) => camera.sees(node));
    const must = visible.filter((node) => this.matters(node.id));
    const most = Math.max(0, data.labels - must.length);
    const rest = this.captionsOn
      ? this.litFirst(visible.filter((node) => !must.includes(node))).slice(0, most) : [];
    const seen = new Set(visible);
    const more = beyond ? byRank.filter((node) => !seen.has(node) && camera.sees(node, beyond)) : [];
    const room = new captions.Room([...visible, ...more], theme.mark, camera.frame());
    for (const tie of this.noted) {
      room.put({ ...draw.tieNoteBox(this.lineOf(tie), this.stateOf(tie.id).unit), of: tie.id });
    }
    const boxOf = (node, side) =>
      captions.labelBox(ctx, node, theme, scale, selected.includes(node.id), side);
    const bold = Math.min(CAPTIONS_FIRST, Math.ceil(visible.length / 4));
    const first = captions.captionsWithRoom(room, must, [], 0, boxOf);
    const words = this.tieWords(ctx, scale, room);
    const others = captions.captionsWithRoom(room, [], rest, bold, boxOf);
    if (beyond) {
      // After those in the frame, so that none of these goes.
      room.frame = null;
      const named = this.captionsOn ? more.slice(0, data.labels) : [];
      others.push(...captions.captionsWithRoom(room, [], named, 0, boxOf));
    }
    const pointed = this.view.nodes.get(this.view.hand.hovered);
    const placed = [...first, ...others];
    const all = pointed ? captions.withCaption(placed, first.length, pointed, boxOf) : placed;
    if (!beyond) this.tellCaptions(all.length, visible.length);
    return { captions: all, words };
  }

  litFirst(nodes) {
    const { lit } = this.view;
    if (lit === null) return nodes;
    return [...nodes.filter(({ id }) => lit.has(id)), ...nodes.filter(({ id }) => !lit.has(id))];
  }

  tieWords(ctx, scale, room) {
    const { ties, selected, theme } = this.view;
    return selected.map((id) => ties.get(id)).filter(Boolean).map((tie) => {
      const places = captions.tieWordPlaces(ctx, tie.words, this.lineOf(tie), theme, scale);
      const near = places.slice(0, places.length / 2);
      return { tie, box: room.take(near) ?? room.take(places) ?? places[0] };
    });
  }

  // What is left out is said.
  tellCaptions(shown, all) {
    const left = shown < all && this.captionsOn;
    const words = `${shown} of ${all.toLocaleString("en")} ${all === 1 ? "caption" : "captions"}`;
    this.view.note.rest(left ? `${words}; zoom in for more` : "");
  }

  matters(id) {
    const { selected, ties } = this.view;
    if (selected.includes(id)) return true;
    return selected.some((s) => {
      const tie = ties.get(s);
      return tie && (tie.from === id || tie.to === id);
    });
  }

  // --- where things are ---

  // What lies there in the frame: a node, or the nearest tie.
  at({ x, y }) {
    const { vis, ties, camera } = this.view;
    const nodeId = vis.getNodeAt({ x, y });
    if (nodeId !== undefined) return { id: nodeId, what: "node", x, y };
    const point = vis.DOMtoCanvas({ x, y });
    let best = null;
    let nearest = TOUCH / camera.scale;
    for (const tie of ties.values()) {
      const far = draw.distanceTo(this.lineOf(tie), point.x, point.y);
      if (far < nearest) [best, nearest] = [tie.id, far];
    }
    return best === null ? null : { id: best, what: "relationship", x, y };
  }

  // Where a node's middle or a point on a tie lies, in CSS pixels of the window; null if not drawn.
  positionOf(id) {
    const { vis, nodes, ties, camera } = this.view;
    if (!vis || !(nodes.has(id) || ties.has(id))) return null;
    const at = nodes.has(id) ? vis.getPosition(id) : draw.pointOn(this.lineOf(ties.get(id)), 0.5);
    return camera.inWindow(at);
  }

  // What the letters of each caption and of a tie's words cover, in CSS pixels of the window.
  captionsDrawn() {
    const { stage, theme, camera } = this.view;
    const ctx = stage.querySelector("canvas").getContext("2d");
    const inWindow = (id, { left, top, right, bottom }) => {
      const [a, b] = [{ x: left, y: top }, { x: right, y: bottom }].map((at) => camera.inWindow(at));
      return { id, left: a.x, top: a.y, right: b.x, bottom: b.y };
    };
    return [
      ...this.shown.captions.map(
        (one) => inWindow(one.node.id, captions.inkOf(ctx, one, theme, camera.scale))),
      ...this.shown.words.map(({ tie, box }) => inWindow(tie.id, box)),
    ];
  }
}
