// What games share: a list of answers, keys that stay within the game, the focus that it keeps.

// Place of the pair to answer; the number of pairs when none is open.
export function openPair(answers) {
  const open = answers.indexOf("");
  return open < 0 ? answers.length : open;
}

export const replaced = (list, k, value) => list.map((x, i) => (i === k ? value : x));

export function asBase64(bytes) {
  let text = "";
  for (let k = 0; k < bytes.length; k += 8192) {
    text += String.fromCharCode(...bytes.subarray(k, k + 8192));
  }
  return btoa(text);
}

// Keys answer while something in the game has the focus; named: what each key means.  JupyterLab
// would save with S and delete a cell with D D: no plain key leaves the game, and the game keeps the
// focus that it got.
export function listenToKeys(root, named, answer) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    const value = named[event.key.toLowerCase()];
    if (!value || event.repeat) return;
    event.preventDefault();
    answer(value);
  });
  // After a click somewhere between the buttons, or on one that is not to be pressed.
  root.addEventListener("pointerdown", () => setTimeout(() => holdFocus(root)));
}

export const within = (root) => root.contains(document.activeElement);

// What had the focus may be gone, or hidden, which the browser notices only later.
export function holdFocus(root) {
  const seen = within(root) && document.activeElement.getClientRects().length;
  if (!seen) root.focus({ preventScroll: true });
}

// At first show too, unless somebody is writing.  JupyterLab puts the focus back on its cell when
// that has run, so the game asks again for some frames, until the reader does anything.
export function takeFocus(root) {
  let frames = 90;
  const stop = () => {
    frames = 0;
  };
  for (const deed of ["keydown", "pointerdown"]) addEventListener(deed, stop, { once: true });
  const ask = () => {
    const writing = document.activeElement?.closest(
      "input, textarea, select, [contenteditable=true]",
    );
    if (!writing && !within(root)) root.focus({ preventScroll: true });
    frames -= 1;
    if (frames > 0) requestAnimationFrame(ask);
  };
  ask();
}
