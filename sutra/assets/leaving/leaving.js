// Asks before the page is closed or loaded anew while something on it is half written. Nothing is
// drawn; a browser asks in its own words, and only where a hand has been on the page.

const asked = new WeakMap(); // the element Streamlit gives us -> Asking

export default function (component) {
  const { parentElement, data } = component;
  let asking = asked.get(parentElement);
  if (!asking) {
    asking = new Asking();
    asked.set(parentElement, asking);
  }
  const call = (asking.lastCall = {});
  asking.written = data.written;
  return () => {
    // Streamlit also cleans up after a call that a newer one has overtaken.
    if (asking.lastCall !== call) return;
    asked.delete(parentElement);
    asking.stop.abort();
  };
}

class Asking {
  constructor() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.typed = false; // in a field that has not been left yet
    document.addEventListener("input", () => { this.typed = true; }, { signal, capture: true });
    addEventListener("beforeunload", (event) => {
      if (this.written || this.typed) event.preventDefault();
    }, { signal });
  }
}
