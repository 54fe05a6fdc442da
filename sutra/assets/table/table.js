// What is on the canvas as two tables, for the keyboard and screen readers: a name opens it, and
// “Do …” has everything that a right-click has; boxes select several, as Ctrl and a click do there.
// Texts are only ever put in as textContent.

import { itemsOf, Menu } from "../sutra.shared/menu.js";
import { button, element, mounting, Part } from "../sutra.shared/mount.js";
import { Outbox } from "../sutra.shared/outbox.js";

const PAGE = 50; // rows at first, and more by a button
const DAY = /^\d{4}(-\d\d){0,2}$/;

let numbers = 0;
const memory = new Map(); // key of the tables -> how each stood when they were last taken away

class Tables extends Part {
  constructor(parent) {
    super(parent, "sutra-table");
    this.outbox = new Outbox();
    this.said = element("p", "said", "", { role: "status" });
    this.selected = [];
    this.chosen = element("div", "chosen");
    this.chosenWords = element("p", "", "", { role: "status" });
    this.none = button("none", "Select nothing");
    this.chosen.append(this.chosenWords, this.none);
    this.lists = {
      node: new List(this, "node", ["Name", "Type", "Connections", "Marks", "Note"]),
      relationship: new List(
        this, "relationship", ["From", "Connection", "To", "Standing", "From day", "To day", "Note"],
      ),
    };
    this.root.append(this.chosen, this.lists.node.root, this.lists.relationship.root);
    this.menu = new Menu(this, "auto", {
      take: (action, ids) => this.outbox.put({ action, id: this.menuOf, ids }),
      say: (words) => { this.said.textContent = words; },
      leave: () => this.opener?.focus(),
    });
    this.root.append(this.said);
    this.on(this.none, "click", () => this.choose([]));
    this.on(this.menu.root, "toggle", ({ newState }) => {
      if (newState === "closed") this.opener?.setAttribute("aria-expanded", "false");
    });
  }

  receive({ data, setTriggerValue }) {
    const isNew = !this.data;
    this.data = data;
    if (isNew) this.recall(memory.get(data.key) ?? {});
    this.outbox.hear(data.ack, (event) => setTriggerValue("event", event));
    const resumed = isNew ? this.outbox.resume(data.key, data.ack) : null;
    // What was chosen since is on its way to Python; this is older.
    if (isNew || data.ack === this.outbox.seq) this.selected = resumed?.chosen ?? data.selected;
    this.lists.node.receive(data.nodes);
    this.lists.relationship.receive(data.relationships);
    this.saySelected();
    this.root.dataset.rows = `${data.nodes.length} ${data.relationships.length}`;
  }

  // Selects these and nothing else. All of them are told: of two events only the last may arrive.
  choose(ids) {
    this.selected = ids;
    this.lists.node.mark();
    this.lists.relationship.mark();
    this.saySelected();
    this.outbox.put({ action: "choose", id: ids.at(-1) ?? "", chosen: ids });
  }

  toggle(id) {
    const { selected } = this;
    this.choose(selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id]);
  }

  saySelected() {
    const rows = [...this.data.nodes, ...this.data.relationships];
    const names = this.selected.map((id) => rows.find((row) => row.id === id)?.name ?? "");
    const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
    const words = names.length
      ? `${names.length} selected: ${names.slice(-3).reverse().join("; ")}${more}.`
      : "Nothing is selected.";
    if (this.chosenWords.textContent !== words) this.chosenWords.textContent = words;
    this.none.disabled = !names.length;
  }

  openMenu(row, opener) {
    const nodeOf = (id) => this.data.nodes.find((node) => node.id === id);
    this.opener = opener;
    this.menuOf = row.id;
    const items = itemsOf(this.data.menu, row.id, this.selected, nodeOf);
    this.menu.open(items, row.id, this.selected, row.name);
    opener.setAttribute("aria-expanded", "true");
    const at = opener.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.menu.root;
    const below = at.bottom + 2 + height <= window.innerHeight - 8;
    const top = below ? at.bottom + 2 : Math.max(8, at.top - height - 2);
    this.menu.placeAt(Math.max(8, Math.min(at.right - width, window.innerWidth - width - 8)), top);
  }

  // A page that is drawn anew leaves the tables as they were sorted, filtered and read.
  recall(before) {
    for (const [what, list] of Object.entries(this.lists)) list.recall(before[what]);
  }

  destroy() {
    this.outbox.close(this.data.key);
    const { node, relationship } = this.lists;
    memory.set(this.data.key, { node: node.memory, relationship: relationship.memory });
    super.destroy();
  }
}

