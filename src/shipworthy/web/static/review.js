// The review screen: one key is a verdict, a save and the next output. Keys come from the page's own table; what was
// not acknowledged yet is kept in this tab and sent again, under the same id, until the server has it.
"use strict";
(() => {
  const screen = document.getElementById("review");
  if (!screen) return;
  const KEYS = JSON.parse(screen.dataset.keys);
  const QUEUE = screen.dataset.queue;
  const MARK = screen.dataset.mark;
  const STORE = `shipworthy:${screen.dataset.launch}:${QUEUE}:${screen.dataset.who}`;
  const AHEAD = 6;
  const byId = (id) => document.getElementById(id);

  // What must survive a reload, a dropped reply and a server that stopped: saves under way, drafts, and differences.
  const kept = Object.assign({ outbox: [], drafts: {}, written: {}, differences: [] }, read());
  let [order, ahead, pending, shownAt, failures, edgeTimer] = [[], new Map(), "", performance.now(), 0, 0];
  let [sending, looking, waitingForNext] = [false, false, false];

  function read() {
    try {
      return JSON.parse(sessionStorage.getItem(STORE)) || {};
    } catch {
      return {};
    }
  }

  function keep() {
    try {
      sessionStorage.setItem(STORE, JSON.stringify(kept));
    } catch {
      say("This browser keeps nothing in the tab: do not reload before it says saved.");
    }
  }

  function say(words) {
    const line = byId("status");
    if (line.textContent !== words) line.textContent = words;
  }

  const item = () => byId("item");
  const position = () => Number(item().dataset.position);
  const note = () => byId("note");
  const form = () => byId("verdict");

  // ---- what goes to the server, in order, each until it is acknowledged

  async function ask(url, body) {
    const options = { headers: { accept: "application/json" }, signal: AbortSignal.timeout(15000) };
    if (body) {
      options.method = "POST";
      options.headers["content-type"] = "application/json";
      options.headers["x-form-mark"] = MARK;
      options.body = JSON.stringify(body);
    }
    const reply = await fetch(url, options);
    const isData = (reply.headers.get("content-type") || "").startsWith("application/json");
    if (isData && reply.status < 500) return { status: reply.status, data: await reply.json() };
    const said = reply.status < 500 ? (await reply.text()).trim().replace(/\.$/, "") : "the server failed";
    throw Object.assign(new Error(said), { said });
  }

  async function send() {
    if (sending) return;
    sending = true;
    while (kept.outbox.length) {
      const entry = kept.outbox[0];
      try {
        const { status, data } = await ask(entry.url, entry.body);
        failures = 0;
        kept.outbox.shift();
        settled(entry, status, data);
        keep();
      } catch (error) {
        say(`${kept.outbox.length} not saved yet: ${error.said || "the server does not answer"}. Kept in this tab, and sent again.`);
        await new Promise((done) => setTimeout(done, Math.min(8000, 250 * 2 ** failures)));
        failures += 1;
      }
    }
    sending = false;
    lookAhead();
  }

  function settled(entry, status, data) {
    if (status === 200) {
      if (entry.undo) return undone(data);
      const draft = kept.drafts[entry.position];
      if (draft && draft.at <= entry.at) delete kept.drafts[entry.position];
      remember(entry);
      const later = kept.outbox.filter((other) => other.position === entry.position);
      for (const other of later) other.body.version = data.version;
      if (position() === entry.position) item().dataset.version = data.version;
      ahead.delete(entry.position);
      renew(data);
      renewEdgeSoon();
      return say(kept.outbox.length ? "saving" : "saved");
    }
    if (status === 409 && data.mine) {
      kept.differences.push({ ...data, position: entry.position, number: data.number, body: entry.body });
      return showDifferences();
    }
    const error = data.error || { what: "it was refused", remedy: "load the page again" };
    if (entry.undo) return say(`Not undone: ${error.what}. ${error.remedy}.`);
    kept.drafts[entry.position] = { note: entry.body.note || "", modes: entry.body.modes || [], step: entry.body.step, at: entry.at };
    say(`Not saved: ${error.what}. ${error.remedy}. What you wrote is kept in this tab.`);
  }

  function remember(entry) {
    const { note: words, modes, step: first } = entry.body;
    if (words || modes.length) kept.written[entry.position] = { note: words, modes, step: first, at: entry.at };
    if (Object.keys(kept.written).length > 50) delete kept.written[Object.keys(kept.written)[0]];
  }

  function renew(data) {
    if (data.edge) byId("edge").replaceChildren(parsed(data.edge));
    byId("where").textContent = item().dataset.where;
    if (data.card !== undefined) byId("card").replaceChildren(parsed(data.card));
    if (data.ahead) order = data.ahead;
  }

  // How much is still new takes longer to work out than a save: it is asked for when the reader pauses.
  function renewEdgeSoon() {
    clearTimeout(edgeTimer);
    edgeTimer = setTimeout(async () => {
      try {
        const reply = await fetch(`/review/${QUEUE}/edge`, { signal: AbortSignal.timeout(15000) });
        if (reply.ok) renew({ edge: await reply.text() });
      } catch {
        // It is asked for again after the next save.
      }
    }, 2000);
  }

  function undone(data) {
    renew(data);
    renewEdgeSoon();
    ahead = new Map();
    if (data.position === null) return say(data.said);
    // What was written there is offered again: an undo by mistake must not cost a note.
    const written = kept.written[data.position];
    if (written) kept.drafts[data.position] = written;
    keep();
    fetchItem(data.position).then((fragment) => {
      paint(data.position, fragment);
      item().classList.add("undone");
      say(data.said);
    }).catch(() => location.assign(address(data.position)));
  }

  // ---- the next output, ready before it is asked for

  const address = (at) => `/review/${QUEUE}/${at}`;

  function parsed(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  }

  async function fetchItem(at) {
    const reply = await fetch(`${address(at)}?part=1`, { signal: AbortSignal.timeout(15000) });
    if (!reply.ok) throw new Error("no such output");
    return parsed(await reply.text());
  }

  function taken(at) {
    return at === position() || kept.outbox.some((entry) => entry.position === at);
  }

  // Have what comes next ready; ask the server which that is when what it named runs out.
  async function lookAhead() {
    if (looking) return;
    looking = true;
    let [reached, into] = [true, ahead]; // after an undo there is another one: what is on its way for this is not shown
    try {
      if (order.filter((at) => !taken(at)).length < 3 && !kept.outbox.length) {
        const { status, data } = await ask(`/review/${QUEUE}/ahead?n=${AHEAD}`);
        if (status === 200 && into === ahead) order = data.ahead;
      }
      for (const at of order) {
        if (!into.has(at) && !taken(at)) into.set(at, await fetchItem(at));
      }
    } catch {
      reached = false;
    }
    looking = false;
    if (into !== ahead) return lookAhead();
    if (!waitingForNext || kept.outbox.length) return;
    if (reached) return next();
    say("Everything is saved; the next output waits for the server.");
    setTimeout(lookAhead, 1000);
  }

  function next() {
    const at = order.find((candidate) => !taken(candidate) && ahead.has(candidate));
    if (at !== undefined) {
      waitingForNext = false;
      paint(at, ahead.get(at));
      ahead.delete(at);
      lookAhead();
      return;
    }
    if (waitingForNext && !kept.outbox.length && !sending && !looking) return location.assign(`/review/${QUEUE}`);
    waitingForNext = true;
    lookAhead();
  }

  function paint(at, fragment) {
    item().replaceWith(fragment.cloneNode(true));
    window.scrollTo(0, 0);
    byId("item-title").focus({ preventScroll: true });
    history.replaceState(null, "", address(at));
    opened();
  }

  function opened() {
    pending = "";
    shownAt = performance.now();
    const draft = kept.drafts[position()];
    if (draft) {
      note().value = draft.note;
      for (const box of boxes()) box.checked = draft.modes.includes(box.value);
      if (step() && draft.step !== undefined) step().value = draft.step;
    }
    document.title = item().dataset.title;
    byId("where").textContent = item().dataset.where;
  }

  // ---- what the reader does

  const boxes = () => Array.from(form().querySelectorAll("input[name=modes]"));
  const step = () => form().querySelector("select[name=step]");

  function draftNow() {
    const modes = boxes().filter((box) => box.checked).map((box) => box.value);
    return { note: note().value, modes, step: step() ? step().value : "", at: Date.now() };
  }

  function keepDraft() {
    kept.drafts[position()] = draftNow();
    keep();
  }

  function give(state) {
    if (screen.dataset.readonly) return say("This server was started with --read-only: nothing is saved.");
    const begun = performance.now();
    const now = draftNow();
    const body = {
      client_id: crypto.randomUUID(), state, note: now.note, modes: now.modes, step: now.step,
      version: Number(item().dataset.version), ms: Math.round(performance.now() - shownAt),
    };
    kept.drafts[position()] = now;
    kept.outbox.push({ url: address(position()), position: position(), body, at: now.at });
    keep();
    flash(state);
    next();
    requestAnimationFrame(() => setTimeout(() => performance.measure("next output painted", { start: begun })));
    send();
  }

  function flash(state) {
    screen.classList.remove("flash-pass", "flash-fail", "flash-defer");
    void screen.offsetWidth; // the same verdict twice flashes twice
    screen.classList.add(`flash-${state}`);
  }

  function browse(by) {
    const at = Number(item().dataset[by]);
    if (item().dataset[by] === "") return say(by === "next" ? "This is the last one." : "This is the first one.");
    if (ahead.has(at)) return paint(at, ahead.get(at));
    fetchItem(at).then((fragment) => paint(at, fragment)).catch(() => say("The server does not answer."));
  }

  const ACTIONS = {
    pass: () => give("pass"),
    fail() {
      pending = "fail";
      form().classList.add("failing");
      note().focus();
      say("Write the first thing that went wrong; Enter saves it.");
    },
    commit() {
      const state = pending || (boxes().some((box) => box.checked) ? "fail" : item().dataset.state);
      if (state === "pass" || state === "fail") return give(state);
      say("First say whether it passes or fails.");
    },
    defer: () => give("defer"),
    undo() {
      if (screen.dataset.readonly) return say("This server was started with --read-only: nothing is saved.");
      kept.outbox.push({ url: `/review/${QUEUE}/undo`, undo: true, body: { client_id: crypto.randomUUID() }, at: Date.now() });
      keep();
      send();
    },
    next: () => browse("next"),
    previous: () => browse("previous"),
    mode(key) {
      const box = boxes()[KEYS.modes.indexOf(key)];
      if (!box) return say(boxes().length ? "No failure mode has this key." : "Failure modes come after the first reading.");
      box.checked = !box.checked;
      pending = "fail";
      keepDraft();
    },
    expand() {
      const folded = Array.from(item().querySelectorAll("details.folded"));
      const open = folded.some((details) => !details.open);
      for (const details of folded) details.open = open;
      if (!folded.length) say("Nothing is folded here.");
    },
    find: () => byId("find").focus(),
    go: () => byId("go").focus(),
    keys() {
      const sheet = byId("keys");
      sheet.open = !sheet.open;
      if (sheet.open) sheet.scrollIntoView({ block: "nearest" });
    },
    leave() {
      byId("keys").open = false;
      document.activeElement.blur();
    },
  };

  function named(event) {
    return `${event.ctrlKey || event.metaKey ? "ctrl+" : ""}${event.key.toLowerCase()}`;
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.isComposing || event.repeat) return;
    const at = event.target;
    const inNote = at.id === "note";
    const inField = !inNote && at.closest("input:not([type=checkbox]), select, textarea");
    const name = named(event);
    const does = (inNote ? KEYS.note : KEYS.page)[name];
    const isPress = name === " " || does === "commit";
    if (!does || (inField && does !== "leave") || (isPress && !inNote && at.closest("a, button, summary, input"))) return;
    if (inNote && event.shiftKey && does === "commit") return;
    event.preventDefault();
    ACTIONS[does](name.replace("ctrl+", ""));
  });

  document.addEventListener("input", (event) => {
    if (event.target.closest("#verdict")) keepDraft();
  });

  document.addEventListener("submit", (event) => {
    if (event.target.id === "verdict" && event.submitter) {
      event.preventDefault();
      const asks = event.submitter.value === "fail" && !note().value && !pending;
      if (asks) ACTIONS.fail();
      else give(event.submitter.value);
    } else if (event.target.id === "undo") {
      event.preventDefault();
      ACTIONS.undo();
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if (kept.outbox.length && failures) event.preventDefault();
  });

  // ---- somebody, or you in another tab, said something else meanwhile: both are shown, nothing is overwritten

  function showDifferences() {
    const list = byId("differences");
    list.replaceChildren(...kept.differences.map(difference));
    list.hidden = !kept.differences.length;
  }

  function difference(entry) {
    const part = byId("difference").content.cloneNode(true);
    const put = (name, words) => { part.querySelector(`[data-is=${name}]`).textContent = words; };
    put("number", entry.number);
    put("theirs", entry.theirs.state);
    put("their-note", entry.theirs.note);
    put("mine", entry.mine.state);
    put("my-note", entry.mine.note);
    const done = () => {
      kept.differences = kept.differences.filter((other) => other !== entry);
      keep();
      showDifferences();
    };
    part.querySelector("[data-does=theirs]").addEventListener("click", () => {
      delete kept.drafts[entry.position];
      done();
    });
    part.querySelector("[data-does=mine]").addEventListener("click", () => {
      const body = { ...entry.body, version: entry.version, client_id: crypto.randomUUID() };
      kept.outbox.push({ url: address(entry.position), position: entry.position, body, at: Date.now() });
      done();
      send();
    });
    return part;
  }

  opened();
  showDifferences();
  renewEdgeSoon();
  screen.classList.add("with-script");
  if (kept.outbox.length) send();
  else lookAhead();
})();
