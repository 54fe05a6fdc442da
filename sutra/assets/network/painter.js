// Paints a view on the canvas of its vis-network: relationships below, then marks, then captions.

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
    if (!this.movePicture(ctx)) this.drawRelationships(ctx);
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
    this.drawRelationships(ctx);
    // As vis does: what is selected or pointed at lies above the others.
    const above = (node) => Number(selected.includes(node.id) || hand.hovered === node.id);
    for (const node of [...nodes.values()].sort((a, b) => above(a) - above(b))) this.drawNode(ctx, node);
    this.drawOver(ctx, MARGIN);
    this.picture = { canvas, ratio, scale, origin };
  }

  // --- marks and relationships ---

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

  lineOf(relationship) {
    const { nodes, data, theme } = this.view;
    return draw.relationshipLine(relationship, nodes.get(relationship.from), nodes.get(relationship.to), data.types, theme.mark);
  }

  drawRelationships(ctx) {
    const { vis, nodes, relationships, selected, theme, camera: { scale } } = this.view;
    // vis moves a dragged node itself: take over where each one is now.
    for (const node of nodes.values()) Object.assign(node, vis.getPosition(node.id));
    const last = [];
    for (const relationship of relationships.values()) {
      const state = this.stateOf(relationship.id);
      state.strong = selected.includes(relationship.from) || selected.includes(relationship.to);
      if (state.selected || state.strong || state.hovered) last.push([relationship, state]);
      else draw.drawRelationship(ctx, relationship, this.lineOf(relationship), theme, state, scale);
    }
    last.sort(([, a], [, b]) => a.selected - b.selected);
    for (const [relationship, state] of last) draw.drawRelationship(ctx, relationship, this.lineOf(relationship), theme, state, scale);
  }

  // --- captions ---

  get noted() {
    return [...this.view.relationships.values()].filter((relationship) => relationship.noted);
  }

  // `beyond` the frame too, by so many pixels.
  drawOver(ctx, beyond = 0) {
    const { theme, camera: { scale } } = this.view;
    const shown = this.captions(ctx, scale, beyond);
    for (const caption of shown.captions) {
      captions.drawLabel(ctx, caption, theme, this.stateOf(caption.node.id), scale);
    }
    for (const { relationship, box } of shown.words) captions.drawRelationshipWords(ctx, relationship.words, box, theme, scale);
    for (const relationship of this.noted) draw.drawRelationshipNote(ctx, this.lineOf(relationship), theme, this.stateOf(relationship.id));
    if (!beyond) this.shown = shown;
  }

  // What is selected first of all, then the words of its relationships, then the others by rank.
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
    for (const relationship of this.noted) {
      room.put({ ...draw.relationshipNoteBox(this.lineOf(relationship), this.stateOf(relationship.id).unit), of: relationship.id });
    }
    const boxOf = (node, side) =>
      captions.labelBox(ctx, node, theme, scale, selected.includes(node.id), side);
    const bold = Math.min(CAPTIONS_FIRST, Math.ceil(visible.length / 4));
    const first = captions.captionsWithRoom(room, must, [], 0, boxOf);
    const words = this.relationshipWords(ctx, scale, room);
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

  relationshipWords(ctx, scale, room) {
    const { relationships, selected, theme } = this.view;
    return selected.map((id) => relationships.get(id)).filter(Boolean).map((relationship) => {
      const places = captions.relationshipWordPlaces(ctx, relationship.words, this.lineOf(relationship), theme, scale);
      const near = places.slice(0, places.length / 2);
      return { relationship, box: room.take(near) ?? room.take(places) ?? places[0] };
    });
  }

  // What is left out is said.
  tellCaptions(shown, all) {
    const left = shown < all && this.captionsOn;
    const words = `${shown} of ${all.toLocaleString("en")} ${all === 1 ? "caption" : "captions"}`;
    this.view.note.rest(left ? `${words}; zoom in for more` : "");
  }

  matters(id) {
    const { selected, relationships } = this.view;
    if (selected.includes(id)) return true;
    return selected.some((s) => {
      const relationship = relationships.get(s);
      return relationship && (relationship.from === id || relationship.to === id);
    });
  }

  // --- where things are ---

  // What lies there in the frame: a node, or the nearest relationship.
  at({ x, y }) {
    const { vis, relationships, camera } = this.view;
    const nodeId = vis.getNodeAt({ x, y });
    if (nodeId !== undefined) return { id: nodeId, what: "node", x, y };
    const point = vis.DOMtoCanvas({ x, y });
    let best = null;
    let nearest = TOUCH / camera.scale;
    for (const relationship of relationships.values()) {
      const far = draw.distanceTo(this.lineOf(relationship), point.x, point.y);
      if (far < nearest) [best, nearest] = [relationship.id, far];
    }
    return best === null ? null : { id: best, what: "relationship", x, y };
  }

  // Where a node's middle or a point on a relationship lies, in CSS pixels of the window; null if not drawn.
  positionOf(id) {
    const { vis, nodes, relationships, camera } = this.view;
    if (!vis || !(nodes.has(id) || relationships.has(id))) return null;
    const at = nodes.has(id) ? vis.getPosition(id) : draw.pointOn(this.lineOf(relationships.get(id)), 0.5);
    return camera.inWindow(at);
  }

  // What the letters of each caption and of a relationship's words cover, in CSS pixels of the window.
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
      ...this.shown.words.map(({ relationship, box }) => inWindow(relationship.id, box)),
    ];
  }
}
