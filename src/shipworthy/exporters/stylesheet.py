"""The look of a printed or shown memo: paper and ink, rules instead of boxes, one accent."""

from __future__ import annotations

import base64
import hashlib

CSS = """
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #1c2430; --quiet: #5c6675; --line: #d9d5cc;
  --accent: #c8501b; --holds: #1f6f54; --open: #8a6d1d; --fails: #9b2c2c;
  --serif: Charter, "Bitstream Charter", "Iowan Old Style", Georgia, "Liberation Serif", "DejaVu Serif", serif;
  --sans: system-ui, "Segoe UI", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; }
@media (prefers-color-scheme: dark) { :root { --paper: #161b23; --ink: #ece8df; --quiet: #a3abb8; --line: #3a4250;
  --accent: #f08a55; --holds: #6cc3a2; --open: #d9b95c; --fails: #ec8a86; } }
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 64px 24px 96px; max-width: 43rem; font: 16px/1.55 var(--serif);
  font-variant-numeric: tabular-nums lining-nums; overflow-wrap: break-word; }
h1, h2 { font-family: var(--serif); font-weight: 600; line-height: 1.2; text-wrap: balance; }
h1 { font-size: 28px; margin: 0 0 16px; }
h2 { font-size: 20px; margin: 40px 0 8px; break-after: avoid; }
p { margin: 0 0 12px; text-wrap: pretty; }
.masthead { display: flex; justify-content: space-between; align-items: flex-start; gap: 24px; }
.masthead svg { width: 44px; height: 44px; flex: none; color: var(--ink); }
.notice { font: 600 14px/1.45 var(--sans); border-top: 2px solid var(--ink);
  padding: 8px 0; margin: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; font-size: 14px; }
dl.heading { grid-template-columns: max-content 1fr max-content 1fr; padding: 12px 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
dt { color: var(--quiet); font-family: var(--sans); }
dd { margin: 0; }
.lead { font-size: 20px; line-height: 1.35; font-weight: 600; margin: 8px 0 12px; }
a { color: inherit; text-decoration: underline; text-decoration-color: var(--line); text-underline-offset: 3px; }
a:hover, a:focus-visible { text-decoration-color: currentColor; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
ul { margin: 0 0 12px; padding: 0 0 0 20px; }
li { margin: 0 0 4px; }
.scroll { overflow-x: auto; margin: 16px 0; }
table { border-collapse: collapse; width: 100%; font: 14px/1.35 var(--sans); font-variant-numeric: tabular-nums; }
caption { caption-side: top; text-align: left; color: var(--quiet); padding: 0 0 8px; }
th { font-weight: 600; color: var(--quiet); text-align: left; vertical-align: bottom; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); }
td { vertical-align: top; }
thead th { border-bottom: 1px solid var(--ink); }
th:last-child, td:last-child { padding-right: 0; }
.numeric { text-align: right; white-space: nowrap; }
table.plain .numeric { white-space: normal; }
table.plain td:first-child { width: 32%; min-width: 11em; }
table.plain td.state { min-width: 7.5em; }
table.dense { font-size: 12px; }
table.dense th, table.dense td { padding: 4px 8px 4px 0; }
tr:target td { background: var(--line); }
.holds { color: var(--holds); } .not-shown { color: var(--open); } .does-not-hold { color: var(--fails); }
td.state { font-weight: 600; }
figure { margin: 16px 0; break-inside: avoid; }
figcaption { font: 14px/1.45 var(--sans); color: var(--quiet); margin: 8px 0 0; }
.drawing { overflow-x: auto; }
.drawing svg { display: block; width: 100%; min-width: 29rem; height: auto; }
svg text { font-family: var(--sans); font-size: 12.5px; fill: var(--ink); }
svg .label { font-weight: 600; } svg .small { font-size: 11.5px; fill: var(--quiet); }
svg .rule { stroke: var(--line); stroke-width: 1; } svg .bar { stroke: var(--ink); stroke-width: 2; fill: none; }
svg .ring { stroke: var(--ink); stroke-width: 1.75; fill: var(--paper); }
svg .whisker { stroke-width: 2; fill: none; } svg .dot { stroke-width: 2; }
svg g.holds .whisker, svg g.holds .dot { stroke: var(--holds); } svg g.holds .dot { fill: var(--holds); }
svg g.not-shown .whisker, svg g.not-shown .dot { stroke: var(--open); } svg g.not-shown .dot { fill: var(--paper); }
svg g.does-not-hold .whisker, svg g.does-not-hold .dot { stroke: var(--fails); }
svg g.does-not-hold .dot { fill: none; stroke-width: 2.5; }
svg .state { font-weight: 600; }
svg g.holds .state { fill: var(--holds); } svg g.not-shown .state { fill: var(--open); }
svg g.does-not-hold .state { fill: var(--fails); }
.arrays { display: flex; flex-wrap: wrap; gap: 16px 20px; margin: 16px 0; }
.arrays figure { margin: 0; display: flex; gap: 12px; align-items: flex-start; width: 12.5rem; }
.arrays svg { width: 80px; height: 80px; flex: none; }
.arrays figcaption { margin: 0; font-size: 13px; min-width: 0; overflow-wrap: anywhere; }
svg .right { fill: none; stroke: var(--quiet); stroke-width: 0.75; }
svg .doubtful { fill: var(--line); stroke: var(--quiet); stroke-width: 0.75; }
svg .wrong { fill: var(--ink); stroke: var(--ink); stroke-width: 0.75; }
svg .kept { fill: var(--line); stroke: var(--ink); stroke-width: 1.25; }
svg .out { fill: none; stroke: var(--ink); stroke-width: 1.25; stroke-dasharray: 4 3; }
.decision { border-top: 2px solid var(--accent); margin-top: 40px; padding-top: 4px; break-inside: avoid; }
.decision h2 { margin-top: 8px; color: var(--accent); }
.choices { list-style: none; padding: 0; }
.choices li { margin: 0 0 8px; }
.tick { display: inline-block; width: 0.8em; height: 0.8em; border: 1.5px solid var(--ink); margin-right: 0.6em; }
.sign { display: grid; grid-template-columns: 2fr 1fr 1.4fr; gap: 24px; }
.sign div { border-top: 1px solid var(--ink); padding-top: 4px; margin-top: 32px; font: 14px/1.35 var(--sans); color: var(--quiet); }
.appendix { border-top: 1px solid var(--ink); margin-top: 64px; }
.appendix h2 { font-size: 16px; }
.foot { margin-top: 40px; padding-top: 12px; border-top: 1px solid var(--line); }
.foot dd { font-family: var(--mono); font-size: 12px; overflow-wrap: anywhere; }
@media (max-width: 34rem) { dl.heading { grid-template-columns: max-content 1fr; } body { padding: 32px 16px 64px; } }
.paper { display: none; }
@page { margin: 11mm 15mm; }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --quiet: #333; --line: #bbb;
    --accent: #000; --holds: #000; --open: #000; --fails: #000; }
  body { padding: 0; max-width: none; font-size: 9.5pt; line-height: 1.38; }
  h1 { font-size: 17pt; margin-bottom: 6pt; } h2 { font-size: 11.5pt; margin: 9pt 0 3pt; }
  p, ul { margin-bottom: 4pt; } .lead { font-size: 12.5pt; margin: 3pt 0 5pt; }
  .notice, dl, table, figcaption { font-size: 8.5pt; } table.dense { font-size: 7pt; }
  dl.heading { grid-template-columns: max-content 1fr max-content 1fr; padding: 5pt 0; } .notice { padding: 3pt 0; margin-bottom: 6pt; }
  .scroll, .drawing { overflow: visible; } .tested .text { break-after: avoid; break-inside: avoid; } li { margin: 0 0 1pt; } .scroll, figure { margin: 6pt 0; }
  th, td { padding: 2.5pt 8pt 2.5pt 0; } tr { break-inside: avoid; } thead { display: table-header-group; }
  .drawing svg { min-width: 0; max-width: 16.6cm; } .arrays { gap: 4pt 18pt; margin: 4pt 0; } .arrays figure { width: auto; flex: 0 1 31%; }
  .arrays svg { width: 46pt; height: 46pt; } .arrays figcaption { font-size: 8pt; }
  .decision { margin-top: 12pt; } .sign div { margin-top: 20pt; font-size: 8.5pt; }
  .appendix { break-before: page; border-top: 0; margin-top: 0; }
  a { text-decoration: none; }
  main { font-size: 8.4pt; line-height: 1.27; font-size-adjust: 0.45; }
  main h1 { font-size: 14pt; margin-bottom: 3pt; } main h2 { font-size: 10pt; margin: 4pt 0 1pt; }
  main p, main ul { margin-bottom: 2pt; } main li { margin: 0; } main .lead { font-size: 10.5pt; line-height: 1.2; margin: 2pt 0 3pt; }
  main .notice, main dl { font-size: 7.6pt; padding: 2pt 0; margin-bottom: 2pt; } .masthead svg { width: 24pt; height: 24pt; }
  main .arrays, main .left-out .drawings, main .tested .scroll { display: none; } .paper { display: block; }
  main .bottom-line .drawings { float: right; width: 10.2cm; margin: 0 0 4pt 14pt; } main .drawing svg { max-width: 10.2cm; }
  main figure { margin: 0; } main figcaption { font-size: 7pt; margin-top: 2pt; }
  main .decision { clear: both; margin-top: 6pt; padding-top: 1pt; } main .choices { display: flex; gap: 18pt; }
  main .sign div { margin-top: 14pt; font-size: 7.6pt; }
}
"""


def fingerprint() -> str:
    """Return the source expression under which a browser accepts the style sheet, and nothing else."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()}'"
