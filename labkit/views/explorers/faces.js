// The faces behind errors: a pair of two people just above the line, one person just below it.

import { h } from "./pieces.js";

const NONE = 65535;

// Two photographs side by side, and what is said of them.
function pairOf(c, key, address) {
  const { say, m } = c;
  const which = say.text(key);
  const face = (name) =>
    h("div", { class: "lx-face", role: "img", "aria-label": say.text(name, { which }) });
  const both = [face("face_first"), face("face_second")];
  for (const one of both) one.style.backgroundImage = `url("${address}")`;
  const said = h("p", { class: "lx-note", "data-lx": key });
  const two = h("div", { class: "lx-two" }, both);
  const node = h("div", { class: `lx-pair lx-${key}` }, [
    h("p", { class: "lx-which" }, which),
    two,
    said,
  ]);
  const { tile, columns } = m.faces;
  const put = (one, place) => {
    const [x, y] = [place % columns, Math.floor(place / columns)];
    one.style.backgroundPosition = `-${x * tile}px -${y * tile}px`;
    one.dataset.place = place;
  };
  // What is said of two photographs: who, by age and band, and what differs.
  function aboutPair(first, second, who, what) {
    const { ages, said } = m.faces;
    const people = said[who].replace("{a}", ages[first]).replace("{b}", ages[second]);
    return `${people} ${said[what]}`.trim();
  }
  function show(place, isNear) {
    two.hidden = place === NONE;
    if (place === NONE) {
      said.textContent = say.text(`none_${key}`);
      return;
    }
    const [first, second, score, who, what] = m.faces.pairs[place];
    put(both[0], first);
    put(both[1], second);
    const values = { score, about: aboutPair(first, second, who, what) };
    const words = isNear ? say.text(`${key}_says`, values) : say.text(`${key}_far`, values);
    said.textContent = words;
  }
  return { node, show };
}

// Nothing where no photographs were given.
export function faces(c) {
  const { d, m, say } = c;
  if (!m.faces) return { node: "", show() {}, stop() {} };
  const address = URL.createObjectURL(new Blob([d.faces], { type: "image/webp" }));
  const [above, below] = ["above", "below"].map((key) => pairOf(c, key, address));
  const node = h("div", { class: "lx-faces", role: "group", "aria-label": say.text("faces") }, [
    above.node,
    below.node,
  ]);
  return {
    node,
    show(step) {
      above.show(d.above[step], d.near_above[step]);
      below.show(d.below[step], d.near_below[step]);
    },
    stop: () => URL.revokeObjectURL(address),
  };
}