// One table. Rows stay the same elements from run to run, so that the focus stays where it is.
class List {
  constructor(view, what, heads) {
    Object.assign(this, { view, what, heads, rows: [], made: new Map(), shown: PAGE, sort: null });
    this.id = `sutra-table-${(numbers += 1)}`;
    this.root = element("section");
    this.caption = element("h3", "", "", { id: this.id });
    const label = element("label", "", "Only rows that hold ");
    this.filter = element("input", "", "", {
      type: "search", autocomplete: "off", spellcheck: "false", dir: "auto",
    });
    label.append(this.filter);
    this.count = element("p", "count", "", { role: "status" });
    this.frame = element(
      "div", "frame", "", { tabindex: "0", role: "group", "aria-labelledby": this.id },
    );
    this.table = element("table", what, "", { "aria-labelledby": this.id });
    this.body = element("tbody");
    this.more = button("more", "Show more rows");
    this.table.append(this.head(), this.body);
    this.frame.append(this.table);
    this.root.append(this.caption, label, this.count, this.frame, this.more);
    view.on(this.filter, "input", () => this.fill());
    view.on(this.more, "click", () => {
      this.shown += PAGE;
      this.fill();
    });
  }

  head() {
    const head = element("thead");
    const row = element("tr");
    this.cells = this.heads.map((words, place) => {
      const cell = element("th", "", "", { scope: "col" });
      const sorter = button("", words);
      sorter.addEventListener("click", () => this.sortBy(place));
      cell.append(sorter);
      return cell;
    });
    const first = element("th", "", "✓", { scope: "col", "aria-label": "Selected" });
    this.lastHead = element("th", "", "What to do", { scope: "col" });
    row.append(first, ...this.cells, this.lastHead);
    head.append(row);
    return head;
  }

  // Whether anything can be done with a row beside opening it.
  get does() {
    return this.view.data.menu[this.what].length > 0;
  }

  get memory() {
    return { shown: this.shown, sort: this.sort, filter: this.filter.value };
  }

  recall(before) {
    if (!before) return;
    this.shown = before.shown;
    this.sort = before.sort;
    this.filter.value = before.filter;
    this.saySort();
  }

  sortBy(place) {
    const down = this.sort?.place === place && !this.sort.down;
    this.sort = { place, down };
    this.saySort();
    this.fill();
  }

  saySort() {
    this.cells.forEach((cell, n) => {
      if (n !== this.sort?.place) cell.removeAttribute("aria-sort");
      else cell.setAttribute("aria-sort", this.sort.down ? "descending" : "ascending");
    });
  }

  receive(rows) {
    this.rows = rows;
    this.lastHead.hidden = !this.does;
    const words = this.what === "node" ? "Entities" : "Connections";
    this.caption.textContent = `${words} on the canvas (${rows.length.toLocaleString("en")})`;
    this.fill();
  }

  fill() {
    const wanted = this.filter.value.trim().toLowerCase();
    let rows = wanted
      ? this.rows.filter((row) => row.cells.some((c) => String(c).toLowerCase().includes(wanted)))
      : [...this.rows];
    if (this.sort) {
      const { place, down } = this.sort;
      const order = new Intl.Collator("en", { numeric: true }).compare;
      rows.sort((a, b) => order(String(a.cells[place]), String(b.cells[place])) * (down ? -1 : 1));
    }
    const total = rows.length;
    rows = rows.slice(0, this.shown);
    this.more.hidden = rows.length >= total;
    this.count.textContent = rows.length < this.rows.length
      ? `Showing ${rows.length} of ${total}${wanted ? " that hold it" : ""}.` : "";
    this.put(rows);
  }

