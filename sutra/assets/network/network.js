// The network view: a Streamlit component round one vis-network.
//
// vis-network holds the camera, the dragging and the data sets; relationships, marks and captions are drawn on
// its canvas by drawing.js, so that lines can say what vis's own cannot. Streamlit calls the default
// export at each rerun and at each change of theme: the first call makes a view, the others change it.

import * as draw from "./drawing.js";
import { itemsForAll, itemsOf } from "./menu.js";

const DOUBLE_CLICK = 260; // ms: a double-click also fires clicks, so a click waits that long
const CAPTIONS_FIRST = 20; // so many hubs, a quarter of all at most, are named even across marks
const TOUCH = 7; // px round a line that still count as the line
const AGAIN = 1500; // ms until what has not arrived while the app rests is sent again
const TRIES = 5;
const RESTED = 450; // ms for which the view stands still before the page hears of it
const LEFT = 5000; // ms after which nobody waits any more for what a view that is gone was told
const ABOVE = 28; // px above the middle of the uppermost mark, and below that of the lowest
const BELOW = 50;
const LOWER_EDGE = 40; // px where the tools and the note stand, side by side
const NARROW = 400; // px of width under which they stand one above the other
const HIGHER_EDGE = 70;
const MOVED_FROM = 60; // from so many nodes on, panning moves a picture of them
const MARGIN = 320; // px that the picture shows beyond each side of the frame

const views = new WeakMap(); // the element Streamlit gives us -> View
const memory = new Map(); // key of a network -> what it looked like when it was last unmounted
let alive = 0;
let library;

function loadLibrary() {
  // A UMD bundle: imported as a module it puts itself into globalThis.
  library ??= import("./vendor/vis-network.min.js").then(() => globalThis.vis);
  return library;
}

export default function (component) {
  const { parentElement } = component;
  let view = views.get(parentElement);
  if (!view) {
    view = new View(parentElement);
    views.set(parentElement, view);
  }
  const call = (view.lastCall = {});
  view.receive(component);
  return () => {
    // Streamlit also cleans up after a call that a newer one has overtaken.
    if (view.lastCall !== call) return;
    views.delete(parentElement);
    view.destroy();
  };
}

class View {
  constructor(parent) {
    this.nodes = new Map();
    this.relationships = new Map();
    this.byRank = []; // vis draws once before it has data
    this.selected = [];
    this.lit = null;
    this.hovered = null;
    this.flown = new Set(); // what the page has asked to look at
    this.dragged = []; // ids of the nodes that a hand holds
    this.pending = new Map(); // dragged nodes that Python has not confirmed: id -> {x, y, seq}
    this.seq = 0;
    this.drawn = 0;
    this.labelsOn = true;
    this.stop = new AbortController();
    this.buildFrame(parent);
  }

  // --- the frame ---

