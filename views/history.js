// The way back, one step a page: this runs before anything else on a page.
//
// Streamlit gives a page its address bit by bit, the page's name first and later what is looked at
// there, and each bit would be a step back to what shows nothing else. So an address that only adds
// to the one before takes its place.
//
// Nor does anybody who took the way back take another step before they press something: a run of the
// page that was left may still end, and would lead forward to it again.

const push = history.pushState;
let back = null; // where the way back led, until something is pressed

addEventListener("popstate", () => { back = new URL(location.href); }, true);
for (const pressed of ["pointerdown", "keydown"]) addEventListener(pressed, () => { back = null; }, true);

history.pushState = function (state, title, url) {
  let next = new URL(url ?? "", location.href);
  // Streamlit names the page alone, also where the way back led to more.
  if (back && next.pathname === back.pathname && !next.search) next = back;
  const adds = next.pathname === location.pathname
    && [...new URLSearchParams(location.search)].every(
      ([name, value]) => next.searchParams.get(name) === value);
  (back || adds ? history.replaceState : push).call(this, state, title, next.href);
};
