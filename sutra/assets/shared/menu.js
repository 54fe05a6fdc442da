// What can be done with an entity or a connection, or with all that are selected: the menu that the
// page gives, in a popover, by pointer and by keyboard.

import { button, element } from "./mount.js";

// The items for `id`, or for all that are `selected` if it is one of several; each has its ids.
// `nodeOf` has the node of an id, or nothing if it is a connection's.
export function itemsOf(menu, id, selected, nodeOf) {
  const of = (one) => {
    const node = nodeOf(one);
    const when = node?.pinned ? "pinned" : "loose";
    const items = menu?.[node ? "node" : "relationship"] ?? [];
    return items.filter((item) => item.when === null || item.when === when);
  };
  if (!isOneOf(selected, id)) return of(id).map((item) => ({ ...item, ids: [id] }));
  const found = new Map(); // action -> its item, with the ids it is for
  for (const one of selected) {
    for (const { action, many } of of(one)) {
      if (!many) continue;
      if (!found.has(action)) found.set(action, { action, many, ids: [] });
      found.get(action).ids.push(one);
    }
  }
  return [...found.values()].map(({ action, many, ids }) => (
    { action, words: many.replace("{n}", ids.length.toLocaleString("en")), ids }
  ));
}

function isOneOf(selected, id) {
  return selected.length > 1 && selected.includes(id);
}

export class Menu {
  // `take(action, ids)` does what is chosen, `say(words)` tells of what was copied, `leave()` puts the
  // focus back.
  constructor(part, popover, does) {
    this.does = does;
    // A popover lies above the page: a frame would cut it off.
    this.root = element("div", "menu", "", { role: "menu", popover });
    part.root.append(this.root);
    part.on(this.root, "keydown", (event) => this.onKey(event));
  }

  // Shows the items for `id`, of that name; they are placed by whoever opens it.
  open(items, id, selected, name) {
    this.root.replaceChildren(...items.map(({ action, words, ids }) => {
      const item = button("", words, { role: "menuitem", tabindex: "-1" });
      item.addEventListener("click", () => this.choose(action, ids));
      return item;
    }));
    const words = isOneOf(selected, id) ? `${selected.length} selected` : name;
    this.root.setAttribute("aria-label", words);
    this.root.showPopover();
    this.root.firstChild?.focus({ preventScroll: true });
  }

  placeAt(left, top) {
    Object.assign(this.root.style, { left: `${left}px`, top: `${top}px` });
  }

  close(leave) {
    if (!this.root.matches(":popover-open")) return;
    this.root.hidePopover();
    if (leave) this.does.leave();
  }

  async choose(action, ids) {
    this.close(true);
    if (action === "copy") this.does.say(await copied(ids));
    else this.does.take(action, ids);
  }

  onKey(event) {
    const items = [...this.root.children];
    const at = items.indexOf(this.root.getRootNode().activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) items.at(to % items.length).focus();
    else if (event.key === "Escape" || event.key === "Tab") this.close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

// Puts ids into the clipboard; returns what to say of it.
async function copied(ids) {
  const text = ids.join("\n");
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure address browsers keep the clipboard to themselves: show what to copy.
    return text;
  }
  return ids.length > 1 ? "Ids copied" : "Id copied";
}
