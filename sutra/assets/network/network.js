// The network view: a Streamlit component round one vis-network.
//
// vis-network holds the data sets, moves the camera and drags the nodes. camera.js says where it looks,
// painter.js draws on its canvas what vis's own drawing cannot say, hand.js has what a reader does.

import { Menu } from "../sutra.shared/menu.js";
import { button, element, mounting, Part } from "../sutra.shared/mount.js";
import { Outbox } from "../sutra.shared/outbox.js";
import { Camera } from "./camera.js";
import { Hand } from "./hand.js";
import { Painter } from "./painter.js";
import { themeOf } from "./theme.js";
import { Note, Tip } from "./words.js";

const RESTED = 450; // ms for which the view stands still before the page hears of it

const memory = new Map(); // key of a network -> what it looked like when it was last unmounted
let alive = 0;
let library;

function loadLibrary() {
  // A UMD bundle: imported as a module it puts itself into globalThis.
  library ??= import("./vendor/vis-network.min.js").then(() => globalThis.vis);
  return library;
}

class View extends Part {
  constructor(parent) {
    super(parent, "sutra-network");
    this.nodes = new Map();
    this.relationships = new Map();
    this.byRank = []; // vis draws once before it has data
    this.selected = [];
    this.chosenIn = 0; // the number of the event that tells what the user selected last
    this.lit = null;
    this.pending = new Map(); // dragged nodes that Python has not confirmed: id -> {x, y, seq}
    this.outbox = new Outbox();
    this.updates = 0;
    this.stage = element("div", "stage", "", {
      tabindex: "0", role: "img", "aria-label": "Network",
    });
    this.camera = new Camera(this);
    this.painter = new Painter(this);
    this.tip = new Tip(this);
    this.note = new Note(this);
    this.root.append(this.stage, this.note.root, this.tools(), this.tip.root);
    this.menu = new Menu(this, "manual", {
      take: (action, ids) => this.report("menu", this.hand.menuOn, action, ids),
      say: (words) => this.note.say(words),
      leave: () => this.stage.focus({ preventScroll: true }),
    });
    this.hand = new Hand(this);
    this.observer = new ResizeObserver(() => this.camera.onResize());
    this.observer.observe(this.stage);
    // For tests.
    this.root.sutraPositionOf = (id) => this.painter.positionOf(id);
    this.root.sutraCaptions = () => this.painter.captionsDrawn();
  }

  tools() {
    const tools = element("div", "tools");
    const tool = (text, title, action) => {
      const made = button("", text, { title, "aria-label": title });
      this.on(made, "click", () => action(made));
      return made;
    };
    const captions = tool("Labels", "Show or hide captions", (pressed) => {
      this.painter.captionsOn = !this.painter.captionsOn;
      pressed.setAttribute("aria-pressed", String(this.painter.captionsOn));
      this.redraw();
    });
    captions.setAttribute("aria-pressed", "true");
    tools.append(
      tool("Fit", "Fit the whole network into the frame", () => this.camera.fit(true)),
      tool("+", "Zoom in", () => this.camera.zoom(1.25)),
      tool("−", "Zoom out", () => this.camera.zoom(0.8)),
      captions,
    );
    return tools;
  }

  // --- data from Python ---

