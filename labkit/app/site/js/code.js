// Code on a page of a notebook: folded in each cell, shown or hidden everywhere by one switch, whose
// place is remembered on this device where the browser lets a page remember.

const KEY = "labkit-code";

function remembered() {
  try {
    return localStorage.getItem(KEY) === "shown";
  } catch {
    return false;
  }
}

function remember(shown) {
  try {
    localStorage.setItem(KEY, shown ? "shown" : "hidden");
  } catch {
    // A page without storage forgets.
  }
}

export function start(page) {
  const box = page.querySelector("input[data-code]");
  if (!box) return;
  const set = (shown) => {
    for (const one of page.querySelectorAll("details.code")) one.open = shown;
  };
  box.checked = remembered();
  if (box.checked) set(true);
  box.addEventListener("change", () => {
    set(box.checked);
    remember(box.checked);
  });
}
