// The conversation's side: asking, the answer's arrival, what is announced, chips, copying, ratings.
// `window.askPage` is what Gradio's event calls (web/page.py).
"use strict";
window.askPage = (() => {
  const HISTORY_TURNS = 20;
  const HISTORY_CHARACTERS = 2000; // of each; the whole must fit what the server takes
  const BUSY_AFTER = 300; // milliseconds
  const texts = JSON.parse(document.getElementById("ask-texts").textContent);
  const find = (selector) => document.querySelector(selector);
  let busy = false;
  let timer = 0;
  let chosen = null; // a suggested question on its way through Gradio's event
  let turns = [];
  let wait = ""; // seconds until it is worth asking again, where the server says so

  // Gradio's event tells only that it failed, and not even that where no response came; the response tells why.
  const plainFetch = window.fetch;
  const unreachable = (error) => {
    if (error.name === "AbortError") throw error;
    return Response.json({ error: "unreachable" }, { status: 503 });
  };
  const isOurs = (to) => new URL(to.url || to, location.href).origin === location.origin;
  window.fetch = async (...sent) => {
    if (!isOurs(sent[0])) return plainFetch(...sent);
    const response = await plainFetch(...sent).catch(unreachable);
    wait = response.headers.get("retry-after") || "";
    return response;
  };

  function asking(question, history) {
    const asked = chosen === null ? question : chosen;
    chosen = null;
    busy = true;
    find("#failed").hidden = true;
    timer = setTimeout(() => (find("#busy").hidden = false), BUSY_AFTER);
    return [asked, history];
  }

  function done() {
    busy = false;
    clearTimeout(timer);
    find("#busy").hidden = true;
  }

  // Appends the turn; what stands in the box is kept unless it is what was just asked.
  function arrived(turn, chat, history, box) {
    done();
    turns.push(turn);
    const invalid = turn.kind === "invalid";
    afterPaint(turns.length, () => settle(turn));
    return [
      [...(chat || []), message("user", turn.asked), message("assistant", turn.shown)],
      invalid ? history : [...(history || []), turn.question.slice(0, HISTORY_CHARACTERS)].slice(-HISTORY_TURNS),
      keeps(box || "", turn) ? box : "",
    ];
  }

  function keeps(box, turn) {
    return box.trim() !== "" && (turn.kind === "invalid" || box.trim() !== turn.question.trim());
  }

  function message(role, html) {
    return { role, content: [{ type: "text", text: html }], metadata: null, options: null };
  }

  function afterPaint(count, then, frames = 300) {
    if (document.querySelectorAll("#chat .answer").length >= count) return then();
    if (frames) requestAnimationFrame(() => afterPaint(count, then, frames - 1));
  }

  function settle(turn) {
    tidy();
    const asked = [...document.querySelectorAll("#chat .asked")].pop();
    const log = find("#chat [role=log]");
    if (window.askArticle.isWide()) log.scrollTop += asked.getBoundingClientRect().top - log.getBoundingClientRect().top - 20;
    else scrollBy(0, asked.getBoundingClientRect().top - find("#top").offsetHeight - 12);
    window.askArticle.mark(fits(turn) ? turn.places : []);
    find(turn.kind === "emergency" ? "#alarm" : "#say").textContent = turn.spoken;
    if (!window.askArticle.isWide()) find("#box textarea").blur();
  }

  // A server that was restarted may answer from another article than the one on this page: its places are not here.
  function fits(turn) {
    if (turn.edition === find("#pane").dataset.edition) return true;
    [...document.querySelectorAll("#chat .answer")].pop().querySelectorAll("a.place").forEach((a) => a.removeAttribute("href"));
    warn(texts.outdated);
    return false;
  }

  function warn(words) {
    find("#failed").textContent = words;
    find("#failed").hidden = false;
  }

  function failed() {
    done();
    warn(wait ? texts.manyAsk.replace("{seconds}", wait) : texts.failed);
  }

  function again() {
    turns = [];
    window.askArticle.clear();
    find("#say").textContent = find("#alarm").textContent = "";
    requestAnimationFrame(() => {
      tidy();
      find("#box textarea").focus();
    });
    return [[], [], ""];
  }

  function ask(question) {
    if (busy) return;
    chosen = question;
    find("#ask").click();
  }

  // Gradio names a message by its raw markup and reads the whole log aloud; our own headings and announcements do both.
  function tidy() {
    document.querySelectorAll("#chat [data-testid][aria-label]").forEach((e) => e.removeAttribute("aria-label"));
    document.querySelectorAll("#chat [role=complementary]").forEach((e) => e.removeAttribute("role"));
    document.querySelectorAll("#chat .asked bdi").forEach((e) => {
      if (e.scrollHeight > e.clientHeight) e.tabIndex = 0; // a long question scrolls: by keyboard too
    });
    const log = find("#chat [role=log]");
    if (!log) return;
    log.setAttribute("aria-live", "off");
    log.setAttribute("aria-label", texts.talk);
    log.tabIndex = 0;
  }

  async function copy(button, text, said) {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = said;
    } catch {
      button.textContent = texts.copyFailed;
    }
    find("#say").textContent = button.textContent;
    setTimeout(() => (button.textContent = label), 2000);
  }

  function linkOf(figure) {
    return new URL(figure.querySelector("a.place").hash, location.href.split("#")[0]).href;
  }

  async function rate(button) {
    const answers = [...document.querySelectorAll("#chat .answer")];
    const turn = turns[answers.indexOf(button.closest(".answer"))];
    const quotes = turn.places.map((place) => place.split("-").slice(1).map(Number));
    const body = JSON.stringify({ question: turn.question, kind: turn.kind, rating: button.value, quotes });
    const headers = { "Content-Type": "application/json" };
    const sent = await fetch("feedback", { method: "POST", headers, body });
    const note = button.closest(".feedback").querySelector(".stored");
    note.textContent = sent.ok ? texts.thanks : texts.feedbackFailed;
    find("#say").textContent = note.textContent;
    if (sent.ok) button.closest("p").remove();
  }

  const chosenBy = {
    "a.place": (a) => window.askArticle.show(a.hash.slice(1), a),
    ".contents a": (a) => {
      const part = find(a.hash);
      part.scrollIntoView();
      part.focus();
    },
    ".chip": (chip) => ask(chip.textContent),
    "#open": (button) => window.askArticle.openDrawer(button),
    "#close, #back": () => window.askArticle.leave(),
    ".do-copy": (b) => copy(b, `${b.closest(".quote").querySelector(".copy-text").textContent}\n${linkOf(b.closest(".quote"))}`, texts.copied),
    ".do-link": (b) => copy(b, linkOf(b.closest(".quote")), texts.linkCopied),
    ".do-rate": rate,
  };

  document.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(chosenBy)) {
      const target = event.target.closest(selector);
      if (!target) continue;
      event.preventDefault();
      act(target);
      return;
    }
  });

  // Whatever was opened last closes first.
  function escape() {
    const source = find("#source[open]");
    if (!source) return window.askArticle.leave();
    source.open = false;
    source.querySelector("summary").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") escape();
    if (event.key === "/" && !event.target.closest("textarea, input")) {
      event.preventDefault();
      find("#box textarea").focus();
    }
  });

  // Gradio builds the page after this script has run.
  const built = new MutationObserver(() => {
    if (!find("#pane .s") || !find("#chat [role=log]") || !find("#box textarea")) return;
    built.disconnect();
    tidy();
    window.askArticle.start();
    document.body.classList.add("ready");
  });
  built.observe(document.body || document.documentElement, { childList: true, subtree: true });

  return { asking, arrived, failed, again };
})();
