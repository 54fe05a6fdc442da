// The sheet of shortcuts: a button, and `?` from anywhere but a field. It asks nothing of Python.

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

export default mounting(Sheet);
