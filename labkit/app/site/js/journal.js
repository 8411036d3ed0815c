// The learner's journal on this device: what Python keeps in .lab/journal.json, in the browser's
// storage.  In: changes to what it holds.  Out: the same names and values, the same rules of taking in
// (labkit/learning/store.py).  Nothing is sent.  What is stored is read again before every change, so
// that two open tabs do not lose each other's entries; where nothing can be stored entries live until
// the page is closed, and whoever owns the journal is told once.

export const journalKey = "labkit-journal";
export const journalTexts = "labkit-texts";
const journalVersion = 1;
const journalParts = ["predictions", "attempts", "kept"];
const journalLongest = 300;
const journalMost = 2000;
const journalDeepest = 6;

export const journalEmpty = () => ({
  version: journalVersion,
  predictions: {},
  attempts: {},
  kept: {},
});

export const journalCount = (entries) =>
  journalParts.reduce((n, part) => n + Object.keys(entries[part]).length, 0);

// A journal as it stands in a file: Python reads it with journal.restore and `labkit class`.
export const journalWritten = (entries) => `${JSON.stringify(entries, null, 1)}\n`;

const isTable = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function journalLoaded(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function journalSound(content) {
  if (!isTable(content) || content.version !== journalVersion) return false;
  if (!journalParts.every((part) => isTable(content[part]))) return false;
  if (!journalParts.every((part) => Object.values(content[part]).every(isTable))) return false;
  return Object.values(content.attempts).every(
    (entry) => Array.isArray(entry.tries) && entry.tries.every(isTable),
  );
}

// The journal that a text holds; null when it holds none that is whole.
export function journalParsed(text) {
  const content = journalLoaded(text);
  return journalSound(content) ? content : null;
}

const isNewer = (content) =>
  isTable(content) && Number.isInteger(content.version) && content.version > journalVersion;

// Why a text is no journal that can be used: "newer", "older", "damaged" or "foreign".
export function journalTrouble(text) {
  const content = journalLoaded(text);
  if (isNewer(content)) return "newer";
  if (content === null) {
    const begun = text.trimStart().startsWith("{") && text.slice(0, 200).includes('"version"');
    return begun ? "damaged" : "foreign";
  }
  if (!isTable(content) || !journalParts.some((part) => part in content)) return "foreign";
  return Number.isInteger(content.version) && content.version < journalVersion
    ? "older"
    : "damaged";
}

// ---- taking in ----------------------------------------------------------------------------------

// The same value as text whatever the order of its names.
function inOrder(value) {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isTable(value)) return value;
  const names = Object.keys(value).sort();
  return names.map((name) => [name, inOrder(value[name])]);
}

export const journalSame = (a, b) => JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));

const has = (table, name) => Object.hasOwn(table, name);

function takeTries(entries, other, done) {
  for (const [name, entry] of Object.entries(other.attempts)) {
    const here = has(entries.attempts, name) ? entries.attempts[name] : { tries: [] };
    const fresh = entry.tries.filter((t) => !here.tries.some((h) => journalSame(h, t)));
    const tries = [...here.tries, ...fresh];
    entries.attempts = { ...entries.attempts, [name]: { ...here, tries } };
    if (fresh.length) done.taken.attempts.push(name);
  }
}

// Add the entries of another journal; of two under one name the one that is here stays.  Attempts at
// one exercise are kept of both.  As take_in in Python.
export function journalTakeIn(entries, other) {
  const done = { taken: { predictions: [], attempts: [], kept: [] }, stayed: [], same: 0 };
  for (const part of ["predictions", "kept"]) {
    const here = entries[part];
    for (const [name, entry] of Object.entries(other[part])) {
      if (!has(here, name)) done.taken[part].push(name);
      else if (!journalSame(here[name], entry)) done.stayed.push(name);
    }
    entries[part] = { ...other[part], ...here };
  }
  takeTries(entries, other, done);
  const taken = Object.values(done.taken).reduce((n, names) => n + names.length, 0);
  done.same = journalCount(other) - taken - done.stayed.length;
  return done;
}

// ---- values -------------------------------------------------------------------------------------

// A value as Python's journal would keep it: numbers, texts, lists, names.
export function journalPlain(value, deep = 0) {
  if (value === undefined || value === null || typeof value === "boolean") return value ?? null;
  if (typeof value === "string") return value.slice(0, 10 * journalLongest);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (deep > journalDeepest) return "...";
  if (Array.isArray(value)) {
    return value.slice(0, journalMost).map((one) => journalPlain(one, deep + 1));
  }
  const pairs = Object.entries(value).slice(0, journalMost);
  return Object.fromEntries(
    pairs.map(([name, one]) => [name.slice(0, journalLongest), journalPlain(one, deep + 1)]),
  );
}

