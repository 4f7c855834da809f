// The article's side: finding places, marking them, moving to them, and the drawer on narrow screens.
"use strict";
window.askArticle = (() => {
  const wide = matchMedia("(min-width: 64rem)");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const find = (selector) => document.querySelector(selector);
  let places = []; // addresses of the newest answer's quotes, in order
  let current = ""; // the address shown
  let opener = null; // what was chosen to get here, so that focus can return to it

  function sentencesAt(address) {
    const found = /^#?at-(\d+)-(\d+)-(\d+)$/.exec(address);
    if (!found) return [];
    const [article, start, end] = found.slice(1).map(Number);
    const all = document.querySelectorAll(`.s[data-article="${article}"]`);
    return [...all].filter((s) => Number(s.dataset.start) < end && Number(s.dataset.end) > start);
  }

  function paint() {
    document.querySelectorAll(".s.marked").forEach((s) => {
      s.classList.remove("marked", "current");
      s.removeAttribute("role");
      s.removeAttribute("data-quote");
    });
    const addresses = places.includes(current) || !current ? places : [...places, current];
    addresses.forEach((address) => {
      const sentences = sentencesAt(address);
      sentences.forEach((s) => {
        s.classList.add("marked");
        s.classList.toggle("current", address === current || s.classList.contains("current"));
        s.setAttribute("role", "mark");
      });
      const number = places.indexOf(address) + 1;
      if (number && sentences[0]) sentences[0].dataset.quote = number;
    });
    document.querySelectorAll("#chat a.cite").forEach((a) => {
      a.classList.toggle("current", a.hash === `#${current}`);
    });
  }

  // Only the pane moves: `scrollIntoView` would move the page around it as well.
  function scroll() {
    const first = sentencesAt(current)[0];
    if (!first) return null;
    const pane = find("#pane");
    const above = first.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    const near = Math.abs(above) < 2 * pane.clientHeight && !calm.matches; // a long glide only delays reading
    pane.scrollTo({ top: pane.scrollTop + above - pane.clientHeight / 3, behavior: near ? "smooth" : "auto" });
    return first;
  }

  // The newest answer marks its places by itself; focus stays where it is.
  function mark(addresses) {
    places = addresses;
    current = addresses[0] || "";
    opener = null;
    ways(null);
    paint();
    if (!wide.matches) return;
    history.replaceState(history.state, "", current ? `#${current}` : location.pathname + location.search);
    scroll();
  }

  // Somebody chose a place: go there, drawer and all.
  function show(address, from) {
    if (!sentencesAt(address).length) return;
    current = address;
    opener = from || opener;
    const answer = from && from.closest(".answer"); // an older answer brings its own marks back
    if (answer) places = [...answer.querySelectorAll("a.cite")].map((a) => a.hash.slice(1));
    paint();
    const open = !wide.matches && !isOpen();
    if (`#${address}` !== location.hash || open) history.pushState({ drawer: open || isOpen() }, "", `#${address}`);
    if (open) setDrawer(true);
    const first = scroll();
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
    ways(opener);
  }

  // One way out at a time: back to the answer one came from, or, in the drawer, just closed.
  function ways(back) {
    find("#back").hidden = !back;
    find("#close").hidden = Boolean(back) || wide.matches;
  }

  function isOpen() {
    return document.body.classList.contains("drawer-open");
  }

  function setDrawer(open) {
    document.body.classList.toggle("drawer-open", open);
    ["#top", "#talk"].forEach((part) => (find(part).inert = open));
    find("#open").setAttribute("aria-expanded", String(open));
    const pane = find("#pane");
    if (open) {
      pane.setAttribute("role", "dialog");
      pane.setAttribute("aria-modal", "true");
    } else {
      pane.removeAttribute("role");
      pane.removeAttribute("aria-modal");
    }
  }

  function openDrawer(from) {
    opener = from;
    history.pushState({ drawer: true }, "", current ? `#${current}` : location.hash);
    setDrawer(true);
    ways(null);
    const first = scroll();
    find("#close").focus({ preventScroll: Boolean(first) });
  }

  // Back to the answer: closes the drawer where there is one, and focus returns to what was chosen.
  function leave() {
    if (isOpen() && history.state && history.state.drawer) {
      history.back(); // ends in `fromHistory`
      return;
    }
    if (isOpen()) setDrawer(false);
    returnFocus();
  }

  function returnFocus() {
    ways(null);
    if (opener && opener.isConnected) opener.focus();
    opener = null;
  }

  function fromHistory() {
    const drawer = Boolean(history.state && history.state.drawer);
    if (!drawer && isOpen()) {
      setDrawer(false);
      returnFocus();
      return;
    }
    const address = location.hash.slice(1);
    if (!sentencesAt(address).length) return;
    current = address;
    paint();
    if (drawer && !wide.matches) setDrawer(true);
    scroll();
  }

  // Opened by a link, or reloaded: the place is in the address.
  function start() {
    const address = location.hash.slice(1);
    if (!sentencesAt(address).length) return;
    current = address;
    paint();
    if (!wide.matches) {
      history.replaceState({ drawer: false }, "", location.pathname + location.search);
      history.pushState({ drawer: true }, "", `#${address}`);
      setDrawer(true);
      ways(null);
    }
    scroll();
  }

  function clear() {
    places = [];
    current = "";
    opener = null;
    ways(null);
    paint();
    history.replaceState(null, "", location.pathname + location.search);
  }

  wide.addEventListener("change", () => {
    if (wide.matches && isOpen()) setDrawer(false);
  });
  addEventListener("popstate", fromHistory);
  return { mark, show, openDrawer, leave, isOpen, start, clear, isWide: () => wide.matches };
})();
