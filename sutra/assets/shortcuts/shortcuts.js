// The sheet of shortcuts: a button, and `?` from anywhere but a field. It asks nothing of Python.
// As it is on every page, it also sees that a click on the navigation leads away from an open panel.

import { button, element, mounting, Part } from "../sutra.shared/mount.js";

class Sheet extends Part {
  constructor(parent) {
    super(parent, "sutra-shortcuts");
    this.opener = button("opener", "?", { "aria-haspopup": "dialog" });
    this.title = element("h2", "", "", { id: "sutra-shortcuts-title" });
    this.dialog = element("dialog", "", "", { "aria-labelledby": this.title.id });
    this.closer = button("closer", "Close");
    this.groups = element("div", "groups");
    this.dialog.append(this.title, this.groups, this.closer);
    this.root.append(this.opener, this.dialog);
    this.on(this.opener, "click", () => this.open());
    this.on(this.closer, "click", () => this.dialog.close());
    // A click beside the sheet closes it: there only the dialog itself is under the pointer.
    this.on(this.dialog, "click", (event) => {
      if (event.composedPath()[0] === this.dialog) this.dialog.close();
    });
    // What is typed over the sheet is not for the page below.
    this.on(this.dialog, "keydown", (event) => event.stopPropagation());
    this.onKeyAnywhere("?", () => this.open());
    this.on(document, "pointerdown", closePanel, { capture: true });
  }

  receive({ data: { title, groups, place } }) {
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

export default mounting(Sheet);