// The moment, in the clock of this device: "2026-11-29T13:24:53", as Python writes it.
export function journalNow(moment = new Date()) {
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

// ---- what is stored -----------------------------------------------------------------------------

// The browser's storage; null where it refuses to give one.
export function journalStorage(place = globalThis) {
  try {
    return place.localStorage ?? null;
  } catch {
    return null;
  }
}

// What a change does: the entry under a name, with what is new in it.
function withEntry(entries, part, name, more) {
  const old = has(entries[part], name) ? entries[part][name] : {};
  entries[part] = { ...entries[part], [name]: { ...old, ...more } };
}

// The entries and who hears of changes.  tell(trouble) is called when something happens to them: "refused"
// (nothing can be stored), "full" (what was stored stays, new entries live here), "newer" (a later
// version of the lab wrote it; it is left alone) or "damaged" (it was set aside under another name).
function journalStore(storage, tell) {
  let unsaved = null;
  const heard = new Set();

  // From now on entries live here: nothing is stored any more, so this is told once.
  function live(trouble, entries) {
    unsaved = entries;
    tell(trouble);
    return unsaved;
  }

  function setAside(text) {
    const stamp = journalNow().replace(/\D/g, "");
    storage.setItem(`${journalKey}.set-aside-${stamp}`, text);
    storage.removeItem(journalKey);
    tell("damaged");
  }

  function stored() {
    const text = storage.getItem(journalKey);
    if (text === null) return journalEmpty();
    const entries = journalParsed(text);
    if (entries) return entries;
    if (journalTrouble(text) === "newer") return live("newer", journalEmpty());
    setAside(text);
    return journalEmpty();
  }

  function read() {
    if (unsaved) return unsaved;
    try {
      return storage ? stored() : live("refused", journalEmpty());
    } catch {
      return live("refused", journalEmpty());
    }
  }

  // Read, change and write in one piece; returns what edit returns.
  function change(edit) {
    const entries = read();
    const out = edit(entries);
    if (!unsaved) {
      try {
        storage.setItem(journalKey, JSON.stringify(entries));
      } catch {
        live(storage.length ? "full" : "refused", entries);
      }
    }
    for (const hear of heard) hear();
    return out;
  }

  function clear() {
    unsaved = unsaved && journalEmpty();
    try {
      const own = Object.keys(storage).filter((name) => name.startsWith("labkit-"));
      for (const name of own) storage.removeItem(name);
    } catch {
      unsaved = journalEmpty();
    }
    for (const hear of heard) hear();
  }

  const say = () => {
    for (const hear of heard) hear();
  };
  return { read, change, clear, say, hear: (listen) => heard.add(listen), lives: () => !!unsaved };
}

// Text that a learner writes (a memo, a headline) stays on this device beside the journal: neither
// exports nor `labkit class` hold it.
function journalWords(storage) {
  let unsaved = {};
  function read() {
    try {
      const found = journalLoaded(storage.getItem(journalTexts) ?? "{}");
      return isTable(found) ? { ...found, ...unsaved } : unsaved;
    } catch {
      return unsaved;
    }
  }
  function keep(name, text) {
    const all = { ...read(), [name]: text };
    try {
      storage.setItem(journalTexts, JSON.stringify(all));
    } catch {
      unsaved = { ...unsaved, [name]: text };
    }
  }
  const clear = () => {
    unsaved = {};
  };
  return { texts: read, keepText: keep, clear };
}

// The journal: journal.predict, result, keep and attempt as in Python.
export function journalOf(storage, tell = () => {}, now = journalNow) {
  const store = journalStore(storage, tell);
  const words = journalWords(storage);

  // Whether the guess was changed after its result had been seen.
  const predict = (key, guess) =>
    store.change((entries) => {
      const old = has(entries.predictions, key) ? entries.predictions[key] : {};
      withEntry(entries, "predictions", key, { guess: journalPlain(guess), day: now() });
      return "result" in old && !journalSame(old.guess, journalPlain(guess));
    });

  // The guess that was kept for a result, which is kept beside it; undefined without one.
  function result(key, value, text = null) {
    const old = store.read().predictions[key];
    if (!old || !("guess" in old)) return undefined;
    if (!journalSame([old.result, old.text], [value, text]) || !("result" in old)) {
      store.change((entries) => withEntry(entries, "predictions", key, { result: value, text }));
    }
    return old.guess;
  }

  const keep = (key, value) =>
    store.change((entries) =>
      withEntry(entries, "kept", key, { value: journalPlain(value), day: now() }),
    );

  // The same answer with the same verdict is not another attempt.
  const attempt = (name, { answer, right, mistake = "", counts = true }) =>
    store.change((entries) => {
      const tries = has(entries.attempts, name) ? entries.attempts[name].tries : [];
      const shown = journalPlain(answer);
      const again = tries.some((t) => journalSame(t.answer, shown) && t.right === right);
      const fresh = { answer: shown, right, mistake, counts, day: now() };
      withEntry(entries, "attempts", name, { tries: again ? tries : [...tries, fresh] });
    });

  const takeIn = (other) => store.change((entries) => journalTakeIn(entries, other));
  const clear = () => {
    words.clear();
    store.clear();
  };
  return { ...store, ...words, clear, predict, result, keep, attempt, takeIn };
}

// The journal of this page: other tabs that write are heard.
export function journalHere(tell, place = globalThis) {
  const journal = journalOf(journalStorage(place), tell);
  place.addEventListener?.("storage", (event) => {
    if (event.key === journalKey || event.key === null) journal.say();
  });
  place.labJournal = journal;
  return journal;
}
