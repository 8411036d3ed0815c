// Boxes that scroll: named, and a stop of the keyboard, only where there is something to scroll to.

const MARKS = ["role", "tabindex", "aria-label"];

function fit(box, marks) {
  const scrolls = box.scrollWidth > box.clientWidth + 1;
  for (const name of MARKS) {
    if (scrolls) box.setAttribute(name, marks[name]);
    else box.removeAttribute(name);
  }
}

export function start(page) {
  const boxes = new Map();
  for (const box of page.querySelectorAll(".scroll[aria-label]")) {
    boxes.set(box, Object.fromEntries(MARKS.map((name) => [name, box.getAttribute(name)])));
  }
  if (!boxes.size || !window.ResizeObserver) return;
  const seen = new ResizeObserver((entries) => {
    for (const { target } of entries) fit(target, boxes.get(target));
  });
  for (const box of boxes.keys()) seen.observe(box);
}
