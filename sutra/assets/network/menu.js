// What can be done with one entity, or with all that are selected, from the menu that the page gives.

// The items for one entity of that kind.
export function itemsOf(menu, what, pinned) {
  return (menu?.[what] ?? []).filter(({ when }) => when === null || when === (pinned ? "pinned" : "loose"));
}

// The items for several: what can be done with more than one, and with which of them; `of` has the
// items of each. {n} in the words is how many these are.
export function itemsForAll(ids, of) {
  const found = new Map(); // action -> its item, with the ids it is for
  for (const id of ids) {
    for (const { action, many } of of(id)) {
      if (!many) continue;
      if (!found.has(action)) found.set(action, { action, many, ids: [] });
      found.get(action).ids.push(id);
    }
  }
  return [...found.values()].map(({ action, many, ids: its }) => (
    { action, words: many.replace("{n}", its.length.toLocaleString("en")), ids: its }
  ));
}
