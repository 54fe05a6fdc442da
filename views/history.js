// The way back, one step a page: this runs before anything else on a page.
//
// Streamlit gives a page its address bit by bit, the page's name first and later what is looked at
// there, and each bit would be a step back to what shows nothing else. So an address that only adds
// to the one before takes its place.
//
// Nor does anybody take a step who presses nothing: what a page says of itself takes the place of what
// it said before, and where one press has Streamlit write two addresses (of the page that is left,
// once more, and of the next one) they are one step. After the way back, a run of the page that was
// left may still end, and would lead forward to it again.

const push = history.pushState;
let back = null; // where the way back led, until something is pressed
let pressed = false; // since the last step

addEventListener("popstate", () => { back = new URL(location.href); }, true);
for (const press of ["pointerdown", "keydown"]) {
  addEventListener(press, () => { back = null; pressed = true; }, true);
}

history.pushState = function (state, title, url) {
  let next = new URL(url ?? "", location.href);
  // Streamlit names the page alone, also where the way back led to more.
  if (back && next.pathname === back.pathname && !next.search) next = back;
  const adds = next.pathname === location.pathname
    && [...new URLSearchParams(location.search)].every(
      ([name, value]) => next.searchParams.get(name) === value);
  const isStep = pressed && !back && !adds;
  if (isStep) pressed = false;
  (isStep ? push : history.replaceState).call(this, state, title, next.href);
};
