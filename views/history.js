// The way back, one step a page: this runs before anything else on a page.
//
// Streamlit gives a page its address bit by bit, the page's name first and later what is looked at
// there, and each bit would be a step back to what shows nothing else. So an address that only adds
// to the one before takes its place.

const push = history.pushState;
history.pushState = function (state, title, url) {
  const next = new URL(url ?? "", location.href);
  const adds = next.pathname === location.pathname
    && [...new URLSearchParams(location.search)].every(
      ([name, value]) => next.searchParams.get(name) === value);
  (adds ? history.replaceState : push).call(this, state, title, url);
};
