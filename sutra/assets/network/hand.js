// What a reader does with pointer and keys on the network.

import { itemsOf } from "../sutra.shared/menu.js";

const DOUBLE_CLICK = 260; // ms: a double-click also fires clicks, so a click waits that long

export class Hand {
  constructor(view) {
    this.view = view;
    this.hovered = null;
    this.dragged = []; // ids of the nodes that a hand holds
    this.quietUntil = 0;
    this.pressed = -Infinity;
    this.clickTimer = 0;
    const { stage, menu, camera, tip } = view;
    view.on(stage, "keydown", (event) => this.onKey(event));
    view.on(stage, "pointermove", (event) => this.onMove(event));
    view.on(stage, "pointerdown", () => {
      camera.untouched = false;
      this.pressed = performance.now();
      tip.hide();
      menu.close(false);
    });
    view.on(stage, "pointerleave", () => this.hover(null));
    view.on(stage, "dblclick", (event) => this.onMouseTwice(event));
    // The wheel scrolls the page unless the network has the focus or Ctrl is held.
    view.on(stage, "wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey && !stage.matches(":focus-within, :focus")) {
        event.stopPropagation();
      }
    }, { capture: true, passive: true });
    view.on(menu.root, "focusout", ({ relatedTarget }) => {
      if (!menu.root.contains(relatedTarget)) menu.close(false);
    });
    // Streamlit's shortcuts reach into fields: there Ctrl+Z is the field's own, not the view's.
    view.on(window, "keydown", keepUndoInFields, { capture: true });
  }

  // Once there is a vis-network to listen to.
  listen() {
    const on = (name, action) => this.view.vis.on(name, action);
    on("click", (event) => this.onClick(event));
    on("doubleClick", ({ pointer, event }) => {
      if (event?.pointerType === "touch") this.onDoubleClick(pointer.DOM);
    });
    on("oncontext", (event) => this.onContext(event));
    on("hold", (event) => {
      if (event.event?.pointerType === "touch") this.onContext(event);
    });
    on("dragStart", ({ nodes }) => {
      this.hover(null);
      this.dragged = nodes;
      this.view.painter.panning = !nodes.length;
    });
    on("dragEnd", () => this.onDragEnd());
    on("zoom", () => this.view.camera.looked());
  }

  // Where a hand holds it at this moment.
  holds(id) {
    const { vis, nodes } = this.view;
    return this.dragged.includes(id) && nodes.has(id) ? vis.getPosition(id) : null;
  }

  // --- clicks ---

  onClick({ pointer, event }) {
    const source = event?.srcEvent ?? {};
    if (performance.now() < this.quietUntil) return this.view.syncSelection();
    const on = this.view.painter.at(pointer.DOM);
    this.view.select(on?.id ?? null, source.ctrlKey || source.metaKey || source.shiftKey);
    this.forgetClick();
    this.clicked = on;
    this.clickTimer = setTimeout(() => this.tellClick(), DOUBLE_CLICK);
  }

  tellClick() {
    this.forgetClick();
    this.view.report("select", this.clicked);
  }

  forgetClick() {
    clearTimeout(this.clickTimer);
    this.clickTimer = 0;
  }

  // Of a mouse the browser itself knows what a double-click is. vis goes by when it came to hear of
  // each click: where the page was busy in between, it takes them for two.
  onMouseTwice({ target, clientX, clientY }) {
    if (!target.closest("canvas")) return;
    const frame = this.view.stage.getBoundingClientRect();
    this.onDoubleClick({ x: clientX - frame.left, y: clientY - frame.top });
  }

  onDoubleClick(at) {
    // Of a finger both may tell.
    if (performance.now() < this.quietUntil) return;
    this.forgetClick();
    this.quietUntil = performance.now() + DOUBLE_CLICK;
    const on = this.view.painter.at(at);
    if (on?.what === "node") {
      this.view.select(on.id, false);
      this.view.report("expand", on);
    } else if (on) {
      this.view.report("select", on);
    }
  }

  onContext({ pointer, event }) {
    event.preventDefault?.();
    const on = this.view.painter.at(pointer.DOM);
    this.hover(null);
    if (on) this.openMenu(on);
  }

  // What can be done with it is the page's to say; without a menu the page hears of the click.
  openMenu(on) {
    const { data, nodes, relationships, selected, stage, menu } = this.view;
    const items = itemsOf(data.menu, on.id, selected, (id) => nodes.get(id));
    if (!items.length) return this.view.report("context", on);
    this.forgetClick();
    this.menuOn = on;
    menu.open(items, on.id, selected, nodes.get(on.id)?.caption ?? relationships.get(on.id)?.words);
    const { offsetWidth: width, offsetHeight: height } = menu.root;
    const frame = stage.getBoundingClientRect();
    const within = (at, most) => Math.max(4, Math.min(at, most - 4));
    menu.placeAt(
      within(frame.left + on.x, innerWidth - width), within(frame.top + on.y, innerHeight - height),
    );
  }

  // --- dragging ---

  // What was pulled is known from its beginning: vis names what it thinks is selected now, and the
  // answer of a run may have come in between.
  onDragEnd() {
    const { vis, nodes, camera, painter } = this.view;
    const moved = this.dragged.filter((id) => nodes.has(id));
    this.dragged = [];
    painter.panning = false;
    this.view.redraw();
    this.view.syncSelection();
    if (!moved.length) return camera.looked();
    camera.whole = false;
    for (const id of moved) Object.assign(nodes.get(id), vis.getPosition(id));
    this.view.tellMoved(moved);
  }

  // --- keys ---

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      if (this.openSelected()) event.preventDefault();
      return;
    }
    const { camera, selected } = this.view;
    const pans = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };
    if (pans[event.key]) camera.pan(...pans[event.key]);
    else if (event.key === "+" || event.key === "=") camera.zoom(1.25);
    else if (event.key === "-") camera.zoom(0.8);
    else if (event.key === "0") camera.fit(true);
    else if (event.key === "Escape" && selected.length) {
      this.view.select(null, false);
      this.view.report("select", null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // The menu of what is selected, where that is drawn; returns whether it is.
  openSelected() {
    const { selected, nodes, stage, painter } = this.view;
    const id = selected.at(-1);
    const at = id && painter.positionOf(id);
    if (!at) return false;
    const frame = stage.getBoundingClientRect();
    const what = nodes.has(id) ? "node" : "relationship";
    this.openMenu({ id, what, x: at.x - frame.left, y: at.y - frame.top });
    return true;
  }

  // --- hovering ---

  onMove(event) {
    if (!this.view.vis || event.buttons) return;
    const frame = this.view.stage.getBoundingClientRect();
    this.mouse = { x: event.clientX - frame.left, y: event.clientY - frame.top };
    this.moveFrame ||= requestAnimationFrame(() => {
      this.moveFrame = 0;
      if (this.view.vis) this.hover(this.view.painter.at(this.mouse));
    });
  }

  hover(on) {
    const id = on?.id ?? null;
    this.view.stage.classList.toggle("over", id !== null);
    if (id === this.hovered) return;
    this.hovered = id;
    this.view.redraw();
    this.view.tip.hide();
    if (on) this.view.tip.soon(on);
  }

  close() {
    // Where the network is made anew, no second click comes any more.
    if (this.clickTimer) this.tellClick();
    cancelAnimationFrame(this.moveFrame);
  }
}

function keepUndoInFields(event) {
  const [target] = event.composedPath();
  const typing = target.isContentEditable || ["INPUT", "TEXTAREA"].includes(target.tagName);
  const undo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (undo && typing && target.type !== "range") event.stopImmediatePropagation();
}