  receive({ data, setTriggerValue }) {
    this.data = data;
    this.outbox.hear(data.ack, (event) => setTriggerValue("event", event));
    this.theme = themeOf(this.root, data);
    this.root.classList.toggle("dark", this.theme.dark);
    this.root.style.setProperty("--sutra-red", this.theme.red);
    if (this.vis) this.apply();
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
    const { key, ack, options } = this.data;
    const before = memory.get(key);
    this.nodeSet = new vis.DataSet();
    this.relationshipSet = new vis.DataSet();
    this.vis = new vis.Network(this.stage, { nodes: this.nodeSet, edges: this.relationshipSet }, options);
    // One stop for the keyboard: the stage, which has the words for it.
    this.stage.querySelector(".vis-network")?.setAttribute("tabindex", "-1");
    this.stage.querySelector("canvas")?.setAttribute("aria-hidden", "true");
    this.vis.on("beforeDrawing", (ctx) => this.painter.paint(ctx));
    this.vis.on("afterDrawing", (ctx) => this.painted(ctx));
    this.hand.listen();
    this.apply(before);
    this.outbox.resume(key, ack);
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
    const { data, camera } = this;
    const fresh = data.ack >= this.outbox.seq; // else Python has not seen the last event yet
    const known = before?.ids ?? this.nodes;
    const shared = data.nodes.some((node) => known.has(node.id));
    for (const [id, place] of this.pending) if (data.ack >= place.seq) this.pending.delete(id);
    const { whole } = camera;
    this.dropGone(data);
    this.applyNodes(data.nodes, fresh, before?.pending);
    this.applyRelationships(data.edges);
    this.lit = data.lit === null ? null : new Set(data.lit);
    // What was just clicked waits for a second click, and Python has not heard of it yet.
    if (fresh && !this.hand.clickTimer) this.selected = data.selected;
    this.selected = this.selected.filter((id) => this.nodes.has(id) || this.relationships.has(id));
    this.syncSelection();
    this.describe();
    camera.place(before, shared);
    if (whole && !camera.whole) this.tellView();
    this.updates += 1;
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
      this.camera.whole = false;
    }
  }

  applyNodes(items, fresh, restored) {
    const changed = [];
    for (const item of items) {
      const { id } = item;
      const old = this.nodes.get(id);
      const moved = this.hand.holds(id) ?? this.pending.get(id) ?? (old ? null : restored?.get(id));
      const keep = moved ?? (old && !fresh ? old : item);
      const node = { ...item, x: keep.x, y: keep.y };
      if (old && JSON.stringify(plainNode(old)) === JSON.stringify(plainNode(node))) continue;
      this.nodes.set(id, node);
      changed.push({ id, x: node.x, y: node.y, ctxRenderer: (at) => this.painter.renderNode(at) });
    }
    if (changed.length) {
      this.nodeSet.update(changed);
      this.camera.whole = false;
    }
    this.byRank = [...this.nodes.values()].sort((a, b) => b.rank - a.rank || (a.id < b.id ? -1 : 1));
  }

  applyRelationships(items) {
    const changed = [];
    for (const item of items) {
      const old = this.relationships.get(item.id);
      if (old && JSON.stringify(old) === JSON.stringify(item)) continue;
      this.relationships.set(item.id, item);
      // Hidden from vis, which draws no double lines: the painter does it.
      changed.push({ id: item.id, from: item.from, to: item.to, hidden: true });
    }
    if (changed.length) this.relationshipSet.update(changed);
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
    this.painter.picture = null;
    this.vis?.redraw();
  }

  painted(ctx) {
    this.painter.paintOver(ctx);
    this.camera.viewport();
    this.root.dataset.drawn = this.updates;
  }

  // --- to Python ---

  select(id, more) {
    if (id === null) this.selected = more ? this.selected : [];
    else if (!more) this.selected = [id];
    else if (this.selected.includes(id)) this.selected = this.selected.filter((s) => s !== id);
    else this.selected = [...this.selected, id];
    this.chosenIn = this.outbox.seq + 1;
    this.syncSelection();
    this.root.dataset.selected = this.selected.join(" ");
    this.redraw();
  }

  // vis moves together what it thinks is selected.
  syncSelection() {
    const nodes = this.selected.filter((id) => this.nodes.has(id));
    this.vis.setSelection({ nodes, edges: [] }, { highlightEdges: false });
  }

  // These nodes lie elsewhere now, until Python says so too.
  tellMoved(ids) {
    for (const id of ids) {
      const { x, y } = this.nodes.get(id);
      this.pending.set(id, { x, y, seq: this.outbox.seq + 1 });
    }
    this.report("move", null);
  }

  tellView() {
    if (!this.data.followView) return;
    clearTimeout(this.viewTimer);
    this.viewTimer = setTimeout(() => {
      // What is still on its way would be forgotten for it, and it tells where the view stands, too.
      if (this.outbox.event) this.tellView();
      else this.report("view", null);
    }, RESTED);
  }

  report(kind, on, action = null, ids = []) {
    const moved = {};
    for (const [id, { x, y }] of this.pending) moved[id] = [x, y];
    const viewport = this.camera.viewport();
    const { camera: { whole } } = this;
    // Python may have selected something since, and this page not have heard of it yet: what was not
    // chosen here is not told.
    const selected = this.chosenIn > this.data.ack ? this.selected : null;
    this.outbox.put({ kind, on, action, ids, selected, moved, viewport, whole: Boolean(whole) });
  }

  destroy() {
    this.observer.disconnect();
    this.hand.close();
    this.tip.hide();
    for (const timer of [this.viewTimer, this.note.timer]) clearTimeout(timer);
    this.outbox.close(this.data.key);
    if (this.vis) {
      const ids = new Set(this.nodes.keys());
      memory.set(this.data.key, { ...this.camera.memory, pending: this.pending, ids });
      this.vis.destroy();
      this.vis = null;
      alive -= 1;
    }
    super.destroy();
  }
}

function plainNode({ measured, ...rest }) {
  return Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function count(n, one, many) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

export default mounting(View);
