// Select words at the left, and they stand in the form at the right with their place in the text.
"use strict";
(() => {
  const text = document.getElementById("text");
  const form = document.getElementById("coding");
  if (!text || !form) return;
  const quote = form.elements.quote, start = form.elements.start, end = form.elements.end;

  // Characters before a point of the selection, as Python counts them: whole characters, numbers of excerpts left out.
  const before = (node, offset) => {
    const range = document.createRange();
    range.setStart(text, 0);
    range.setEnd(node, offset);
    const part = range.cloneContents();
    part.querySelectorAll("[data-aside]").forEach((each) => each.remove());
    return Array.from(part.textContent).length;
  };

  const taken = () => {
    const chosen = document.getSelection();
    if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return;
    const range = chosen.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
    const from = before(range.startContainer, range.startOffset);
    const to = before(range.endContainer, range.endOffset);
    if (to <= from) return;
    const whole = text.cloneNode(true);
    whole.querySelectorAll("[data-aside]").forEach((each) => each.remove());
    start.value = from;
    end.value = to;
    quote.value = Array.from(whole.textContent).slice(from, to).join("");
  };

  text.addEventListener("mouseup", () => setTimeout(taken, 0));
  text.addEventListener("keyup", taken);
  quote.addEventListener("input", () => { start.value = ""; end.value = ""; });
})();
