// The sheet of shortcuts: a button, and `?` from anywhere but a field. It asks nothing of Python.
// As it is on every page, it also sees that a click on the navigation leads away from an open panel.

const sheets = new WeakMap(); // the element Streamlit gives us -> Sheet

export default function (component) {
  const { parentElement, data } = component;
  let sheet = sheets.get(parentElement);
  if (!sheet) {
    sheet = new Sheet(parentElement);
    sheets.set(parentElement, sheet);
  }
  const call = (sheet.lastCall = {});
  sheet.receive(data);
  return () => {
    // Streamlit also cleans up after a call that a newer one has overtaken.
    if (sheet.lastCall !== call) return;
    sheets.delete(parentElement);
    sheet.destroy();
  };
}

class Sheet {
  constructor(parent) {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.root = element("div", "sutra-shortcuts");
    this.opener = element("button", "opener", "?");
    this.opener.type = "button";
    this.opener.setAttribute("aria-haspopup", "dialog");
    this.dialog = element("dialog");
    this.title = element("h2", "", "");
    this.title.id = "sutra-shortcuts-title";
    this.dialog.setAttribute("aria-labelledby", this.title.id);
    this.closer = element("button", "closer", "Close");
    this.closer.type = "button";
    this.groups = element("div", "groups");
    this.dialog.append(this.title, this.groups, this.closer);
    this.root.append(this.opener, this.dialog);
    parent.append(this.root);
    this.opener.addEventListener("click", () => this.open(), { signal });
    this.closer.addEventListener("click", () => this.dialog.close(), { signal });
    // A click beside the sheet closes it: there only the dialog itself is under the pointer.
    this.dialog.addEventListener("click", (event) => {
      if (event.composedPath()[0] === this.dialog) this.dialog.close();
    }, { signal });
    // What is typed over the sheet is not for the page below.
    this.dialog.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
    document.addEventListener("keydown", (event) => this.fromAnywhere(event), { signal });
    document.addEventListener("pointerdown", closePanel, { signal, capture: true });
  }

  receive({ title, groups, place }) {
    // What was chosen on the same page begins at the top, wherever the last one was left.
    if (this.place !== undefined && place !== this.place) {
      document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
    }
    this.place = place;
    this.title.textContent = title;
    this.opener.title = `${title} (?)`;
    this.opener.setAttribute("aria-label", title);
    this.groups.replaceChildren(...groups.map(({ place, keys }) => {
      const group = element("section");
      const list = element("dl");
      for (const [key, words] of keys) {
        const row = element("div");
        const term = element("dt");
        term.append(...key.split(" ").map((part) => element("kbd", "", part)));
        row.append(term, element("dd", "", words));
        list.append(row);
      }
      group.append(element("h3", "", place), list);
      return group;
    }));
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
    this.closer.focus();
  }

  fromAnywhere(event) {
    if (event.key !== "?" || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [target] = event.composedPath();
    if (target instanceof Element && target.closest("input, textarea, select, [contenteditable]")) {
      return;
    }
    event.preventDefault();
    this.open();
  }

  destroy() {
    this.stop.abort();
    this.root.remove();
  }
}

// An open panel closes when a link is pressed, not when it is let go: that it closed would else be
// told after the way to the other page, and lead back to this one.
function closePanel({ target }) {
  const panel = document.querySelector("[data-testid=stPopoverBody]");
  const link = target instanceof Element && target.closest("a[href]");
  if (!panel || !link || panel.contains(link)) return;
  for (const name of ["keydown", "keyup"]) {
    const how = { key: "Escape", code: "Escape", keyCode: 27, bubbles: true };
    panel.dispatchEvent(new KeyboardEvent(name, how));
  }
  // The link may be made anew while it is pressed: then no click comes of it.
  document.addEventListener("pointerup", ({ clientX, clientY }) => {
    let clicked = false;
    const note = (event) => { clicked ||= Boolean(event.target.closest?.("a[href]")); };
    document.addEventListener("click", note, { capture: true, once: true });
    setTimeout(() => {
      document.removeEventListener("click", note, { capture: true });
      const under = document.elementFromPoint(clientX, clientY)?.closest("a[href]");
      if (!clicked && under?.href === link.href) under.click();
    }, 100);
  }, { capture: true, once: true });
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
