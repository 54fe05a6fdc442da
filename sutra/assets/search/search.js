// A search field with suggestions: a combobox with a listbox, as WAI-ARIA describes it.
//
// What is typed goes to Python once the typing rests; the answer comes back as data with the number
// of the question, so that a late answer to an old question is not shown. Texts of the graph are
// only ever put in as textContent.

import { attributes, button, element, mounting, Part } from "../sutra.shared/mount.js";
import { Outbox } from "../sutra.shared/outbox.js";

const REST = 140; // ms without a key before the question goes out
const BUSY = 300; // ms without an answer before the field says that it searches
const LEFT = 20000; // ms for which a field that is made anew knows what the one before had to say
const AT_ONCE = 100; // ms
const drafts = new Map(); // key -> what was being typed in a field when it was taken away
let numbers = 0;

class Field extends Part {
  constructor(parent) {
    super(parent, "sutra-search");
    this.id = `search-${(numbers += 1)}`;
    this.outbox = new Outbox({ stays: true });
    this.asked = 0; // the number of the last question
    this.shown = 0; // the number of the question whose answer is on screen
    this.items = [];
    this.active = -1;
    this.open = false;
    this.draft = ""; // what somebody is typing and has not chosen by yet
    this.blurred = -Infinity;
    this.build();
    this.listen();
  }

  build() {
    this.label = element("label", "caption", "", { for: `${this.id}-input` });
    this.frame = element("div", "frame");
    this.input = element("input", "", "", {
      id: `${this.id}-input`, type: "text", autocomplete: "off", spellcheck: "false", dir: "auto",
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": `${this.id}-list`, "aria-haspopup": "listbox",
    });
    this.key = element("kbd", "key", "/", { "aria-hidden": "true" });
    this.clearer = button("clear", "×", { hidden: "" });
    this.list = element("div", "list", "", { id: `${this.id}-list`, role: "listbox" });
    this.note = element("p", "note");
    this.panel = element("div", "panel");
    // Above everything, and cut off by no frame round it.
    this.panel.popover = "manual";
    this.panel.append(this.list, this.note);
    this.said = element("p", "said", "", { role: "status" });
    this.frame.append(this.input, this.clearer, this.key);
    this.root.append(this.label, this.frame, this.panel, this.said);
  }

  listen() {
    this.on(this.input, "input", () => this.typed());
    this.on(this.input, "keydown", (event) => this.onKey(event));
    this.on(this.input, "focus", () => {
      if (this.data.pick) this.input.select();
      else if (this.shown === this.asked && this.input.value.trim()) this.expand();
    });
    this.on(this.input, "blur", () => this.left());
    // A click in the panel must not take the focus away from the field.
    this.on(this.panel, "pointerdown", (event) => event.preventDefault());
    this.on(this.panel, "click", (event) => {
      const option = event.target.closest?.("[role=option]");
      if (option) this.choose(Number(option.dataset.place));
    });
    this.on(this.panel, "pointermove", (event) => {
      const option = event.target.closest?.("[role=option]");
      if (option) this.activate(Number(option.dataset.place), false);
    });
    this.on(this.clearer, "click", () => this.clear());
    this.on(window, "resize", () => this.follow());
    this.on(document, "scroll", () => this.follow(), { capture: true, passive: true });
    this.onKeyAnywhere("/", () => {
      if (!this.data?.slash) return false;
      this.input.focus();
      this.input.select();
    });
  }

  // --- data from Python ---

  receive({ data, setTriggerValue }) {
    const before = this.data;
    this.data = data;
    this.label.textContent = data.label;
    this.label.classList.toggle("hidden", data.hideLabel);
    this.input.placeholder = data.placeholder;
    this.key.hidden = !data.slash;
    this.clearer.setAttribute("aria-label", `Clear: ${data.label}`);
    this.list.setAttribute("aria-label", `${data.label}: suggestions`);
    // A session may know more questions than this field, which is new after a change of page.
    if (!before) this.asked = this.shown = data.answer.seq;
    const ack = Math.max(data.answer.seq, data.reset);
    this.outbox.hear(ack, ({ trigger, ...value }) => setTriggerValue(trigger, value));
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

  // Goes on where the field before this one was taken away.
  resume() {
    const { key, reset } = this.data;
    const chosen = this.outbox.resume(key, reset, LEFT);
    const { at, seq, draft } = drafts.get(key) ?? {};
    drafts.delete(key);
    if (chosen) this.write(chosen.text);
    // Only for somebody who is at it still.
    else if (performance.now() - at < LEFT && document.activeElement === document.body) {
      this.input.focus();
      this.draft = draft;
      this.write(draft);
      this.outbox.seq = Math.max(this.outbox.seq, seq);
      this.ask();
    }
  }

  // What is typed next goes on from there.
  write(text) {
    this.input.value = text;
    this.input.setSelectionRange(text.length, text.length);
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
    const title = element("p", "title", group.title, { id: `${this.id}-group-${number}` });
    const made = element("div", "group", "", { role: "group", "aria-labelledby": title.id });
    made.append(title, ...group.items.map((item) => this.option(item)));
    if (group.more) made.append(element("p", "more", group.more));
    return made;
  }

  option(item) {
    const place = this.items.push(item) - 1;
    const made = element("div", "option", "", {
      id: `${this.id}-option-${place}`, "data-place": place, "data-id": item.id,
      role: "option", "aria-selected": "false",
    });
    const caption = element("span", "name", item.caption, { dir: "auto" });
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
      this.asked = this.shown = this.outbox.seq += 1;
      this.said.textContent = "";
      return this.collapse();
    }
    this.restTimer = setTimeout(() => this.ask(), REST);
  }

  ask() {
    clearTimeout(this.restTimer);
    this.question = this.input.value;
    this.busyTimer = setTimeout(() => {
      this.list.replaceChildren();
      this.items = [];
      this.tell("Searching …");
      this.said.textContent = "Searching";
      if (this.hasFocus()) this.expand();
    }, BUSY);
    this.asked = this.outbox.put({ trigger: "typed", text: this.question.slice(0, 300) });
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
    this.draft = "";
    this.outbox.put({ trigger: "chosen", id, text: this.input.value });
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

  hasFocus() {
    return this.focused === this.input;
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
    clearTimeout(this.restTimer);
    clearTimeout(this.busyTimer);
    const { key } = this.data;
    const { seq, event } = this.outbox;
    // A field that is taken away loses the focus as well: whoever typed did not leave it.
    const at = performance.now();
    const typing = this.draft && (this.hasFocus() || at - this.blurred < AT_ONCE);
    if (typing) drafts.set(key, { at, seq, draft: this.draft });
    // What was typed is asked anew, by whoever is at it still.
    if (event?.trigger === "typed") this.outbox.event = null;
    this.outbox.close(key);
    super.destroy();
  }
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

export default mounting(Field);
