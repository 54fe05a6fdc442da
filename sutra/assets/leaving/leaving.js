// Asks before the page is closed or loaded anew while something on it is half written. Nothing is
// drawn; a browser asks in its own words, and only where a hand has been on the page.

import { mounting, Part } from "../sutra.shared/mount.js";

class Asking extends Part {
  constructor(parent) {
    super(parent);
    this.typed = false; // in a field that has not been left yet
    this.on(document, "input", () => { this.typed = true; }, { capture: true });
    this.on(window, "beforeunload", (event) => {
      if (this.written || this.typed) event.preventDefault();
    });
  }

  receive({ data }) {
    this.written = data.written;
  }
}

export default mounting(Asking);