  put(rows) {
    const root = this.root.getRootNode();
    const before = [...this.body.children];
    const at = before.findIndex((row) => row.contains(root.activeElement));
    const column = at < 0 ? null : root.activeElement.className;
    const made = new Map();
    for (const row of rows) {
      const text = JSON.stringify(row);
      const old = this.made.get(row.id);
      const kept = old?.text === text ? old : { text, element: this.row(row, old?.element) };
      made.set(row.id, kept);
    }
    this.made = made;
    this.mark();
    const wanted = rows.map((row) => made.get(row.id).element);
    // Moved only if it must be: what is moved loses the focus.
    if (wanted.length !== before.length || wanted.some((row, n) => row !== before[n])) {
      this.body.replaceChildren(...wanted);
    }
    if (at >= 0) this.refocus(before[at], at, column);
  }

  // Says of each row whether it is selected, and whether it is the one that is read.
  mark() {
    const { selected } = this.view;
    for (const [id, { element: row }] of this.made) {
      const chosen = selected.includes(id);
      row.classList.toggle("selected", chosen);
      row.querySelector(".pick").checked = chosen;
      const opener = row.querySelector(".open");
      if (id === selected.at(-1)) opener.setAttribute("aria-current", "true");
      else opener.removeAttribute("aria-current");
    }
  }

  // The focus stays with its row, or goes to the one that took its place.
  refocus(old, at, column) {
    const root = this.root.getRootNode();
    if (root.activeElement && this.root.contains(root.activeElement)) return;
    const row = old.isConnected ? old : this.body.children[Math.min(at, this.body.children.length - 1)];
    (row?.getElementsByClassName(column)[0] ?? this.filter).focus({ preventScroll: true });
  }

  // A row, in the same element if there is one.
  row(row, element_) {
    const made = element_ ?? element("tr");
    const focused = made.getRootNode().activeElement;
    const column = made.contains(focused) ? focused.className : null;
    const main = this.what === "node" ? 0 : 1;
    const cells = row.cells.map((value, place) => {
      const cell = element(place === 0 ? "th" : "td");
      if (place === 0) cell.scope = "row";
      cell.dir = "auto";
      if (DAY.test(value)) cell.className = "day";
      if (place !== main) cell.textContent = value;
      else cell.append(this.opener(row, String(value)));
      return cell;
    });
    if (this.does) {
      const last = element("td");
      last.append(this.actions(row));
      cells.push(last);
    }
    made.replaceChildren(this.picker(row), ...cells);
    if (column) made.getElementsByClassName(column)[0]?.focus({ preventScroll: true });
    return made;
  }

  picker(row) {
    const cell = element("td");
    const values = { type: "checkbox", "aria-label": `Select ${row.name}` };
    const box = element("input", "pick", "", values);
    box.addEventListener("change", () => this.view.toggle(row.id));
    cell.append(box);
    return cell;
  }

  opener(row, words) {
    const made = button("open", words, { dir: "auto" });
    // As on the canvas: with Ctrl or Shift what is selected already stays so.
    const more = (event) => event.ctrlKey || event.metaKey || event.shiftKey;
    made.addEventListener("click", (event) => {
      if (more(event)) this.view.toggle(row.id);
      else this.view.outbox.put({ action: "select", id: row.id });
    });
    // With Ctrl a browser makes no click of Enter.
    made.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !more(event)) return;
      event.preventDefault();
      if (!event.repeat) this.view.toggle(row.id);
    });
    if (this.what === "relationship") made.setAttribute("aria-label", row.name);
    return made;
  }

  actions(row) {
    const made = button("do", "Do …", {
      "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `Do with ${row.name}`,
    });
    made.addEventListener("click", () => this.view.openMenu(row, made));
    return made;
  }
}

export default mounting(Tables);
