// Where the view looks: kept from run to run and from page to page, moved by the reader and by the page.

import { labelBox } from "./captions.js";
import { isCalm } from "./theme.js";

const ABOVE = 28; // px above the middle of the uppermost mark, and below that of the lowest
const BELOW = 50;
const LOWER_EDGE = 40; // px where the tools and the note stand, side by side
const NARROW = 400; // px of width under which they stand one above the other
const HIGHER_EDGE = 70;

export class Camera {
  constructor(view) {
    this.view = view;
    this.flown = new Set(); // what the page has asked to look at
    this.whole = undefined; // whether everything is seen
    this.untouched = undefined; // whether nobody has looked elsewhere yet
  }

  get vis() {
    return this.view.vis;
  }

  get scale() {
    return this.vis.getScale();
  }

  get centre() {
    return this.vis.getViewPosition();
  }

  get frameSize() {
    const { clientWidth: width, clientHeight: height } = this.view.stage;
    return { width, height };
  }

  // What the next view of this network begins with.
  get memory() {
    const { focused, flown, whole } = this;
    return { viewport: this.lastView ?? this.wanted, focused, flown, whole };
  }

  // --- after new data ---

  // Where to look: as it was, or at everything if all of it is new.
  place(before, shared) {
    const { data } = this.view;
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
    if (data.followView && !this.followed) this.view.tellView();
    this.followed = data.followView;
  }

  // Whether the view before this one showed everything, and that is the same now.
  sawAll({ whole, ids }) {
    const { nodes } = this.view;
    return whole && ids.size === nodes.size && [...ids].every((id) => nodes.has(id));
  }

  // Looks where the page asks to, once for each time it asks.
  fly(look, first) {
    if (!look) return;
    if (!this.flown.has(look.asked) && this.placed && !first) {
      const animation = isCalm() ? false : { duration: 500, easingFunction: "easeInOutQuad" };
      if (look.at) {
        const { x, y, scale } = look.at;
        this.vis.moveTo({ position: { x, y }, scale, animation });
        this.looked();
      } else this.fit(true);
    }
    this.flown.add(look.asked);
  }

  // Looks at the node that the page asks for, once for each time it asks.
  follow(animate) {
    const { data: { focus }, nodes } = this.view;
    if (!focus || focus === this.focused) return;
    this.focused = focus;
    const node = nodes.get(focus);
    if (!node) return;
    this.vis.moveTo({
      position: { x: node.x, y: node.y },
      scale: Math.max(0.9, this.scale),
      animation: animate && !isCalm() ? { duration: 300, easingFunction: "easeInOutQuad" } : false,
    });
    this.looked();
  }

  // Takes the wanted view as soon as the frame has a size: in a hidden tab it has none.
  settle() {
    const { width, height } = this.frameSize;
    if (this.placed || !width || !height) return;
    this.adopt();
    this.placed = true;
    if (this.wanted) this.look(this.wanted);
    else this.fit(false);
    // Known before it is painted: the frame may change its size first, or be made anew.
    this.viewport();
    this.untouched = !this.wanted;
    this.fittedTo = [width, height];
  }

  // --- the frame ---

  size() {
    const { width, height } = this.frameSize;
    return `${width} ${height}`;
  }

  adopt() {
    this.vis.setSize("100%", "100%");
    this.sized = this.size();
  }

  onResize() {
    const { width, height } = this.frameSize;
    if (!this.vis || !width || !height) return;
    if (!this.placed) {
      this.settle();
      this.follow(false);
      return;
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
      this.view.tellView();
    } else if (view) {
      const { whole } = this;
      this.look(view);
      this.whole = whole;
    }
    this.view.redraw();
  }

  // The middle is measured on the frame: while that is hidden, or of another size than the canvas
  // was made for, what was measured last still holds.
  viewport() {
    if (this.placed && this.size() === this.sized) {
      const { x, y } = this.centre;
      this.lastView = { x, y, scale: this.scale };
    }
    return this.lastView;
  }

  // What is seen, in the network's own units.
  frame() {
    const { x, y } = this.centre;
    const { width, height } = this.frameSize;
    const [wide, high] = [width / 2 / this.scale, height / 2 / this.scale];
    return { left: x - wide, right: x + wide, top: y - high, bottom: y + high };
  }

  // Whether a place is seen, or nearly; `beyond` is in pixels.
  sees({ x, y }, beyond = 0) {
    const { x: cx, y: cy } = this.centre;
    const { width, height } = this.frameSize;
    return Math.abs(x - cx) * this.scale < width / 2 + 80 + beyond &&
      Math.abs(y - cy) * this.scale < height / 2 + 60 + beyond;
  }

  // Where a place of the network lies, in CSS pixels of the window.
  inWindow(place) {
    const { x, y } = this.vis.canvasToDOM(place);
    const frame = this.view.stage.getBoundingClientRect();
    return { x: frame.left + x, y: frame.top + y };
  }

  // --- moving ---

  // Panned or zoomed: no run of the app for that alone, unless the page asked for it.
  looked() {
    this.untouched = this.whole = false;
    this.view.tellView();
  }

  look({ x, y, scale }) {
    this.vis.moveTo({ position: { x, y }, scale });
    this.whole = false;
  }

  // Steps are in pixels.
  pan(dx, dy) {
    const { x, y } = this.centre;
    this.vis.moveTo({ position: { x: x + dx / this.scale, y: y + dy / this.scale } });
    this.looked();
  }

  zoom(factor) {
    this.vis.moveTo({ scale: Math.max(0.05, Math.min(5, this.scale * factor)) });
    this.looked();
  }

  // Everything with its captions into the frame.
  fit(byHand) {
    const { width, height } = this.frameSize;
    const wide = Math.max(40, width - 24); // a frame that is still being laid out has next to none
    const nodes = [...this.view.nodes.values()];
    if (!nodes.length) return;
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
      const most = (0.12 * (wide + 24)) / scale;
      const half = (n) => Math.min(this.halfWidth(n, scale), most);
      const left = Math.min(...nodes.map((n) => n.x - half(n)));
      const right = Math.max(...nodes.map((n) => n.x + half(n)));
      middle = (left + right) / 2;
      scale = Math.min(wide / (right - left), room / (bottom - top), 1.2);
    }
    const y = (top + bottom) / 2 + (edge + BELOW - ABOVE) / 2 / scale;
    this.look({ x: middle, y, scale });
    if (byHand) this.looked();
    this.whole = true;
  }

  halfWidth(node, scale) {
    const ctx = this.view.stage.querySelector("canvas").getContext("2d");
    const box = labelBox(ctx, node, this.view.theme, scale);
    return Math.max(20, (box.right - box.left) / 2);
  }
}
