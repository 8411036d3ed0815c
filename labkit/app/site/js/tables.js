// Boxes that scroll: the keyboard stops at one only where there is something to scroll to.

function fit(box) {
  if (box.scrollWidth > box.clientWidth + 1) {
    box.setAttribute("tabindex", "0");
    box.setAttribute("role", "region");
  } else {
    box.removeAttribute("tabindex");
    box.removeAttribute("role");
  }
}

export function start(page) {
  const boxes = [...page.querySelectorAll(".scroll[aria-label]")];
  if (!boxes.length || !window.ResizeObserver) return;
  const seen = new ResizeObserver((entries) => {
    for (const entry of entries) fit(entry.target);
  });
  for (const box of boxes) seen.observe(box);
}
