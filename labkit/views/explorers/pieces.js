// What is to stand on the page, told in plain objects.  Of what stands there already only the
// differences are given to the browser, which lays out and paints anew whatever is new.

const SVG = "http://www.w3.org/2000/svg";

class Piece {
  constructor(space, tag, attributes, children) {
    this.space = space;
    this.tag = tag;
    this.attributes = attributes ?? {};
    this.parts = [];
    this.append(...[children ?? []].flat());
  }

  append(...children) {
    for (const child of children) if (child !== null) this.parts.push(child);
  }
}

// A piece of a picture, and a piece of a page.  In them: pieces, words, numbers.
export const s = (tag, attributes, children) => new Piece(SVG, tag, attributes, children);
export const piece = (tag, attributes, children) => new Piece(null, tag, attributes, children);

// What was made the last time, while it is asked for with the same key: pieces that are the same
// object are not compared.
export function kept() {
  let [last, what] = [];
  return (key, make) => {
    if (key !== last) [last, what] = [key, make()];
    return what;
  };
}

const standing = new WeakMap(); // by the element that holds them: the pieces that stand there

// Puts these pieces, and nothing else, into an element that only this function fills.
export function place(holder, pieces) {
  match(holder, standing.get(holder) ?? [], pieces);
  standing.set(holder, pieces);
}

function match(node, before, now) {
  const all = Math.min(before.length, now.length);
  for (let k = 0; k < all; k += 1) {
    if (now[k] !== before[k]) turn(node.childNodes[k], before[k], now[k]);
  }
  node.append(...now.slice(all).map(made));
  for (let k = before.length; k > all; k -= 1) node.lastChild.remove();
}

// One piece in the place of another: the same element, where it is one of the same name.
function turn(node, before, now) {
  if (!(before instanceof Piece) || before.tag !== now.tag) {
    if (before instanceof Piece || now instanceof Piece) node.replaceWith(made(now));
    else node.data = now;
    return;
  }
  const [was, is] = [before.attributes, now.attributes];
  for (const name of Object.keys(is)) if (was[name] !== is[name]) give(node, name, is[name]);
  for (const name of Object.keys(was)) if (!(name in is)) node.removeAttribute(name);
  match(node, before.parts, now.parts);
}

function made(one) {
  if (!(one instanceof Piece)) return document.createTextNode(one);
  const node = one.space
    ? document.createElementNS(one.space, one.tag)
    : document.createElement(one.tag);
  for (const [name, value] of Object.entries(one.attributes)) give(node, name, value);
  node.append(...one.parts.map(made));
  return node;
}

// Sets one attribute; null, undefined and false leave it out.
function give(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : value);
}

// An element with its attributes, or what to call when something happens, and what is in it.
export function h(tag, attributes, children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else give(node, name, value);
  }
  node.append(...[children ?? []].flat().filter((child) => child !== null && child !== ""));
  return node;
}
