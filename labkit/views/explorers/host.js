// An explorer on a page of its own.

import { standIn } from "./model.js";

const content = (id) => document.getElementById(id).textContent;
const model = standIn(JSON.parse(content("state")), content("data"));
const file = new Blob([content("module")], { type: "text/javascript" });
const module = await import(URL.createObjectURL(file));
module.default.render({ model, el: document.getElementById("explorer") });
window.explorer = model;
