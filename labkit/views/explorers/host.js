// What stands in for a kernel on a page of its own: the values, the data, and who listens.

const content = (id) => document.getElementById(id).textContent;
const packed = atob(content("data").trim());
const state = JSON.parse(content("state"));
state.data = new DataView(Uint8Array.from(packed, (c) => c.charCodeAt(0)).buffer);

const heard = {};
const model = {
  get: (name) => state[name],
  set(name, value) {
    state[name] = value;
    for (const hear of heard[`change:${name}`] ?? []) hear();
  },
  on(event, hear) {
    heard[event] ??= [];
    heard[event].push(hear);
  },
  off() {},
  save_changes() {},
};

const file = new Blob([content("module")], { type: "text/javascript" });
const module = await import(URL.createObjectURL(file));
module.default.render({ model, el: document.getElementById("explorer") });
window.explorer = model;
