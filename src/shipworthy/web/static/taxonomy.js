// Failure modes: notes are chosen and grouped by key or by dragging. The page is whole without this; the form that is
// sent is the page's own.
"use strict";
(() => {
  const groups = document.getElementById("groups");
  const form = document.getElementById("group");
  document.documentElement.classList.add("scripted");
  if (!groups || !form) return;
  const KEYS = JSON.parse(groups.dataset.keys);
  const into = document.getElementById("into");
  const name = document.getElementById("name");
  const notes = Array.from(form.querySelectorAll(".note"));
  const box = (note) => note.querySelector("input");
  const counted = document.getElementById("counted");

  function recount() {
    const n = form.querySelectorAll('input[name="output"]:checked').length;
    counted.textContent = n ? `${n} chosen` : "";
  }

  function here() {
    return notes.indexOf(document.activeElement.closest(".note"));
  }

  function go(step) {
    const at = here();
    const to = at < 0 ? (step > 0 ? 0 : notes.length - 1) : Math.min(Math.max(at + step, 0), notes.length - 1);
    box(notes[to]).focus();
    notes[to].scrollIntoView({ block: "nearest" });
  }

  function chooseSet(set) {
    const boxes = Array.from(set.querySelectorAll('input[name="output"]'));
    const all = boxes.every((each) => each.checked);
    boxes.forEach((each) => { each.checked = !all; });
    recount();
  }

  function send(mode) {
    if (!form.querySelector('input[name="output"]:checked')) {
      counted.textContent = "Choose a note first.";
      return;
    }
    into.value = mode;
    form.requestSubmit();
  }

  const does = {
    next: () => go(1),
    previous: () => go(-1),
    choose: () => {
      const at = here();
      if (at < 0) return go(1);
      box(notes[at]).checked = !box(notes[at]).checked;
      recount();
    },
    group: () => {
      const at = here();
      if (at >= 0) chooseSet(notes[at].closest(".set"));
    },
    into: (key) => { if (KEYS.modes[key]) send(KEYS.modes[key]); },
    new: () => {
      into.selectedIndex = 0;
      name.focus();
    },
    keys: () => {
      const table = document.getElementById("keys");
      table.hidden = !table.hidden;
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    if (at.matches("textarea, select, input:not([type=checkbox])")) return;
    const action = KEYS.page[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    does[action](event.key);
  });

  form.addEventListener("change", recount);
  form.querySelectorAll(".choose-set").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      chooseSet(link.closest(".set"));
    });
  });

  // Dragging a note takes the other chosen notes with it.
  notes.forEach((note) => {
    note.addEventListener("dragstart", (event) => {
      box(note).checked = true;
      recount();
      note.classList.add("dragged");
      event.dataTransfer.setData("text/plain", "notes");
      event.dataTransfer.effectAllowed = "move";
    });
    note.addEventListener("dragend", () => note.classList.remove("dragged"));
  });
  document.querySelectorAll(".mode").forEach((mode) => {
    mode.addEventListener("dragover", (event) => {
      event.preventDefault();
      mode.classList.add("over");
    });
    mode.addEventListener("dragleave", () => mode.classList.remove("over"));
    mode.addEventListener("drop", (event) => {
      event.preventDefault();
      mode.classList.remove("over");
      send(mode.dataset.mode);
    });
  });
  recount();
})();
