// Explorers of a page: each place holds what a kernel would send, window.labExplorers draws it.
//
//   <div data-explorer="threshold">
//     <script type="application/json" data-state>{"step": 3}</script>
//     <script type="text/plain" data-block>AAAA</script>
//   </div>
//
// What changes is told by the event "lab-explorer" on the place: { explorer, name, value }.

const held = (place, name) => place.querySelector(`script[${name}]`).textContent;

// What stands in for a kernel: the values, and who listens.
function modelOf(place) {
  const bytes = atob(held(place, "data-block").trim());
  const state = JSON.parse(held(place, "data-state"));
  state.data = new DataView(Uint8Array.from(bytes, (c) => c.charCodeAt(0)).buffer);
  const heard = {};
  return {
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      for (const hear of heard[`change:${name}`] ?? []) hear();
      const detail = { explorer: place.dataset.explorer, name, value };
      place.dispatchEvent(new CustomEvent("lab-explorer", { bubbles: true, detail }));
    },
    on(event, hear) {
      heard[event] ??= [];
      heard[event].push(hear);
    },
    off() {},
    save_changes() {},
  };
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
