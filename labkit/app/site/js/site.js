// What every page does: starts what it has.  A module with something to start exports start(page).

import { start as startAsked } from "./asked.js";
import { start as startCode } from "./code.js";
import { start as startExplorers } from "./explorers.js";
import { start as startTables } from "./tables.js";

// What is asked comes before explorers: it gives them the answers that were kept.
const STARTS = [startCode, startAsked, startExplorers, startTables];

function startAll() {
  for (const start of STARTS) start(document);
}

// Scripts of explorers come after this one, so wait until all have run.
if (document.readyState === "complete") startAll();
else document.addEventListener("DOMContentLoaded", startAll);
