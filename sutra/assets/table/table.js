// What is on the canvas as two tables, for the keyboard and screen readers: a name opens it, and
// “Do …” has everything that a right-click has; boxes select several, as Ctrl and a click do there.
// Texts are only ever put in as textContent.

import { itemsForAll, itemsOf } from "../sutra.network/menu.js";

const PAGE = 50; // rows at first, and more by a button
const AGAIN = 1500; // ms until what has not arrived while the app rests is sent again
const TRIES = 5;
const DAY = /^\d{4}(-\d\d){0,2}$/;

const tables = new WeakMap(); // the element Streamlit gives us -> View
let numbers = 0;

export default function (component) {
  const { parentElement } = component;
  let view = tables.get(parentElement);
  if (!view) {
    view = new View(parentElement);
    tables.set(parentElement, view);
  }
  const call = (view.lastCall = {});
  view.receive(component);
  return () => {
    // Streamlit also cleans up after a call that a newer one has overtaken.
    if (view.lastCall !== call) return;
    tables.delete(parentElement);
    view.destroy();
  };
}

class View {
  constructor(parent) {
    this.stop = new AbortController();
    this.seq = 0;
    this.root = element("div", "sutra-table");
    this.menu = element("div", "menu");
    attributes(this.menu, { role: "menu" });
    this.menu.popover = "auto";
    this.said = element("p", "said");
    attributes(this.said, { role: "status" });
    this.selected = [];
    this.chosen = element("div", "chosen");
    this.chosenWords = element("p");
    this.chosenWords.setAttribute("role", "status");
    this.none = element("button", "none", "Select nothing");
    this.none.type = "button";
    this.chosen.append(this.chosenWords, this.none);
    this.lists = {
      node: new List(this, "node", ["Name", "Type", "Connections", "Marks", "Note"]),
      relationship: new List(
        this, "relationship", ["From", "Connection", "To", "Standing", "From day", "To day", "Note"],
      ),
    };
    this.root.append(
      this.chosen, this.lists.node.root, this.lists.relationship.root, this.menu, this.said,
    );
    parent.append(this.root);
    const { signal } = this.stop;
    this.none.addEventListener("click", () => this.choose([]), { signal });
    this.menu.addEventListener("keydown", (event) => this.onMenuKey(event), { signal });
    this.menu.addEventListener("toggle", ({ newState }) => {
      if (newState === "closed") this.opener?.setAttribute("aria-expanded", "false");
    }, { signal });
  }

  receive({ data, setTriggerValue }) {
    this.send = (value) => setTriggerValue("event", value);
    this.seq = Math.max(this.seq, data.ack);
    if (this.outbox && data.ack >= this.outbox.event.seq) this.outbox = null;
    this.data = data;
    // What was chosen since is on its way to Python; this is older.
    if (data.ack === this.seq) this.selected = data.selected;
    this.lists.node.receive(data.nodes);
    this.lists.relationship.receive(data.relationships);
    this.saySelected();
    this.root.dataset.rows = `${data.nodes.length} ${data.relationships.length}`;
  }

  report(action, id, more) {
    this.seq += 1;
    this.outbox = { event: { seq: this.seq, action, id, ...more }, tries: 0 };
    this.post();
  }

  // As the canvas does: Streamlit drops what is sent to a part of a page that a run was cut off
  // before. It is sent again, but never into a run, which would begin anew.
  post() {
    clearTimeout(this.postTimer);
    if (!this.outbox || this.outbox.tries >= TRIES) return;
    if (!this.outbox.tries || !running()) {
      this.outbox.tries += 1;
      this.send(this.outbox.event);
    }
    this.postTimer = setTimeout(() => this.post(), AGAIN);
  }

  // Selects these and nothing else. All of them are told: of two events only the last may arrive.
  choose(ids) {
    this.selected = ids;
    this.lists.node.mark();
    this.lists.relationship.mark();
    this.saySelected();
    this.report("choose", ids.at(-1) ?? "", { chosen: ids });
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

  openMenu(row, what, opener) {
    const { selected } = this;
    const several = selected.length > 1 && selected.includes(row.id);
    const items = several
      ? itemsForAll(selected, (id) => this.itemsFor(id))
      : itemsOf(this.data.menu, what, Boolean(row.pinned));
    this.opener = opener;
    this.menu.replaceChildren(...items.map(({ action, words, ids }) => {
      const item = element("button", "", words);
      item.type = "button";
      item.tabIndex = -1;
      item.setAttribute("role", "menuitem");
      item.addEventListener("click", () => this.take(action, row.id, ids ?? [row.id]));
      return item;
    }));
    this.menu.setAttribute("aria-label", several ? `${selected.length} selected` : row.name);
    this.menu.showPopover();
    opener.setAttribute("aria-expanded", "true");
    const at = opener.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.menu;
    const below = at.bottom + 2 + height <= window.innerHeight - 8;
    const top = below ? at.bottom + 2 : Math.max(8, at.top - height - 2);
    const left = Math.max(8, Math.min(at.right - width, window.innerWidth - width - 8));
    Object.assign(this.menu.style, { left: `${left}px`, top: `${top}px` });
    this.menu.firstChild?.focus();
  }

  closeMenu() {
    this.menu.hidePopover();
    this.opener?.focus();
  }

  itemsFor(id) {
    const node = this.data.nodes.find((row) => row.id === id);
    return itemsOf(this.data.menu, node ? "node" : "relationship", Boolean(node?.pinned));
  }

  take(action, id, ids) {
    this.closeMenu();
    if (action === "copy") this.copy(ids.join("\n"));
    else this.report(action, id, { ids });
  }

  async copy(text) {
    let words = text.includes("\n") ? "Ids copied" : "Id copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without a secure address browsers keep the clipboard to themselves: show what to copy.
      words = text;
    }
    this.said.textContent = words;
  }

