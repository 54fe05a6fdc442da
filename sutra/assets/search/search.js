// A search field with suggestions: a combobox with a listbox, as WAI-ARIA describes it.
//
// What is typed goes to Python once the typing rests; the answer comes back as data with the number
// of the question, so that a late answer to an old question is not shown. Texts of the graph are
// only ever put in as textContent.

const REST = 140; // ms without a key before the question goes out
const BUSY = 300; // ms without an answer before the field says that it searches
const AGAIN = 1500; // ms without an answer before it is sent again
const LEFT = 20000; // ms for which a field that is made anew knows what the one before had to say
const AT_ONCE = 100; // ms
const left = new Map(); // key -> what a field had to say when it was taken away
const fields = new WeakMap(); // the element Streamlit gives us -> Field
let numbers = 0;

export default function (component) {
  const { parentElement } = component;
  let field = fields.get(parentElement);
  if (!field) {
    field = new Field(parentElement);
    fields.set(parentElement, field);
  }
  const call = (field.lastCall = {});
  field.receive(component);
  return () => {
    // Streamlit also cleans up after a call that a newer one has overtaken.
    if (field.lastCall !== call) return;
    fields.delete(parentElement);
    field.destroy();
  };
}

class Field {
  constructor(parent) {
    this.id = `search-${(numbers += 1)}`;
    this.asked = 0; // the number of the last question
    this.shown = 0; // the number of the question whose answer is on screen
    this.items = [];
    this.active = -1;
    this.open = false;
    this.draft = ""; // what somebody is typing and has not chosen by yet
    this.blurred = -Infinity;
    this.stop = new AbortController();
    this.build(parent);
  }

  build(parent) {
    this.root = element("div", "sutra-search");
    this.label = element("label", "caption");
    this.label.htmlFor = `${this.id}-input`;
    this.frame = element("div", "frame");
    this.input = element("input");
    Object.assign(this.input, {
      id: `${this.id}-input`, type: "text", autocomplete: "off", spellcheck: false, dir: "auto",
    });
    attributes(this.input, {
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": `${this.id}-list`, "aria-haspopup": "listbox",
    });
    this.key = element("kbd", "key", "/");
    this.key.setAttribute("aria-hidden", "true");
    this.clearer = element("button", "clear", "×");
    this.clearer.type = "button";
    this.clearer.hidden = true;
    this.list = element("div", "list");
    this.list.id = `${this.id}-list`;
    this.list.setAttribute("role", "listbox");
    this.note = element("p", "note");
    this.panel = element("div", "panel");
    // Above everything, and cut off by no frame round it.
    this.panel.popover = "manual";
    this.panel.append(this.list, this.note);
    this.said = element("p", "said");
    this.said.setAttribute("role", "status");
    this.frame.append(this.input, this.clearer, this.key);
    this.root.append(this.label, this.frame, this.panel, this.said);
    parent.append(this.root);
    this.listen();
  }

  listen() {
    const { signal } = this.stop;
    const on = (target, name, action, options) =>
      target.addEventListener(name, action, { signal, ...options });
    on(this.input, "input", () => this.typed());
    on(this.input, "keydown", (event) => this.onKey(event));
    on(this.input, "focus", () => {
      if (this.data.pick) this.input.select();
      else if (this.shown === this.asked && this.input.value.trim()) this.expand();
    });
    on(this.input, "blur", () => this.left());
    // A click in the panel must not take the focus away from the field.
    on(this.panel, "pointerdown", (event) => event.preventDefault());
    on(this.panel, "click", (event) => {
      const option = event.target.closest?.("[role=option]");
      if (option) this.choose(Number(option.dataset.place));
    });
    on(this.panel, "pointermove", (event) => {
      const option = event.target.closest?.("[role=option]");
      if (option) this.activate(Number(option.dataset.place), false);
    });
    on(this.clearer, "click", () => this.clear());
    on(window, "resize", () => this.follow());
    on(document, "scroll", () => this.follow(), { capture: true, passive: true });
    on(document, "keydown", (event) => this.fromAnywhere(event));
  }

  // --- data from Python ---

  receive({ data, setTriggerValue }) {
    this.setTrigger = setTriggerValue;
    const before = this.data;
    this.data = data;
    this.label.textContent = data.label;
    this.label.classList.toggle("hidden", data.hideLabel);
    this.input.placeholder = data.placeholder;
    this.key.hidden = !data.slash;
    this.clearer.setAttribute("aria-label", `Clear: ${data.label}`);
    this.list.setAttribute("aria-label", `${data.label}: suggestions`);
    // A session may know more questions than this field, which is new after a change of page.
    if (!before) {
      this.asked = this.shown = data.answer.seq;
      this.choices = data.reset;
    }
    this.settle(data);
    const chosen = data.chosen?.caption ?? "";
    const changed = chosen !== (before?.chosen?.caption ?? "");
    if (!before || changed || (!data.pick && data.reset !== before.reset)) {
      this.input.value = chosen;
      this.collapse();
    }
    if (!before) this.resume();
    this.clearer.hidden = !data.pick || !chosen;
    if (data.answer.seq === this.asked && data.answer.seq !== this.shown) this.show(data.answer);
  }

