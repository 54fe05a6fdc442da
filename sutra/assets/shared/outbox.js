// What a part of a page tells Python, until Python says that it has heard of it.
//
// Streamlit drops what is sent to a part that a run was cut off before, or that is being made anew. So
// each event has a number, and is sent again until the data that come back know of it.

const AGAIN = 1500; // ms until what has not arrived while the app rests is sent again
const TRIES = 8;
const LEFT = 5000; // ms for which a page that is left may still be there

const unheard = new Map(); // key of a part -> what it had to say when it was taken away
let leaving = -Infinity; // when something was pressed that leads to another page
let told = null; // the click that Streamlit is told of

// A click that leads to another page is told last. Until that page is there, Streamlit takes whatever
// is told after it as asked for here, and stays: what a field held, or that an open panel closes, which
// the same click does. It tells of those in timers of no delay, which run in the order they were set.
addEventListener("click", (event) => {
  const link = linkElsewhere(event);
  if (!link) return;
  leaving = performance.now();
  if (event === told || link.download || isSpecial(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  setTimeout(() => setTimeout(() => follow(link, event))); // a field sets its timer once it is drawn
}, { capture: true });

// What is pressed may be made anew before it is let go, since a field that is left begins a run: then
// no click comes of it.
addEventListener("pointerdown", (event) => {
  const link = linkElsewhere(event);
  if (!link || isSpecial(event)) return;
  addEventListener("pointerup", ({ clientX, clientY }) => {
    const before = leaving;
    setTimeout(() => {
      const under = document.elementFromPoint(clientX, clientY)?.closest("a[href]");
      if (leaving === before && under?.href === link.href) under.click();
    }, 100);
  }, { capture: true, once: true });
}, { capture: true });

addEventListener("popstate", () => { leaving = performance.now(); });

function linkElsewhere(event) {
  return event.composedPath().find(
    (part) => part.href && part.origin === location.origin && part.pathname !== location.pathname);
}

function isSpecial(event) {
  return event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}

// Streamlit hears a click at the root of the page, and a panel at the document, above it.
function follow(link, event) {
  const again = [...document.links].find((other) => other.href === link.href);
  const stop = (heard) => heard.stopPropagation();
  told = new MouseEvent("click", event);
  document.body.addEventListener("click", stop);
  (link.isConnected ? link : again ?? link).dispatchEvent(told);
  document.body.removeEventListener("click", stop);
}

export class Outbox {
  // `stays`: whether its part is on every page.
  constructor({ stays = false } = {}) {
    this.stays = stays;
    this.seq = 0; // the number of the last event
    this.event = null; // what Python has not heard of yet; of several the last
    this.tries = 0;
    this.heard = 0;
  }

  // Python draws the part again, and knows of the events up to number `ack`; `send` leads there.
  hear(ack, send) {
    this.send = send;
    this.heard = performance.now();
    this.seq = Math.max(this.seq, ack);
    if (this.event && ack >= this.event.seq) this.event = null;
  }

  // Sends an event; returns its number.
  put(event) {
    this.seq += 1;
    this.event = { seq: this.seq, ...event };
    this.tries = 0;
    this.post();
    return this.seq;
  }

  // Never again into a run, which would begin anew.
  post() {
    clearTimeout(this.timer);
    if (!this.event || this.tries >= TRIES) return;
    if (!this.isLeft() && (!this.tries || !isRunning())) {
      this.tries += 1;
      this.send(this.event);
    }
    this.timer = setTimeout(() => this.post(), AGAIN);
  }

  // Until another page is there, Streamlit takes what is said on this one as asked for here, and
  // stays: a press that leads elsewhere would be lost. So what is said then waits.
  isLeft() {
    if (this.stays || leaving < this.heard) return false;
    return performance.now() - leaving < LEFT || isRunning();
  }

  // Takes over what the part before this one could not say any more, if it was there so many ms ago.
  // Returns that event, or null.
  resume(key, ack, within = LEFT) {
    const { event, at } = unheard.get(key) ?? {};
    unheard.delete(key);
    if (!event || event.seq <= ack || performance.now() - at > within) return null;
    this.seq = Math.max(this.seq, event.seq);
    this.event = event;
    this.tries = 1;
    this.timer = setTimeout(() => this.post(), AGAIN);
    return event;
  }

  // Ends with its part, of that key.
  close(key) {
    clearTimeout(this.timer);
    if (this.event) unheard.set(key, { event: this.event, at: performance.now() });
  }
}

function isRunning() {
  const app = document.querySelector("[data-testid=stApp]");
  return ["running", "rerunRequested"].includes(app?.dataset.testScriptState);
}