  onMenuKey(event) {
    const items = [...this.menu.children];
    const at = items.indexOf(this.menu.getRootNode().activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) items.at(to % items.length).focus();
    else if (event.key === "Escape" || event.key === "Tab") this.closeMenu();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  destroy() {
    this.stop.abort();
    clearTimeout(this.postTimer);
    this.root.remove();
  }
}

// One table. Rows stay the same elements from run to run, so that the focus stays where it is.
class List {
  constructor(view, what, heads) {
    Object.assign(this, { view, what, heads, rows: [], made: new Map(), shown: PAGE, sort: null });
    this.id = `sutra-table-${(numbers += 1)}`;
    this.root = element("section");
    this.caption = element("h3");
    this.caption.id = this.id;
    const label = element("label", "", "Only rows that hold ");
    this.filter = element("input");
    Object.assign(this.filter, { type: "search", autocomplete: "off", spellcheck: false, dir: "auto" });
    label.append(this.filter);
    this.count = element("p", "count");
    this.count.setAttribute("role", "status");
    this.frame = element("div", "frame");
    attributes(this.frame, { tabindex: "0", role: "group", "aria-labelledby": this.id });
    this.table = element("table", what);
    this.table.setAttribute("aria-labelledby", this.id);
    this.body = element("tbody");
    this.more = element("button", "more", "Show more rows");
    this.more.type = "button";
    this.table.append(this.head(), this.body);
    this.frame.append(this.table);
    this.root.append(this.caption, label, this.count, this.frame, this.more);
    const { signal } = view.stop;
    this.filter.addEventListener("input", () => this.fill(), { signal });
    this.more.addEventListener("click", () => {
      this.shown += PAGE;
      this.fill();
    }, { signal });
  }

  head() {
    const head = element("thead");
    const row = element("tr");
    this.cells = this.heads.map((words, place) => {
      const cell = element("th");
      cell.scope = "col";
      const button = element("button", "", words);
      button.type = "button";
      button.addEventListener("click", () => this.sortBy(place));
      cell.append(button);
      return cell;
    });
    const first = element("th", "", "✓");
    first.setAttribute("aria-label", "Selected");
    const last = element("th", "", "What to do");
    first.scope = last.scope = "col";
    this.lastHead = last;
    row.append(first, ...this.cells, last);
    head.append(row);
    return head;
  }

  // Whether anything can be done with a row beside opening it.
  get does() {
    return this.view.data.menu[this.what].length > 0;
  }

  sortBy(place) {
    const down = this.sort?.place === place && !this.sort.down;
    this.sort = { place, down };
    this.cells.forEach((cell, n) => {
      if (n === place) cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    this.fill();
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
    const box = element("input", "pick");
    box.type = "checkbox";
    box.setAttribute("aria-label", `Select ${row.name}`);
    box.addEventListener("change", () => this.view.toggle(row.id));
    cell.append(box);
    return cell;
  }

  opener(row, words) {
    const made = element("button", "open", words);
    made.type = "button";
    made.dir = "auto";
    // As on the canvas: with Ctrl or Shift what is selected already stays so.
    const more = (event) => event.ctrlKey || event.metaKey || event.shiftKey;
    made.addEventListener("click", (event) => {
      if (more(event)) this.view.toggle(row.id);
      else this.view.report("select", row.id);
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
    const made = element("button", "do", "Do …");
    made.type = "button";
    attributes(made, {
      "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `Do with ${row.name}`,
    });
    made.addEventListener("click", () => this.view.openMenu(row, this.what, made));
    return made;
  }
}

function running() {
  const app = document.querySelector("[data-testid=stApp]");
  return ["running", "rerunRequested"].includes(app?.dataset.testScriptState);
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function attributes(target, values) {
  for (const [name, value] of Object.entries(values)) target.setAttribute(name, value);
}