  // Streamlit drops what is sent to a part of a page that is being made anew: it is sent again,
  // until the data that come back know of it.
  deliver(name, value) {
    this.outbox = { name, value, tries: 0 };
    this.post();
  }

  post() {
    clearTimeout(this.postTimer);
    if (!this.outbox || this.outbox.tries >= 8) return;
    this.outbox.tries += 1;
    this.setTrigger(this.outbox.name, this.outbox.value);
    this.postTimer = setTimeout(() => this.post(), AGAIN * this.outbox.tries);
  }

  // Says what the field before this one was taken away with.
  resume() {
    const { at, text, outbox, draft } = left.get(this.data.key) ?? {};
    left.delete(this.data.key);
    if (at === undefined || performance.now() - at > LEFT) return;
    if (outbox?.name === "chosen") {
      if (outbox.value.seq <= this.choices) return;
      this.choices = outbox.value.seq;
      this.write(text);
      return this.deliver("chosen", outbox.value);
    }
    // Only for somebody who is at it still.
    if (document.activeElement !== document.body) return;
    this.input.focus();
    this.draft = draft;
    this.write(draft);
    this.asked = Math.max(this.asked, outbox?.value.seq ?? 0);
    this.ask();
  }

  // What is typed next goes on from there.
  write(text) {
    this.input.value = text;
    this.input.setSelectionRange(text.length, text.length);
  }

  settle(data) {
    if (!this.outbox) return;
    const { name, value } = this.outbox;
    const known = name === "typed" ? data.answer.seq : data.reset;
    if (known < value.seq) return;
    clearTimeout(this.postTimer);
    this.outbox = null;
  }

  show(answer) {
    clearTimeout(this.busyTimer);
    this.shown = answer.seq;
    this.items = [];
    this.active = -1;
    this.list.replaceChildren(...answer.groups.map((group, n) => this.group(group, n)));
    const found = this.items.length;
    const text = answer.error || (found ? "" : answer.empty);
    this.tell(text);
    this.said.textContent = text || `${found} ${found === 1 ? "suggestion" : "suggestions"}`;
    if (this.entered && found) this.choose(0);
    else if (this.hasFocus()) this.expand();
    this.entered = false;
  }

  group(group, number) {
    const made = element("div", "group");
    const title = element("p", "title", group.title);
    title.id = `${this.id}-group-${number}`;
    attributes(made, { role: "group", "aria-labelledby": title.id });
    made.append(title, ...group.items.map((item) => this.option(item)));
    if (group.more) made.append(element("p", "more", group.more));
    return made;
  }

  option(item) {
    const made = element("div", "option");
    const place = this.items.push(item) - 1;
    made.id = `${this.id}-option-${place}`;
    made.dataset.place = place;
    made.dataset.id = item.id;
    attributes(made, { role: "option", "aria-selected": "false" });
    const caption = element("span", "name", item.caption);
    caption.dir = "auto";
    const kind = element("span", "kind", item.kind);
    made.append(caption, kind);
    if (item.look) kind.prepend(mark(item.look));
    return made;
  }

  tell(text) {
    this.note.textContent = text;
    this.note.hidden = !text;
  }

  // --- what the user does ---

  typed() {
    clearTimeout(this.restTimer);
    clearTimeout(this.busyTimer);
    this.entered = false;
    this.draft = this.input.value;
    if (!this.input.value.trim()) {
      this.asked += 1;
      this.shown = this.asked;
      this.said.textContent = "";
      return this.collapse();
    }
    this.restTimer = setTimeout(() => this.ask(), REST);
  }

  ask() {
    clearTimeout(this.restTimer);
    this.asked += 1;
    this.question = this.input.value;
    this.busyTimer = setTimeout(() => {
      this.list.replaceChildren();
      this.items = [];
      this.tell("Searching …");
      this.said.textContent = "Searching";
      if (this.hasFocus()) this.expand();
    }, BUSY);
    this.deliver("typed", { seq: this.asked, text: this.question.slice(0, 300) });
  }

