"use strict";
// Reads the page itself: every word that it shows stands in the list already. Nothing is fetched.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const net = document.querySelector("svg.net");
  const panel = document.querySelector("aside");
  const groups = new Map();
  for (const g of document.querySelectorAll("g[data-id]")) {
    if (!groups.has(g.dataset.id)) groups.set(g.dataset.id, []);
    groups.get(g.dataset.id).push(g);
  }
  const entries = new Map();
  const mentions = new Map();
  for (const a of document.querySelectorAll(".facts article")) {
    entries.set(a.dataset.id, a);
    for (const end of a.dataset.ends.split(" ")) {
      if (!end) continue;
      if (!mentions.has(end)) mentions.set(end, []);
      mentions.get(end).push(a);
    }
  }
  const names = new Map();
  for (const li of document.querySelectorAll("[data-entity]")) names.set(li.dataset.entity, li.textContent);

  // --- where one looks --------------------------------------------------------------------------
  const whole = net.getAttribute("viewBox").split(" ").map(Number);
  let box = [...whole];
  let flight = 0;
  const look = (next) => {
    box = next;
    net.setAttribute("viewBox", box.map((n) => n.toFixed(2)).join(" "));
    cancelAnimationFrame(fitting);
    fitting = requestAnimationFrame(fit);
  };

  // --- what can be read of it -------------------------------------------------------------------
  // Marks and letters are never smaller on screen than an eye can tell, and of labels that would lie
  // on each other those of what is lit or best connected stay: there are more, the closer one looks.
  const SMALLEST_MARK = 5.5, SMALLEST_LETTERS = 11, LINE = 1.2;
  const mark = Number(net.dataset.mark);
  const letters = Number(net.dataset.letters);
  const entities = [...net.querySelectorAll("g.entity")].map((g) => ({ g, at: g.dataset.at.split(" ").map(Number) }));
  const labels = [...net.querySelectorAll("g.label")].map((g) => {
    const lines = [...g.querySelectorAll("text")];
    return {
      g, at: g.dataset.at.split(" ").map(Number), count: lines.length,
      half: Math.max(...lines.map((line) => line.getComputedTextLength())) / 2,
      rank: (mentions.get(g.dataset.id) || []).length,
    };
  });
  const first = ({ g, rank }) => (g.matches(".lit, .on") ? 1e6 : 0) + rank;
  let fitting = 0;
  function fit() {
    const scale = net.getScreenCTM().a;
    const large = Math.max(1, SMALLEST_MARK / (mark * scale));
    const larger = Math.max(1, SMALLEST_LETTERS / (letters * scale));
    const grown = (x, y, by) => `translate(${x} ${y}) scale(${by.toFixed(3)}) translate(${-x} ${-y})`;
    for (const { g, at: [x, y] } of entities) g.setAttribute("transform", grown(x, y, large));
    const taken = [];
    // What the window shows, in the network's own measure.
    const wide = net.clientWidth / scale / 2, high = net.clientHeight / scale / 2;
    const [cx, cy] = [box[0] + box[2] / 2, box[1] + box[3] / 2];
    const inside = (o) => o[0] >= cx - wide && o[2] <= cx + wide && o[3] <= cy + high;
    for (const label of [...labels].sort((a, b) => first(b) - first(a))) {
      const { g, at: [x, y], count, half } = label;
      const top = y + mark * large;
      const here = [x - half * larger, top, x + half * larger, top + (count * LINE * letters + 3) * larger];
      const free = inside(here) && taken.every((o) => here[2] < o[0] || o[2] < here[0] || here[3] < o[1] || o[3] < here[1]);
      g.classList.toggle("off", !free);
      if (free) taken.push(here);
      g.setAttribute("transform", `translate(0 ${(mark * (large - 1)).toFixed(2)}) ${grown(x, y + mark, larger)}`);
    }
  }
  addEventListener("resize", () => look(box));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const behavior = calm ? "auto" : "smooth";
  // A hand that zooms or drags takes over from a flight, as the next flight does.
  const land = () => cancelAnimationFrame(flight);
  function fly(to) {
    land();
    const from = [...box];
    const began = performance.now();
    const step = (now) => {
      const t = calm ? 1 : Math.min(1, (now - began) / 500);
      const e = t * t * (3 - 2 * t);
      look(from.map((n, i) => n + (to[i] - n) * e));
      if (t < 1) flight = requestAnimationFrame(step);
    };
    step(performance.now());
  }
  function zoom(by, x = box[0] + box[2] / 2, y = box[1] + box[3] / 2) {
    land();
    const wide = Math.min(whole[2] * 2, Math.max(120, box[2] * by));
    const k = wide / box[2];
    look([x - (x - box[0]) * k, y - (y - box[1]) * k, wide, box[3] * k]);
  }
  const place = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(net.getScreenCTM().inverse());
    return [at.x, at.y];
  };
  net.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && !net.matches(":focus-within")) return;
    event.preventDefault();
    zoom(Math.exp(event.deltaY / 400), ...place(event));
  }, { passive: false });
  let drag = null;
  const fingers = new Map();
  net.addEventListener("pointerdown", (event) => {
    if (event.isPrimary) fingers.clear();
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    drag = { at: place(event), moved: fingers.size > 1, x: event.clientX, y: event.clientY };
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    net.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  // What lies between two fingers stays there, however these move.
  function pinch(event) {
    const between = () => {
      const [[ax, ay], [bx, by]] = [...fingers.values()];
      const [x, y] = place({ clientX: (ax + bx) / 2, clientY: (ay + by) / 2 });
      return { x, y, far: Math.hypot(ax - bx, ay - by) || 1 };
    };
    const before = between();
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    const after = between();
    look([box[0] + before.x - after.x, box[1] + before.y - after.y, box[2], box[3]]);
    zoom(before.far / after.far, before.x, before.y);
  }
  net.addEventListener("pointermove", (event) => {
    if (fingers.size > 1 && fingers.has(event.pointerId)) {
      pinch(event);
      return;
    }
    if (!drag || !event.buttons) return;
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 4) drag.moved = true;
    if (!drag.moved) return;
    land();
    const [x, y] = place(event);
    look([box[0] + drag.at[0] - x, box[1] + drag.at[1] - y, box[2], box[3]]);
  });
  const act = (name, run) => {
    for (const b of document.querySelectorAll(`[data-do=${name}]`)) b.addEventListener("click", run);
  };
  act("in", () => zoom(0.7));
  act("out", () => zoom(1.4));
  act("all", () => { light(null); fly(whole); });

  // --- what is lit and read ---------------------------------------------------------------------
  function light(ids) {
    net.classList.toggle("dim", ids !== null);
    for (const [id, gs] of groups) for (const g of gs) g.classList.toggle("lit", ids !== null && ids.has(id));
    fit();
  }
  function choose(id) {
    for (const [other, gs] of groups) for (const g of gs) g.classList.toggle("on", other === id);
    panel.replaceChildren();
    const back = document.createElement("button");
    back.className = "back";
    back.textContent = panel.dataset.back;
    back.addEventListener("click", () => net.scrollIntoView({ block: "center", behavior }));
    panel.append(back);
    const title = document.createElement("h2");
    const found = entries.has(id) ? [entries.get(id)] : (mentions.get(id) || []);
    title.textContent = entries.has(id) ? panel.dataset.relationship : names.get(id) || "";
    panel.append(title);
    for (const a of found) {
      const copy = a.cloneNode(true);
      copy.removeAttribute("id");
      panel.append(copy);
    }
    panel.scrollTop = 0;
    fit();
    // Below the network nobody would see that it has changed.
    if (panel.offsetTop > net.parentElement.offsetTop + 40) panel.scrollIntoView({ block: "start", behavior });
  }
  // A finger is broader than what it means.
  const FINGER = 24;
  net.addEventListener("click", (event) => {
    if (event.target !== net || event.pointerType !== "touch" || drag?.moved) return;
    const far = ({ at: [x, y] }) => {
      const on = new DOMPoint(x, y).matrixTransform(net.getScreenCTM());
      return Math.hypot(on.x - event.clientX, on.y - event.clientY);
    };
    const [near] = [...entities].sort((a, b) => far(a) - far(b));
    if (near && far(near) < FINGER) choose(near.g.dataset.id);
  });
  for (const [id, gs] of groups) {
    for (const g of gs) {
      g.addEventListener("click", () => { if (!drag || !drag.moved) choose(id); });
      g.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(id); }
      });
    }
  }

  // --- search -----------------------------------------------------------------------------------
  const field = document.querySelector("#find");
  const count = document.querySelector("#count");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = [...entries].map(([id, a]) => [id, a, plain(a.textContent)]);
  const called = [...names].map(([id, name]) => [id, plain(name)]);
  field.addEventListener("input", () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    if (!words.length) {
      light(null);
      count.textContent = "";
      for (const [, a] of texts) a.hidden = false;
      return;
    }
    const lit = new Set();
    let hits = 0;
    for (const [id, a, text] of texts) {
      const hit = words.every((word) => text.includes(word));
      a.hidden = !hit;
      if (hit) { hits += 1; lit.add(id); for (const end of a.dataset.ends.split(" ")) lit.add(end); }
    }
    for (const [id, name] of called) if (words.every((word) => name.includes(word))) { lit.add(id); hits += 1; }
    light(lit);
    count.textContent = `${hits} ${count.dataset.words}`;
  });
  act("clear", () => { field.value = ""; field.dispatchEvent(new Event("input")); field.focus(); });

  // --- steps ------------------------------------------------------------------------------------
  const steps = [...document.querySelectorAll(".story section")];
  const where = document.querySelector("#where");
  let now = -1;
  function go(n) {
    if (n < 0 || n >= steps.length) return;
    now = n;
    steps.forEach((s, i) => s.classList.toggle("now", i === n));
    const step = steps[n];
    where.textContent = `${n + 1} ${where.dataset.of} ${steps.length}`;
    // A relationship is lit with its ends.
    const lit = step.dataset.lit.split(" ").filter(Boolean);
    const ends = lit.flatMap((id) => entries.get(id)?.dataset.ends.split(" ") ?? []);
    light(lit.length ? new Set([...lit, ...ends]) : null);
    if (step.dataset.view) {
      const [x, y, scale] = step.dataset.view.split(" ").map(Number);
      const wide = net.clientWidth / scale;
      const high = net.clientHeight / scale;
      fly([x - wide / 2, y - high / 2, wide, high]);
    } else fly(whole);
  }
  // On paper there is the whole, whatever step or search the screen stands at.
  let before = null;
  addEventListener("beforeprint", () => {
    land();
    before = before ?? box;
    look(whole);
    fit();
  });
  addEventListener("afterprint", () => {
    if (before) look(before);
    before = null;
  });
  act("next", () => go(now + 1));
  act("back", () => go(now - 1));
  fit();
  if (steps.length) go(0);
})();
