// Explorers of a page: each place holds what a kernel would send, window.labExplorers draws it.
//
//   <div data-explorer="threshold">
//     <script type="application/json" data-state>{"step": 3}</script>
//     <script type="text/plain" data-block>AAAA</script>
//   </div>
//
// What changes is told by the event "lab-explorer" on the place: { explorer, name, value }.

import { standIn } from "../../../views/explorers/model.js";

const held = (place, name) => place.querySelector(`script[${name}]`).textContent;

function modelOf(place) {
  const told = (name, value) => {
    const detail = { explorer: place.dataset.explorer, name, value };
    place.dispatchEvent(new CustomEvent("lab-explorer", { bubbles: true, detail }));
  };
  return standIn(JSON.parse(held(place, "data-state")), held(place, "data-block"), told);
}

function wake(place) {
  const kind = window.labExplorers?.[place.dataset.explorer];
  if (!kind || place.model) return;
  place.model = modelOf(place);
  const el = document.createElement("div");
  place.append(el);
  kind.render({ model: place.model, el });
  place.classList.add("awake");
}

export function start(page) {
  for (const place of page.querySelectorAll("[data-explorer]")) wake(place);
}
