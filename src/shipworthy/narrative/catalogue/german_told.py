"""Sätze der unteren Schichten: wie sie dort auf Englisch stehen, und dasselbe auf Deutsch."""

from __future__ import annotations

from shipworthy.narrative.catalogue.language import Told

METHODS = (
    Told("none", "keines"),
    Told("{also} on group means", "{also} auf Gruppenmitteln"),
    Told("{also} on all-of-{n} chances", "{also} auf Chancen, dass alle {n} bestehen"),
    Told("{also} on any-of-{n} chances", "{also} auf Chancen, dass eine von {n} besteht"),
    Told("{also} on a judge's verdicts corrected by labels", "{also} auf Bewertungen eines Modells, von Menschen berichtigt"),
    Told("{also} on paired differences", "{also} auf gepaarten Unterschieden"),
    Told("{also} on scaled group means", "{also} auf skalierten Gruppenmitteln"),
    Told("{also} on shares within the bar", "{also} auf Anteilen in der Messlatte"),
    Told("{also}, valid at any look up to {n} groups,", "{also}, gültig bei jedem Blick bis {n} Gruppen,"),
    Told("Clopper-Pearson", "Clopper-Pearson"),
    Told("Gaffke", "Gaffke"),
    Told("an e-process", "ein E-Prozess"),
    Told("weighted Gaffke", "gewichteter Gaffke"),
    Told("weighted Gaffke, counted shares", "gewichteter Gaffke, gezählte Anteile"),
    Told("exact, judge and labels (Buehler)", "exakt, Bewertungsmodell und Urteile (Buehler)"),
    Told("Gaffke on groups, each from its own verdicts and labels", "Gaffke auf Gruppen, jede aus eigenen Bewertungen und Urteilen"),
    Told("judge corrected by its error rates (Rogan-Gladen, three exact bounds)", "Bewertungsmodell, um seine Fehlerquoten berichtigt (Rogan-Gladen, drei exakte Schranken)"),
)  # fmt: skip
NOT_ESTIMABLE = (
    Told("nothing recorded in this slice yet", "in diesem Ausschnitt ist noch nichts aufgezeichnet"),
    Told("{n} groups of several cases cannot tell; it takes {n2}", "{n} Gruppen aus mehreren Fällen sagen zu wenig; nötig sind {n2}"),
    Told("all of {n} repeats needs {n2} repeats of each case, the plan has {n3}", "„alle von {n}“ verlangt {n2} Wiederholungen jedes Falls, der Plan hat {n3}"),
    Told("any of {n} repeats needs {n2} repeats of each case, the plan has {n3}", "„eine von {n}“ verlangt {n2} Wiederholungen jedes Falls, der Plan hat {n3}"),
    Told("the baseline has no planned outputs on these cases", "die Vergleichsvariante hat in diesen Fällen keine geplanten Ausgaben"),
    Told("it can no longer be shown by the planned end, even if every further group passes", "bis zum geplanten Ende lässt es sich nicht mehr zeigen, selbst wenn jede weitere Gruppe besteht"),
    Told("the labels are said to be a random draw, but {n} of {n2} are on outputs that the judge did not pass, of which there are {n3} of {n4}: say how they were chosen", "die Urteile sollen eine zufällige Auswahl sein, aber {n} von {n2} gelten Ausgaben, die das Bewertungsmodell verwarf, und das sind {n3} von {n4}: sagen, wie sie ausgewählt wurden"),
    Told("no output carries a person's label: a judge alone shows nothing", "über keine Ausgabe hat ein Mensch geurteilt: ein Bewertungsmodell allein zeigt nichts"),
    Told("how the labelled outputs were chosen is not recorded: label a random draw, or say how it was done", "wie die beurteilten Ausgaben ausgewählt wurden, ist nicht festgehalten: eine zufällige Auswahl beurteilen oder sagen, wie es geschah"),
    Told("labels chosen by how outputs turned out do not correct groups of several outputs: label a random draw", "nach dem Ausgang gewählte Urteile berichtigen keine Gruppen aus mehreren Ausgaben: eine zufällige Auswahl beurteilen"),
    Told("a judged rate can be looked at once, or up to a planned end, not for ever", "auf eine berichtigte Quote kann man einmal blicken oder bis zu einem geplanten Ende, nicht endlos"),
    Told("a rate weighed by traffic can be looked at once, or up to a planned end, not for ever", "auf eine nach Anfragen gewichtete Quote kann man einmal blicken oder bis zu einem geplanten Ende, nicht endlos"),
    Told("slices with {n}% of the traffic have no cases", "Ausschnitte mit {n} von 100 aller Anfragen haben keine Fälle"),
    Told("people passed no labelled output, so how often the judge is right about one is not known", "Menschen ließen keine beurteilte Ausgabe gelten, also ist nicht bekannt, wie oft das Bewertungsmodell bei einer solchen recht hat"),
    Told("people failed {n} labelled outputs; it takes {n2} to tell how often the judge misses one", "Menschen verwarfen {n} beurteilte Ausgaben; {n2} sind nötig, um zu sagen, wie oft das Bewertungsmodell eine übersieht"),
    Told("the judge is not shown to tell good outputs from bad ones", "dass das Bewertungsmodell gute von schlechten Ausgaben unterscheidet, ist nicht gezeigt"),
    Told("people passed no labelled output", "Menschen ließen keine beurteilte Ausgabe gelten"),
    Told("people failed no labelled output", "Menschen verwarfen keine beurteilte Ausgabe"),
    Told("no label lies on an output that the judge passed", "kein Urteil gilt einer Ausgabe, die das Bewertungsmodell gelten ließ"),
    Told("no label lies on an output that the judge did not pass", "kein Urteil gilt einer Ausgabe, die das Bewertungsmodell verwarf"),
)  # fmt: skip
REASONS = (
    Told("no plan is locked", "kein Plan ist festgeschrieben"),
    Told("no plan is locked: `shipworthy lock` fixes it before the holdout is run", "kein Plan ist festgeschrieben: `shipworthy lock` tut es, bevor die zurückgehaltenen Fälle laufen"),
    Told("the plan is locked, and nothing has been recorded on the holdout yet", "der Plan ist festgeschrieben, und zu den zurückgehaltenen Fällen ist noch nichts aufgezeichnet"),
    Told("the plan is locked, and the holdout has not been opened with what is recorded now", "der Plan ist festgeschrieben, und die zurückgehaltenen Fälle wurden mit dem, was jetzt aufgezeichnet ist, noch nicht geöffnet"),
    Told("the folder is not what was locked: the plan's hash", "der Ordner ist nicht, was festgeschrieben wurde: die Prüfsumme des Plans"),
    Told("the folder is not what was locked: {where}: was {before}, is {after}", "der Ordner ist nicht, was festgeschrieben wurde: {where}: war {before}, ist {after}"),
    Told("nothing has been recorded of {variant} on the open cases either", "auch zu den offenen Fällen ist von {variant} nichts aufgezeichnet"),
    Told("the judge is suspended: {judge}, because {why}", "das Bewertungsmodell ist ausgesetzt: {judge}, Grund: {why}"),
    Told("the judge has not been shown to be worth anything: {judge}, it was never calibrated as it is; `{command}` shows it", "dass das Bewertungsmodell etwas taugt, ist nicht gezeigt: {judge} wurde so, wie es ist, nie geeicht; `{command}` zeigt es"),
    Told("the judge has not been shown to be worth anything: {judge}, it was never calibrated as it is; what was shown of it ended when its prompt, its model or its criterion changed; `{command}` shows it", "dass das Bewertungsmodell etwas taugt, ist nicht gezeigt: {judge} wurde so, wie es ist, nie geeicht; was gezeigt war, endete, als sich Anweisung, Modell oder Kriterium änderten; `{command}` zeigt es"),
    Told("the judge has not been shown to be worth anything: {judge}, its calibration refused it; `{command}` shows it", "dass das Bewertungsmodell etwas taugt, ist nicht gezeigt: {judge} fiel bei der Eichung durch; `{command}` zeigt es"),
    Told("the judge has not been shown to be worth anything: {judge}, its calibration had too few labels to accept it; `{command}` shows it", "dass das Bewertungsmodell etwas taugt, ist nicht gezeigt: {judge} hatte bei der Eichung zu wenige Urteile; `{command}` zeigt es"),
    Told("the plan judges {candidate}: judging {variant} is a further try, which no error was set aside for", "der Plan urteilt über {candidate}: über {variant} zu urteilen ist ein weiterer Versuch, für den kein Fehler zurückgelegt wurde"),
    Told("the plan pays for {n} tries, and they are taken: judging {variant} is a further one", "der Plan zahlt für {n} Versuche, und sie sind verbraucht: über {variant} zu urteilen ist ein weiterer"),
    Told("look {n} has no error left to spend: only fresh cases can confirm", "für Blick {n} ist kein Fehler mehr übrig: Nur neue Fälle können bestätigen"),
)  # fmt: skip
NOTES = (
    Told("{n} cases are in no declared slice of {tag} ({values}): no claim is about them", "{n} Fälle liegen in keinem angegebenen Ausschnitt von {tag} ({values}): Keine Aussage handelt von ihnen"),
    Told("holdouts opened under earlier plans of this launch: {n}; the chance that any of the {n2} plans ships wrongly is at most {n3}", "unter früheren Plänen dieses Vorhabens geöffnete zurückgehaltene Fälle: {n}; die Wahrscheinlichkeit, dass einer der {n2} Pläne falsch freigibt, ist höchstens {n3}"),
    Told("the eval set has another mix than the traffic ({slice}: {n} of 100 groups, {n2} of 100 expected): claims over all traffic weigh each slice by its share", "die Prüffälle sind anders gemischt als die Anfragen ({slice}: {n} von 100 Gruppen, {n2} von 100 erwartet): Aussagen über alle Anfragen gewichten jeden Ausschnitt nach seinem Anteil"),
    Told("while {variant} was measured this machine was {n} ms late at times: its latencies are partly the machine's own, so they are upper bounds", "während {variant} gemessen wurde, war dieser Rechner zeitweise {n} ms zu spät: Die Wartezeiten sind zum Teil seine eigenen, also obere Schranken"),
    Told("the latencies of {variant} were measured by {tool} and include client queueing: they are upper bounds", "die Wartezeiten von {variant} wurden mit {tool} gemessen und enthalten dessen Warteschlange: Sie sind obere Schranken"),
    Told("the latencies of {variant} come from an imported file: where a tool measured them, they include client queueing and are upper bounds", "die Wartezeiten von {variant} stammen aus einer eingelesenen Datei: Wo ein Werkzeug sie maß, enthalten sie dessen Warteschlange und sind obere Schranken"),
    Told("{criterion}: {n} of {n2} labels are not on the outputs that `label --draw` draws (others were left out, or people chose); that they are a random draw is taken on trust", "{criterion}: {n} von {n2} Urteilen gelten nicht den Ausgaben, die `label --draw` zieht (andere wurden ausgelassen, oder Menschen wählten); dass sie zufällig gezogen sind, wird nur geglaubt"),
)  # fmt: skip
LOOKS = "No figure of the demo is in this verdict. Before it is shown again: {command}"
SIEHT = "Keine Zahl der Vorführung steckt in diesem Ergebnis. Bevor sie wieder gezeigt wird: {command}"
SIDES = (("better", "besser"), ("worse", "schlechter"))
WHERE = (("on the open cases", "an den offenen Fällen"), ("at the look", "beim Blick"))
OTHERS = (
    ("", ""),
    (" (and {n9} other criterion too)", " (und {n9} weiteres Kriterium)"),
    (" (and {n9} other criteria too)", " (und {n9} weitere Kriterien)"),
)
SHOWN = "{criterion}: as shown {n} of {n2}"
GEZEIGT = "{criterion}: wie gezeigt {n} von {n2}"
REWORDED = (("", ""), (", reworded {n3} of {n4}", ", anders formuliert {n3} von {n4}"))
SET = ", representative {n5} of {n6} (could be {n7} to {n8} of 100)"
MENGE = ", repräsentativ {n5} von {n6} (könnten {n7} bis {n8} von 100 sein)"
DEMO = tuple(
    Told(
        f"The demo looks {side} than the representative set, by more than chance, {where}{others}. {SHOWN}{reworded}{SET}. {LOOKS}",
        f"Die Vorführung sieht {seite} aus als die repräsentativen Fälle, mehr als der Zufall erklärt, {wo}{andere}. {GEZEIGT}{anders}{MENGE}. {SIEHT}",
    )
    for side, seite in SIDES
    for where, wo in WHERE
    for others, andere in OTHERS
    for reworded, anders in REWORDED
)
ACCEPTED = (
    Told("{rule}: {reason} ({who}, until {day})", "{rule}: {reason} ({who}, bis {day})"),
)  # fmt: skip
TOLD = (*METHODS, *NOT_ESTIMABLE, *REASONS, *NOTES, *DEMO, *ACCEPTED)
