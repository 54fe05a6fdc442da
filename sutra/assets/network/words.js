// What is said over the canvas: the tip beside the pointer, and the note at the lower edge.

import { element } from "../sutra.shared/mount.js";

const REST = 250; // ms that a pointer rests before the tip is there
const READING = 700; // ms after a press in which the tip would cover what was pressed
const SAID = 4000; // ms for which an answer to the reader stays

export class Tip {
  constructor(view) {
    this.view = view;
    this.root = element("div", "tip", "", { hidden: "" });
  }

  soon(on) {
    this.timer = setTimeout(() => this.show(on), REST);
  }

  hide() {
    clearTimeout(this.timer);
    this.root.hidden = true;
  }

  show(on) {
    const rows = this.rowsOf(on.id);
    // Whoever just clicked reads the inspector, and the tip would cover what was clicked.
    if (!rows || performance.now() - this.view.hand.pressed < READING) return;
    this.root.replaceChildren(
      ...rows.map(([name, text]) => element("p", name, text, { dir: "auto" })));
    this.root.hidden = false;
    const { clientWidth: width, clientHeight: height } = this.view.stage;
    const { x, y } = this.view.hand.mouse ?? on;
    const { offsetWidth, offsetHeight, style } = this.root;
    style.left = `${Math.max(4, Math.min(x + 14, width - offsetWidth - 4))}px`;
    style.top = `${Math.max(4, Math.min(y + 16, height - offsetHeight - 4))}px`;
  }

  rowsOf(id) {
    const { nodes, relationships, data } = this.view;
    const [node, relationship] = [nodes.get(id), relationships.get(id)];
    if (!node && !relationship) return null;
    const note = (node ?? relationship).noted ? [["standing", "has a note"]] : [];
    if (node) return [["kind", data.types[node.type].words], ["name", node.caption], ...note];
    return [
      ["name", nodes.get(relationship.from).caption],
      ["words", relationship.words],
      ["name", nodes.get(relationship.to).caption],
      ["standing", relationship.standing],
      ...(relationship.faint ? [["standing", "not certain by the day chosen"]] : []),
      ...note,
    ];
  }
}

export class Note {
  constructor(view) {
    this.view = view;
    this.root = element("div", "note");
    this.said = "";
  }

  // Says it for a while.
  say(words) {
    clearTimeout(this.timer);
    this.root.textContent = this.said = words;
    this.timer = setTimeout(() => {
      this.said = "";
      this.view.redraw();
    }, SAID);
  }

  // Says it as long as nothing else is said.
  rest(words) {
    if (!this.said && this.root.textContent !== words) this.root.textContent = words;
  }
}