  buildFrame(parent) {
    this.root = element("div", "sutra-network");
    this.stage = element("div", "stage");
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "img");
    this.tip = element("div", "tip");
    this.tip.hidden = true;
    this.note = element("div", "note");
    this.tools = element("div", "tools");
    this.labelButton = this.button("Labels", "Show or hide captions", () => this.toggleLabels());
    this.labelButton.setAttribute("aria-pressed", "true");
    this.tools.append(
      this.button("Fit", "Fit the whole network into the frame", () => this.fit(true)),
      this.button("+", "Zoom in", () => this.zoom(1.25)),
      this.button("−", "Zoom out", () => this.zoom(0.8)),
      this.labelButton,
    );
    this.menu = element("div", "menu");
    this.menu.setAttribute("role", "menu");
    this.menu.popover = "manual"; // above the page, or the frame would cut it off
    this.root.append(this.stage, this.note, this.tools, this.tip, this.menu);
    parent.append(this.root);
    this.root.sutraPositionOf = (id) => this.positionOf(id);
    this.root.sutraCaptions = () => this.captionsDrawn();
    const { signal } = this.stop;
    this.stage.addEventListener("keydown", (event) => this.onKey(event), { signal });
    this.stage.addEventListener("pointermove", (event) => this.onMove(event), { signal });
    this.stage.addEventListener("pointerdown", () => {
      this.untouched = false;
      this.pressed = performance.now();
      this.hideTip();
      this.closeMenu(false);
    }, { signal });
    this.stage.addEventListener("pointerleave", () => this.hover(null), { signal });
    // The wheel scrolls the page unless the network has the focus or Ctrl is held.
    this.stage.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey && !this.stage.matches(":focus-within, :focus")) {
        event.stopPropagation();
      }
    }, { signal, capture: true, passive: true });
    this.menu.addEventListener("keydown", (event) => this.onMenuKey(event), { signal });
    this.menu.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.menu.contains(relatedTarget)) this.closeMenu(false);
    }, { signal });
    // Streamlit's shortcuts reach into fields: there Ctrl+Z is the field's own, not the view's.
    window.addEventListener("keydown", keepUndoInFields, { signal, capture: true });
    this.observer = new ResizeObserver(() => this.onResize());
    this.observer.observe(this.stage);
  }

  button(text, title, action) {
    const made = element("button", "", text);
    made.type = "button";
    made.title = title;
    made.setAttribute("aria-label", title);
    made.addEventListener("click", action, { signal: this.stop.signal });
    return made;
  }

  // --- data from Python ---

  receive({ data, setTriggerValue }) {
    this.send = (value) => setTriggerValue("event", value);
    this.data = data;
    this.leaving = null; // the page is drawn again: it is still there
    if (this.outbox && data.ack >= this.outbox.event.seq) this.outbox = null;
    this.readTheme();
    if (this.network) this.apply();
    else if (!this.starting) this.start();
  }

  async start() {
    this.starting = true;
    try {
      const vis = await loadLibrary();
      if (!this.stop.signal.aborted) this.create(vis);
    } catch (error) {
      this.root.append(element("p", "broken", "The drawing library could not be loaded."));
      throw error;
    }
  }

  create(vis) {
    alive += 1;
    const before = memory.get(this.data.key);
    this.seq = this.data.ack;
    this.nodeSet = new vis.DataSet();
    this.relationshipSet = new vis.DataSet();
    this.network = new vis.Network(
      this.stage, { nodes: this.nodeSet, edges: this.relationshipSet }, this.data.options,
    );
    // One stop for the keyboard: the stage, which has the words for it.
    this.stage.querySelector(".vis-network")?.setAttribute("tabindex", "-1");
    this.stage.querySelector("canvas")?.setAttribute("aria-hidden", "true");
    this.listen();
    this.watchForLeaving();
    this.apply(before);
    this.resume(before?.outbox);
    this.awaitLetters();
  }

  // Captions are as wide as the letters that are there: they are measured anew with the right ones.
  async awaitLetters() {
    const { font } = this.theme;
    try {
      await Promise.all([400, 600, 700].map((weight) => document.fonts.load(`${weight} 13px ${font}`)));
    } catch {
      return;
    }
    for (const node of this.nodes.values()) delete node.measured;
    this.redraw();
  }

  apply(before) {
    const { data } = this;
    const fresh = data.ack >= this.seq; // else Python has not seen the last event yet
    const known = before?.ids ?? this.nodes;
    const shared = data.nodes.some((node) => known.has(node.id));
    for (const [id, place] of this.pending) if (data.ack >= place.seq) this.pending.delete(id);
    const { whole } = this;
    this.dropGone(data);
    this.applyNodes(data.nodes, fresh, before?.pending);
    this.applyRelationships(data.edges);
    this.lit = data.lit === null ? null : new Set(data.lit);
    // What was just clicked waits for a second click, and Python has not heard of it yet.
    if (fresh && !this.clickTimer) this.selected = data.selected;
    this.selected = this.selected.filter((id) => this.nodes.has(id) || this.relationships.has(id));
    this.syncSelection();
    this.describe();
    this.place(before, shared);
    if (whole && !this.whole) this.tellView();
    this.updates = (this.updates ?? 0) + 1;
    this.redraw();
  }

  // First of all, and from our own records before vis's: each change there draws at once.
  dropGone({ nodes, edges }) {
    for (const [own, items, set] of [[this.relationships, edges, this.relationshipSet], [this.nodes, nodes, this.nodeSet]]) {
      const here = new Set(items.map((item) => item.id));
      const gone = [...own.keys()].filter((id) => !here.has(id));
      for (const id of gone) own.delete(id);
      if (own === this.nodes) this.byRank = this.byRank.filter((node) => here.has(node.id));
      if (!gone.length) continue;
      set.remove(gone);
      this.whole = false;
    }
  }

  applyNodes(items, fresh, restored) {
    const changed = [];
    for (const item of items) {
      const old = this.nodes.get(item.id);
      const moved = this.inHand(item.id) ?? this.pending.get(item.id) ?? (old ? null : restored?.get(item.id));
      const keep = moved ?? (old && !fresh ? old : item);
      const node = { ...item, x: keep.x, y: keep.y };
      if (old && JSON.stringify(plainNode(old)) === JSON.stringify(plainNode(node))) continue;
      this.nodes.set(item.id, node);
      changed.push({ id: item.id, x: node.x, y: node.y, ctxRenderer: (at) => this.renderNode(at) });
    }
    if (changed.length) {
      this.nodeSet.update(changed);
      this.whole = false;
    }
    this.byRank = [...this.nodes.values()].sort((a, b) => b.rank - a.rank || (a.id < b.id ? -1 : 1));
  }

  // Where a hand holds it at this moment.
  inHand(id) {
    return this.dragged.includes(id) && this.nodes.has(id) ? this.network.getPosition(id) : null;
  }

  applyRelationships(items) {
    const changed = [];
    for (const item of items) {
      const old = this.relationships.get(item.id);
      if (old && JSON.stringify(old) === JSON.stringify(item)) continue;
      this.relationships.set(item.id, item);
      // Hidden from vis, which draws no double lines: drawTies does it.
      changed.push({ id: item.id, from: item.from, to: item.to, hidden: true });
    }
    if (changed.length) this.relationshipSet.update(changed);
  }

  // Where to look: as it was, or at everything if all of it is new.
  place(before, shared) {
    const { data } = this;
    const first = !this.placed;
    if (first) {
      // Seen before in this tab, else as Python remembers it, else everything.
      this.wanted = before ? (shared && !this.sawAll(before) ? before.viewport : null) : data.viewport;
      if (before) [this.focused, this.flown] = [before.focused, before.flown];
      // What the page asks for while it draws anew is there from the beginning, without a flight.
      if (data.look && !this.flown.has(data.look.asked)) this.wanted = data.look.at;
      this.settle();
    } else if (!shared) {
      this.fit(false);
    }
    if (this.placed) this.follow(!first);
    this.fly(data.look, first);
    // Asked to follow from now on: where the view stands already is news.
    if (data.followView && !this.followed) this.tellView();
    this.followed = data.followView;
  }

  // Whether the view before this one showed everything, and that is the same now.
  sawAll({ whole, ids }) {
    return whole && ids.size === this.nodes.size && [...ids].every((id) => this.nodes.has(id));
  }

  // Looks where the page asks to, once for each time it asks.
  fly(look, first) {
    if (!look) return;
    if (!this.flown.has(look.asked) && this.placed && !first) {
      const animation = calm() ? false : { duration: 500, easingFunction: "easeInOutQuad" };
      if (look.at) {
        const { x, y, scale } = look.at;
        this.network.moveTo({ position: { x, y }, scale, animation });
        this.looked();
      } else this.fit(true);
    }
    this.flown.add(look.asked);
  }

  // Looks at the node that the page asks for, once for each time it asks.
  follow(animate) {
    const { focus } = this.data;
    if (!focus || focus === this.focused) return;
    this.lookAt(focus, animate);
    this.focused = focus;
  }

  // Takes the wanted view as soon as the frame has a size: in a hidden tab it has none.
  settle() {
    const { clientWidth, clientHeight } = this.stage;
    if (this.placed || !clientWidth || !clientHeight) return;
    this.adopt();
    this.placed = true;
    if (this.wanted) this.look(this.wanted);
    else this.fit(false);
    // Known before it is painted: the frame may change its size first, or be made anew.
    this.viewport();
    this.untouched = !this.wanted;
    this.fittedTo = [clientWidth, clientHeight];
  }

  size() {
    return `${this.stage.clientWidth} ${this.stage.clientHeight}`;
  }

  adopt() {
    this.network.setSize("100%", "100%");
    this.sized = this.size();
  }

  look({ x, y, scale }) {
    this.network.moveTo({ position: { x, y }, scale });
    this.whole = false;
  }

  lookAt(id, animate) {
    const node = this.nodes.get(id);
    if (!node) return;
    this.network.moveTo({
      position: { x: node.x, y: node.y },
      scale: Math.max(0.9, this.network.getScale()),
      animation: animate && !calm() ? { duration: 300, easingFunction: "easeInOutQuad" } : false,
    });
    this.looked();
  }

  readTheme() {
    const style = getComputedStyle(this.root);
    const value = (name, other) => style.getPropertyValue(name).trim() || other;
    const ink = value("--st-text-color", "#1a1a1a");
    const paper = value("--st-background-color", "#ffffff");
    const dark = lightness(paper) < 0.5;
    this.theme = {
      ink, paper, dark,
      line: mix(ink, paper, dark ? 0.6 : 0.52),
      border: "#161616",
      red: dark ? this.data.redOnDark : this.data.red,
      font: value("--st-font", "sans-serif"),
      mark: this.data.mark,
    };
    this.root.classList.toggle("dark", dark);
    this.root.style.setProperty("--sutra-red", this.theme.red);
  }

  describe() {
    const { dataset } = this.root;
    dataset.nodes = this.nodes.size;
    dataset.edges = this.relationships.size;
    dataset.selected = this.selected.join(" ");
    dataset.lit = this.lit === null ? "" : [...this.lit].sort().join(" ");
    dataset.instances = alive;
    this.stage.setAttribute(
      "aria-label",
      `Network of ${count(this.nodes.size, "entity", "entities")} and ` +
      `${count(this.relationships.size, "connection", "connections")}; the table below lists the same.`,
    );
  }

  // --- drawing ---

  redraw() {
    this.picture = null;
    this.network?.redraw();
  }

  paint(ctx) {
    if (!this.movePicture(ctx)) this.drawRelationships(ctx);
  }

  paintOver(ctx) {
    if (!this.picture) this.drawOver(ctx);
    this.viewport();
    if (this.drawn !== this.updates) {
      this.drawn = this.updates;
      this.root.dataset.drawn = this.drawn;
    }
  }

  // While a hand pans, what was painted once is moved: painting a large network takes longer than a
  // frame may.
  movePicture(ctx) {
    if (!this.panning || this.nodes.size < MOVED_FROM) {
      this.picture = null;
      return false;
    }
    const origin = this.network.canvasToDOM({ x: 0, y: 0 });
    const far = () => [origin.x - this.picture.origin.x, origin.y - this.picture.origin.y];
    if (!this.picture || far().some((d) => Math.abs(d) > MARGIN) ||
        this.picture.scale !== this.network.getScale()) this.takePicture(ctx.canvas, origin);
    const { canvas, ratio } = this.picture;
    ctx.save();
    ctx.resetTransform();
    ctx.drawImage(canvas, ...far().map((d) => Math.round((d - MARGIN) * ratio)));
    ctx.restore();
    return true;
  }

  takePicture(frame, origin) {
    const ratio = frame.width / this.stage.clientWidth;
    const canvas = document.createElement("canvas");
    canvas.width = frame.width + 2 * MARGIN * ratio;
    canvas.height = frame.height + 2 * MARGIN * ratio;
    const ctx = canvas.getContext("2d");
    const scale = this.network.getScale();
    ctx.setTransform(
      ratio * scale, 0, 0, ratio * scale, ratio * (origin.x + MARGIN), ratio * (origin.y + MARGIN),
    );
    this.drawRelationships(ctx);
    // As vis does: what is selected or pointed at lies above the others.
    const above = (node) => Number(this.selected.includes(node.id) || this.hovered === node.id);
    for (const node of [...this.nodes.values()].sort((a, b) => above(a) - above(b))) this.drawNode(ctx, node);
    this.drawOver(ctx, MARGIN);
    this.picture = { canvas, ratio, scale, origin };
  }

  drawNode(ctx, node) {
    draw.drawMark(ctx, node, this.data.types[node.type], this.theme, this.stateOf(node.id));
  }

  renderNode({ ctx, id, x, y }) {
    const node = this.nodes.get(id);
    const size = draw.sizeOf(node ?? {}, this.theme.mark) * 2;
    return {
      drawNode: () => {
        if (node && !this.picture) this.drawNode(ctx, { ...node, x, y });
      },
      nodeDimensions: { width: size, height: size },
    };
  }

  stateOf(id) {
    return {
      many: this.nodes.size > 300, // then what only looks better is left out
      selected: this.selected.includes(id),
      hovered: this.hovered === id,
      dim: this.lit !== null && !this.lit.has(id),
      unit: 1 / Math.max(0.6, Math.min(1, this.network.getScale())),
    };
  }

  lineOf(relationship) {
    return draw.relationshipLine(
      relationship, this.nodes.get(relationship.from), this.nodes.get(relationship.to), this.data.types, this.theme.mark,
    );
  }

  drawRelationships(ctx) {
    // vis moves a dragged node itself: take over where each one is now.
    for (const node of this.nodes.values()) Object.assign(node, this.network.getPosition(node.id));
    const scale = this.network.getScale();
    const last = [];
    for (const relationship of this.relationships.values()) {
      const state = this.stateOf(relationship.id);
      state.strong = this.selected.includes(relationship.from) || this.selected.includes(relationship.to);
      if (state.selected || state.strong || state.hovered) last.push([relationship, state]);
      else draw.drawRelationship(ctx, relationship, this.lineOf(relationship), this.theme, state, scale);
    }
    last.sort(([, a], [, b]) => a.selected - b.selected);
    for (const [relationship, state] of last) {
      draw.drawRelationship(ctx, relationship, this.lineOf(relationship), this.theme, state, scale);
    }
  }

  get noted() {
    return [...this.relationships.values()].filter((relationship) => relationship.noted);
  }

  // `beyond` the frame too, by so many pixels.
  drawOver(ctx, beyond = 0) {
    const scale = this.network.getScale();
    const { captions, words } = this.captions(ctx, scale, beyond);
    for (const caption of captions) {
      draw.drawLabel(ctx, caption, this.theme, this.stateOf(caption.node.id), scale);
    }
    for (const { relationship, box } of words) draw.drawRelationshipWords(ctx, relationship.words, box, this.theme, scale);
    for (const relationship of this.noted) draw.drawRelationshipNote(ctx, this.lineOf(relationship), this.theme, this.stateOf(relationship.id));
    if (!beyond) this.shown = { captions, words };
  }

  // What is selected first of all, then the words of its relationships, then the others by rank.
  captions(ctx, scale, beyond) {
    const visible = this.byRank.filter((node) => this.inFrame(node));
    const must = visible.filter((node) => this.matters(node.id));
    const most = Math.max(0, this.data.labels - must.length);
    const rest = this.labelsOn ? this.litFirst(visible.filter((node) => !must.includes(node))).slice(0, most) : [];
    const seen = new Set(visible);
    const more = beyond ? this.byRank.filter((node) => !seen.has(node) && this.inFrame(node, beyond)) : [];
    const room = new draw.Room([...visible, ...more], this.theme.mark, this.frame());
    for (const relationship of this.noted) {
      room.put({ ...draw.relationshipNoteBox(this.lineOf(relationship), this.stateOf(relationship.id).unit), of: relationship.id });
    }
    const boxOf = (node, side) =>
      draw.labelBox(ctx, node, this.theme, scale, this.selected.includes(node.id), side);
    const bold = Math.min(CAPTIONS_FIRST, Math.ceil(visible.length / 4));
    const first = draw.captionsWithRoom(room, must, [], 0, boxOf);
    const words = this.relationshipWords(ctx, scale, room);
    const others = draw.captionsWithRoom(room, [], rest, bold, boxOf);
    if (beyond) {
      // After those in the frame, so that none of these goes.
      room.frame = null;
      const named = this.labelsOn ? more.slice(0, this.data.labels) : [];
      others.push(...draw.captionsWithRoom(room, [], named, 0, boxOf));
    }
    const pointed = this.nodes.get(this.hovered);
    const placed = [...first, ...others];
    const captions = pointed ? draw.withCaption(placed, first.length, pointed, boxOf) : placed;
    if (!beyond) this.tellCaptions(captions.length, visible.length);
    return { captions, words };
  }

  litFirst(nodes) {
    if (this.lit === null) return nodes;
    const isLit = ({ id }) => this.lit.has(id);
    return [...nodes.filter(isLit), ...nodes.filter((node) => !isLit(node))];
  }

  relationshipWords(ctx, scale, room) {
    return this.selected.map((id) => this.relationships.get(id)).filter(Boolean).map((relationship) => {
      const places = draw.relationshipWordPlaces(ctx, relationship.words, this.lineOf(relationship), this.theme, scale);
      const near = places.slice(0, places.length / 2);
      return { relationship, box: room.take(near) ?? room.take(places) ?? places[0] };
    });
  }

  // What is seen, in the network's own units.
  frame() {
    const { x, y } = this.camera;
    const scale = this.network.getScale();
    const [wide, high] = [this.stage.clientWidth / 2 / scale, this.stage.clientHeight / 2 / scale];
    return { left: x - wide, right: x + wide, top: y - high, bottom: y + high };
  }

  // What is left out is said.
  tellCaptions(shown, all) {
    const text = shown < all && this.labelsOn
      ? `${shown} of ${count(all, "caption", "captions")}; zoom in for more` : "";
    if (!this.said && this.note.textContent !== text) this.note.textContent = text;
  }

  matters(id) {
    if (this.selected.includes(id)) return true;
    return this.selected.some((s) => {
      const relationship = this.relationships.get(s);
      return relationship && (relationship.from === id || relationship.to === id);
    });
  }

  inFrame({ x, y }, beyond = 0) {
    const { x: cx, y: cy } = this.camera;
    const scale = this.network.getScale();
    return Math.abs(x - cx) * scale < this.stage.clientWidth / 2 + 80 + beyond &&
      Math.abs(y - cy) * scale < this.stage.clientHeight / 2 + 60 + beyond;
  }

  get camera() {
    return this.network.getViewPosition();
  }

  // --- what the user does ---

  listen() {
    const on = (name, action) => this.network.on(name, action);
    on("beforeDrawing", (ctx) => this.paint(ctx));
    on("afterDrawing", (ctx) => this.paintOver(ctx));
    on("click", (event) => this.onClick(event));
    on("doubleClick", (event) => this.onDoubleClick(event));
    on("oncontext", (event) => this.onContext(event));
    on("hold", (event) => {
      if (event.event?.pointerType === "touch") this.onContext(event);
    });
    on("dragStart", ({ nodes }) => {
      this.hover(null);
      this.dragged = nodes;
      this.panning = !nodes.length;
    });
    on("dragEnd", () => this.onDragEnd());
    on("zoom", () => this.looked());
  }

  at({ x, y }) {
    const nodeId = this.network.getNodeAt({ x, y });
    if (nodeId !== undefined) return { id: nodeId, what: "node", x, y };
    const scale = this.network.getScale();
    const point = this.network.DOMtoCanvas({ x, y });
    let best = null;
    let nearest = TOUCH / scale;
    for (const relationship of this.relationships.values()) {
      const far = draw.distanceTo(this.lineOf(relationship), point.x, point.y);
      if (far < nearest) [best, nearest] = [relationship.id, far];
    }
    return best === null ? null : { id: best, what: "relationship", x, y };
  }

  onClick({ pointer, event }) {
    const source = event?.srcEvent ?? {};
    if (performance.now() < (this.quietUntil ?? 0)) return this.syncSelection();
    const on = this.at(pointer.DOM);
    this.select(on?.id ?? null, source.ctrlKey || source.metaKey || source.shiftKey);
    this.forgetClick();
    this.clickTimer = setTimeout(() => {
      this.clickTimer = 0;
      this.report("select", on);
    }, DOUBLE_CLICK);
  }

  forgetClick() {
    clearTimeout(this.clickTimer);
    this.clickTimer = 0;
  }

  onDoubleClick({ pointer }) {
    this.forgetClick();
    this.quietUntil = performance.now() + DOUBLE_CLICK;
    const on = this.at(pointer.DOM);
    if (on?.what === "node") {
      this.select(on.id, false);
      this.report("expand", on);
    } else if (on) {
      this.report("select", on);
    }
  }

  onContext({ pointer, event }) {
    event.preventDefault?.();
    const on = this.at(pointer.DOM);
    this.hover(null);
    if (on) this.openMenu(on);
  }

  // --- the menu of a right-click ---

  // What can be done with it is the page's to say; without a menu the page hears of the click.
  openMenu(on) {
    const several = this.selected.length > 1 && this.selected.includes(on.id) ? this.selected : null;
    const items = several ? itemsForAll(several, (id) => this.itemsFor(id)) : this.itemsFor(on.id);
    if (!items.length) return this.report("context", on);
    this.forgetClick();
    this.menu.replaceChildren(...items.map(({ action, words, ids }) => {
      const item = element("button", "", words);
      item.type = "button";
      item.tabIndex = -1;
      item.setAttribute("role", "menuitem");
      item.addEventListener("click", () => this.choose(action, on, ids ?? [on.id]));
      return item;
    }));
    const name = this.nodes.get(on.id)?.caption ?? this.relationships.get(on.id)?.words;
    this.menu.setAttribute("aria-label", several ? `${several.length} selected` : name);
    this.menu.showPopover();
    const { offsetWidth: width, offsetHeight: height } = this.menu;
    const frame = this.stage.getBoundingClientRect();
    const within = (at, most) => `${Math.max(4, Math.min(at, most - 4))}px`;
    this.menu.style.left = within(frame.left + on.x, innerWidth - width);
    this.menu.style.top = within(frame.top + on.y, innerHeight - height);
    this.menu.firstChild.focus({ preventScroll: true });
  }

  itemsFor(id) {
    const node = this.nodes.get(id);
    return itemsOf(this.data.menu, node ? "node" : "relationship", Boolean(node?.pinned));
  }

  closeMenu(refocus) {
    if (!this.menu.matches(":popover-open")) return;
    this.menu.hidePopover();
    if (refocus) this.stage.focus({ preventScroll: true });
  }

  choose(action, on, ids) {
    this.closeMenu(true);
    if (action === "copy") return this.copy(ids.join("\n"));
    this.report("menu", on, action, ids);
  }

  async copy(text) {
    let words = text.includes("\n") ? "Ids copied" : "Id copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without a secure address browsers keep the clipboard to themselves: show what to copy.
      words = text;
    }
    this.say(words);
  }

  say(words) {
    clearTimeout(this.sayTimer);
    this.said = words;
    this.note.textContent = words;
    this.sayTimer = setTimeout(() => {
      this.said = "";
      this.redraw();
    }, 4000);
  }

  onMenuKey(event) {
    const items = [...this.menu.children];
    const at = items.indexOf(this.menu.getRootNode().activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) items.at(to % items.length).focus();
    else if (event.key === "Escape" || event.key === "Tab") this.closeMenu(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // What was pulled is known from its beginning: vis names what it thinks is selected now, and the
  // answer of a run may have come in between.
  onDragEnd() {
    const nodes = this.dragged.filter((id) => this.nodes.has(id));
    this.dragged = [];
    this.panning = false;
    this.redraw();
    this.syncSelection();
    if (!nodes.length) return this.looked();
    this.whole = false;
    for (const id of nodes) {
      const at = this.network.getPosition(id);
      Object.assign(this.nodes.get(id), at);
      this.pending.set(id, { ...at, seq: this.seq + 1 });
    }
    this.report("move", null);
  }

  // Panned or zoomed: no run of the app for that alone, unless the page asked for it.
  looked() {
    this.untouched = this.whole = false;
    this.tellView();
  }

  tellView() {
    if (!this.data.followView) return;
    clearTimeout(this.viewTimer);
    this.viewTimer = setTimeout(() => {
      // What is still on its way would be forgotten for it, and it tells where the view stands, too.
      if (this.outbox) this.tellView();
      else this.report("view", null);
    }, RESTED);
  }

  select(id, more) {
    if (id === null) this.selected = more ? this.selected : [];
    else if (!more) this.selected = [id];
    else if (this.selected.includes(id)) this.selected = this.selected.filter((s) => s !== id);
    else this.selected = [...this.selected, id];
    this.syncSelection();
    this.root.dataset.selected = this.selected.join(" ");
    this.redraw();
  }

  // vis moves together what it thinks is selected.
  syncSelection() {
    const nodes = this.selected.filter((id) => this.nodes.has(id));
    this.network.setSelection({ nodes, edges: [] }, { highlightEdges: false });
  }

  report(kind, on, action = null, ids = []) {
    this.seq += 1;
    const moved = {};
    for (const [id, { x, y }] of this.pending) moved[id] = [x, y];
    const viewport = this.viewport();
    const { selected, whole } = this;
    this.deliver({ seq: this.seq, kind, on, action, ids, selected, moved, viewport, whole: Boolean(whole) });
  }

  // Streamlit drops what is sent to a part of a page that a run was cut off before: it is sent
  // again, but never into a run, which would begin anew.
  deliver(event) {
    this.outbox = { event, tries: 0 };
    this.post();
  }

  // What the view before this one could not say any more, if it was there a moment ago.
  resume(outbox) {
    if (!outbox || outbox.event.seq <= this.data.ack || performance.now() - outbox.left > LEFT) return;
    this.seq = Math.max(this.seq, outbox.event.seq);
    this.outbox = outbox;
    this.postTimer = setTimeout(() => this.post(), AGAIN);
  }

  post() {
    clearTimeout(this.postTimer);
    if (!this.outbox || this.outbox.tries >= TRIES) return;
    if (!this.isLeft() && (!this.outbox.tries || !running())) {
      this.outbox.tries += 1;
      this.send(this.outbox.event);
    }
    this.postTimer = setTimeout(() => this.post(), AGAIN);
  }

  // Until another page is there, Streamlit takes what is said on this one as asked for here, and
  // stays: a press that leads elsewhere would be lost. So what is said then waits.
  isLeft() {
    return this.leaving !== null && performance.now() - this.leaving < LEFT;
  }

  watchForLeaving() {
    const { signal } = this.stop;
    const leave = () => { this.leaving = performance.now(); };
    addEventListener("popstate", leave, { signal });
    const onClick = (event) => {
      const to = event.composedPath().find((part) => part.href && part.origin === location.origin);
      if (to && to.pathname !== location.pathname) leave();
    };
    addEventListener("click", onClick, { signal, capture: true });
  }

  // The middle is measured on the frame: while that is hidden, or of another size than the canvas
  // was made for, what was measured last still holds.
  viewport() {
    if (this.placed && this.size() === this.sized) {
      const { x, y } = this.camera;
      this.lastView = { x, y, scale: this.network.getScale() };
    }
    return this.lastView;
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      const id = this.selected.at(-1);
      const at = id && this.positionOf(id);
      if (!at) return;
      const frame = this.stage.getBoundingClientRect();
      const what = this.nodes.has(id) ? "node" : "relationship";
      this.openMenu({ id, what, x: at.x - frame.left, y: at.y - frame.top });
      event.preventDefault();
      return;
    }
    const step = 60 / this.network.getScale();
    const pans = {
      ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step],
    };
    if (pans[event.key]) this.pan(...pans[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(1.25);
    else if (event.key === "-") this.zoom(0.8);
    else if (event.key === "0") this.fit(true);
    else if (event.key === "Escape" && this.selected.length) {
      this.select(null, false);
      this.report("select", null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  pan(dx, dy) {
    const { x, y } = this.camera;
    this.network.moveTo({ position: { x: x + dx, y: y + dy } });
    this.looked();
  }

  zoom(factor) {
    const scale = Math.max(0.05, Math.min(5, this.network.getScale() * factor));
    this.network.moveTo({ scale });
    this.looked();
  }

  toggleLabels() {
    this.labelsOn = !this.labelsOn;
    this.labelButton.setAttribute("aria-pressed", String(this.labelsOn));
    this.redraw();
  }

  // Everything with its captions into the frame.
  fit(byHand) {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!this.nodes.size) return;
    const nodes = [...this.nodes.values()];
    const top = Math.min(...nodes.map((n) => n.y));
    const bottom = Math.max(...nodes.map((n) => n.y));
    let scale = 1.2;
    let middle = 0;
    // Captions keep their size on the screen, so how wide they are depends on the answer, and how
    // much room they need below the last mark does not.
    const edge = width < NARROW ? HIGHER_EDGE : LOWER_EDGE;
    const room = Math.max(40, height - edge - ABOVE - BELOW);
    for (let round = 0; round < 4; round++) {
      // In a narrow frame marks come first: captions may reach beyond its edge.
      const most = (0.12 * width) / scale;
      const half = (n) => Math.min(this.halfWidth(n, scale), most);
      const left = Math.min(...nodes.map((n) => n.x - half(n)));
      const right = Math.max(...nodes.map((n) => n.x + half(n)));
      middle = (left + right) / 2;
      scale = Math.min((width - 24) / (right - left), room / (bottom - top), 1.2);
    }
    const y = (top + bottom) / 2 + (edge + BELOW - ABOVE) / 2 / scale;
    this.look({ x: middle, y, scale });
    if (byHand) this.looked();
    this.whole = true;
  }

  halfWidth(node, scale) {
    const ctx = this.stage.querySelector("canvas").getContext("2d");
    const box = draw.labelBox(ctx, node, this.theme, scale);
    return Math.max(20, (box.right - box.left) / 2);
  }

  onResize() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!this.network || !width || !height) return;
    if (!this.placed) {
      this.settle();
      return this.follow(false);
    }
    // vis would go back to the camera of its last change of size, and zoom by the difference.
    const view = this.lastView;
    this.adopt();
    // A page that is still being laid out has a frame of another size at first: as long as nobody
    // has looked elsewhere, all of it is shown in the new one too. A scroll bar moves nothing.
    const [wide, high] = this.fittedTo ?? [0, 0];
    const other = Math.abs(width - wide) > 0.1 * width || Math.abs(height - high) > 0.1 * height;
    if (this.untouched && other) {
      this.fit(false);
      this.fittedTo = [width, height];
      this.tellView();
    } else if (view) {
      const { whole } = this;
      this.look(view);
      this.whole = whole;
    }
    this.redraw();
  }

  // --- hovering ---

  onMove(event) {
    if (!this.network || event.buttons) return;
    const frame = this.stage.getBoundingClientRect();
    this.mouse = { x: event.clientX - frame.left, y: event.clientY - frame.top };
    if (this.moveFrame) return;
    this.moveFrame = requestAnimationFrame(() => {
      this.moveFrame = 0;
      if (this.network) this.hover(this.at(this.mouse));
    });
  }

  hover(on) {
    const id = on?.id ?? null;
    this.stage.classList.toggle("over", id !== null);
    if (id !== this.hovered) {
      this.hovered = id;
      this.redraw();
      this.hideTip();
      if (id !== null) this.tipTimer = setTimeout(() => this.showTip(on), 250);
    }
  }

  hideTip() {
    clearTimeout(this.tipTimer);
    this.tip.hidden = true;
  }

  // Text only: what data holds is never read as HTML.
  showTip(on) {
    const node = this.nodes.get(on.id);
    const relationship = this.relationships.get(on.id);
    // Whoever just clicked reads the inspector, and the tip would cover what was clicked.
    if ((!node && !relationship) || performance.now() - (this.pressed ?? -1e9) < 700) return;
    const rows = node
      ? [
          ["kind", this.data.types[node.type].words],
          ["name", node.caption],
          ...(node.noted ? [["standing", "has a note"]] : []),
        ]
      : [
          ["name", this.nodes.get(relationship.from).caption],
          ["words", relationship.words],
          ["name", this.nodes.get(relationship.to).caption],
          ["standing", relationship.standing],
          ...(relationship.faint ? [["standing", "not certain by the day chosen"]] : []),
          ...(relationship.noted ? [["standing", "has a note"]] : []),
        ];
    this.tip.replaceChildren(...rows.map(([name, text]) => element("p", name, text)));
    for (const row of this.tip.children) row.dir = "auto";
    this.tip.hidden = false;
    const { clientWidth: width, clientHeight: height } = this.stage;
    const { x, y } = this.mouse ?? on;
    this.tip.style.left = `${Math.max(4, Math.min(x + 14, width - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${Math.max(4, Math.min(y + 16, height - this.tip.offsetHeight - 4))}px`;
  }

  // --- for tests, and the end ---

  // Where a node's middle or a point on a relationship lies, in CSS pixels of the window; null if not drawn.
  positionOf(id) {
    const node = this.nodes.get(id);
    const relationship = this.relationships.get(id);
    if (!this.network || (!node && !relationship)) return null;
    const at = node ? this.network.getPosition(id) : draw.pointOn(this.lineOf(relationship), 0.5);
    const { x, y } = this.network.canvasToDOM(at);
    const frame = this.stage.getBoundingClientRect();
    return { x: frame.left + x, y: frame.top + y };
  }

  // What the letters of each caption and of a tie's words cover, in CSS pixels of the window.
  captionsDrawn() {
    const ctx = this.stage.querySelector("canvas").getContext("2d");
    const scale = this.network.getScale();
    const frame = this.stage.getBoundingClientRect();
    const inWindow = (id, { left, top, right, bottom }) => {
      const [a, b] = [{ x: left, y: top }, { x: right, y: bottom }].map((at) => this.network.canvasToDOM(at));
      return { id, left: frame.left + a.x, top: frame.top + a.y, right: frame.left + b.x, bottom: frame.top + b.y };
    };
    return [
      ...this.shown.captions.map((one) => inWindow(one.node.id, draw.inkOf(ctx, one, this.theme, scale))),
      ...this.shown.words.map(({ relationship, box }) => inWindow(relationship.id, box)),
    ];
  }

  destroy() {
    this.stop.abort();
    this.observer.disconnect();
    const timers = [this.clickTimer, this.viewTimer, this.tipTimer, this.sayTimer, this.postTimer];
    for (const timer of timers) clearTimeout(timer);
    cancelAnimationFrame(this.moveFrame);
    if (this.network) {
      memory.set(this.data.key, {
        viewport: this.lastView ?? this.wanted,
        focused: this.focused,
        flown: this.flown,
        whole: this.whole,
        pending: this.pending,
        outbox: this.outbox && { ...this.outbox, left: performance.now() },
        ids: new Set(this.nodes.keys()),
      });
      this.network.destroy();
      this.network = null;
      alive -= 1;
    }
    this.root.remove();
  }
}

// --- small things ---------------------------------------------------------------------------------

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function keepUndoInFields(event) {
  const [target] = event.composedPath();
  const typing = target.isContentEditable || ["INPUT", "TEXTAREA"].includes(target.tagName);
  const undo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (undo && typing && target.type !== "range") event.stopImmediatePropagation();
}

function running() {
  const app = document.querySelector("[data-testid=stApp]");
  return ["running", "rerunRequested"].includes(app?.dataset.testScriptState);
}

function plainNode({ measured, ...rest }) {
  return Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function count(n, one, many) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

function calm() {
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