  onKey(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      if (!this.open) this.expand();
      else if (this.items.length) this.move(step);
    } else if (event.key === "Enter") {
      this.enter();
    } else if (event.key === "Escape") {
      if (this.open) this.collapse();
      else if (this.input.value !== this.rest()) this.draft = this.input.value = this.rest();
      else this.input.blur();
    } else if (event.key === "Home" && this.open && this.active >= 0) {
      this.activate(0);
    } else if (event.key === "End" && this.open && this.active >= 0) {
      this.activate(this.items.length - 1);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  move(step) {
    const last = this.items.length - 1;
    const next = this.active + step;
    this.activate(next > last ? 0 : next < 0 ? last : next);
  }

  // Enter takes the suggestion that is lit, else the first; of a question still open, its first.
  enter() {
    if (!this.input.value.trim()) return;
    const answered = this.shown === this.asked && this.input.value === this.question;
    if (answered && this.open) return this.items.length && this.choose(Math.max(0, this.active));
    if (answered) return this.expand();
    if (this.input.value !== this.question) this.ask();
    this.entered = true;
  }

  activate(place, scroll = true) {
    const options = this.list.querySelectorAll("[role=option]");
    options[this.active]?.setAttribute("aria-selected", "false");
    this.active = place;
    const option = options[place];
    option?.setAttribute("aria-selected", "true");
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    if (scroll) option?.scrollIntoView({ block: "nearest" });
  }

  choose(place) {
    const item = this.items[place];
    if (!item) return;
    this.collapse();
    this.input.value = this.data.pick ? item.caption : "";
    this.tellChoice(item.id);
  }

  clear() {
    this.input.value = "";
    this.tellChoice(null);
    this.input.focus();
  }

  tellChoice(id) {
    this.choices += 1;
    this.draft = "";
    this.text = this.input.value;
    this.deliver("chosen", { seq: this.choices, id });
  }

  // What stands in the field when nobody is searching.
  rest() {
    return this.data.pick ? this.data.chosen?.caption ?? "" : "";
  }

  left() {
    this.blurred = performance.now();
    this.collapse();
    if (this.data.pick && this.input.value !== this.rest()) this.input.value = this.rest();
  }

  fromAnywhere(event) {
    if (!this.data?.slash || event.key !== "/" || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [target] = event.composedPath();
    if (target instanceof Element && target.closest("input, textarea, select, [contenteditable]")) {
      return;
    }
    event.preventDefault();
    this.input.focus();
    this.input.select();
  }

  hasFocus() {
    return this.root.getRootNode().activeElement === this.input;
  }

  // --- the panel ---

  expand() {
    if (!this.items.length && !this.note.textContent) return;
    this.open = true;
    this.input.setAttribute("aria-expanded", "true");
    if (!this.panel.matches(":popover-open")) this.panel.showPopover();
    this.follow();
  }

  collapse() {
    this.open = false;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    for (const lit of this.list.querySelectorAll("[aria-selected=true]")) {
      lit.setAttribute("aria-selected", "false");
    }
    if (this.panel.matches(":popover-open")) this.panel.hidePopover();
  }

  // Below the field, as wide as it or wider where it is narrow, and within the window.
  follow() {
    if (!this.open) return;
    const at = this.frame.getBoundingClientRect();
    const width = Math.min(Math.max(at.width, 380), window.innerWidth - 16);
    const left = Math.max(8, Math.min(at.left, window.innerWidth - width - 8));
    Object.assign(this.panel.style, {
      left: `${left}px`, top: `${at.bottom + 4}px`, width: `${width}px`,
      maxHeight: `${Math.max(160, window.innerHeight - at.bottom - 16)}px`,
    });
  }

  destroy() {
    this.stop.abort();
    clearTimeout(this.restTimer);
    clearTimeout(this.busyTimer);
    clearTimeout(this.postTimer);
    // A field that is taken away loses the focus as well: whoever typed did not leave it.
    const now = performance.now();
    const typing = this.draft && (this.hasFocus() || now - this.blurred < AT_ONCE);
    const { outbox, text } = this;
    const draft = typing ? this.draft : undefined;
    if (draft || outbox?.name === "chosen") left.set(this.data.key, { at: now, text, outbox, draft });
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

function attributes(target, values) {
  for (const [name, value] of Object.entries(values)) target.setAttribute(name, value);
}

// The mark of a type, as the canvas draws it.
function mark({ colour, outline }) {
  const make = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);
  const [picture, shape] = [make("svg"), make("polygon")];
  attributes(picture, { viewBox: "-1.4 -1.4 2.8 2.8", "aria-hidden": "true" });
  attributes(shape, { points: outline.map((point) => point.join(",")).join(" "), fill: colour });
  picture.append(shape);
  return picture;
}
