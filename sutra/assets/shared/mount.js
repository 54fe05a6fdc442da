// What every part of a page shares that we draw ourselves: how Streamlit mounts it, and its elements.
//
// Streamlit calls the default export of a component at each rerun and at each change of theme. The
// first call makes the part, the others tell it what is new.

// The default export for such a part: `new Type(parent)` makes it, `receive(component)` tells it.
export function mounting(Type) {
  const parts = new WeakMap(); // the element Streamlit gives us -> its part
  return (component) => {
    const { parentElement } = component;
    if (!parts.has(parentElement)) parts.set(parentElement, new Type(parentElement));
    const part = parts.get(parentElement);
    const call = (part.lastCall = {});
    part.receive(component);
    return () => {
      // Streamlit also cleans up after a call that a newer one has overtaken.
      if (part.lastCall !== call) return;
      parts.delete(parentElement);
      part.destroy();
    };
  };
}

export class Part {
  constructor(parent, className) {
    this.stop = new AbortController();
    this.root = element("div", className);
    parent.append(this.root);
  }

  // Listens for as long as the part is there.
  on(target, name, action, options) {
    target.addEventListener(name, action, { signal: this.stop.signal, ...options });
  }

  // Acts on a key that is pressed anywhere on the page but in a field, if `action` has a use for it.
  onKeyAnywhere(key, action) {
    this.on(document, "keydown", (event) => {
      if (event.key !== key || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const [target] = event.composedPath();
      if (target instanceof Element && target.closest("input, textarea, select, [contenteditable]")) {
        return;
      }
      if (action() !== false) event.preventDefault();
    });
  }

  // Which element of this part has the focus, if one has.
  get focused() {
    return this.root.getRootNode().activeElement;
  }

  destroy() {
    this.stop.abort();
    this.root.remove();
  }
}

// Text is only ever put in as text: what data holds is never read as HTML.
export function element(name, className = "", text = "", values = {}) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  attributes(made, values);
  return made;
}

export function button(className, text, values = {}) {
  return element("button", className, text, { type: "button", ...values });
}

export function attributes(target, values) {
  for (const [name, value] of Object.entries(values)) target.setAttribute(name, value);
}
