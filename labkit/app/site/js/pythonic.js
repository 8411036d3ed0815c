// Expressions as Python reads them: what a text holds, and what it is worth where it is a constant.
//
// In: a text.  Out: a tree of nodes, or null where Python would not read it.  Values are marked
// with their kind, because Python tells 1 from 1.0 and a tuple from a list:
//   { is: "int", n: BigInt }, { is: "float", n: Number }, { is: "str", text }, { is: "bool", yes },
//   { is: "none" }, { is: "open" } (three dots), { is: "list" | "tuple" | "set", items },
//   { is: "dict", pairs: [[key, value]] }.

export const anInt = (n) => ({ is: "int", n: BigInt(n) });
export const aFloat = (n) => ({ is: "float", n });
export const aText = (text) => ({ is: "str", text });
export const aBool = (yes) => ({ is: "bool", yes });
export const A_NONE = { is: "none" };
export const AN_OPEN = { is: "open" };

class Unread extends Error {}

// --- signs to tokens ----------------------------------------------------------------------------

const PY_TOKEN = new RegExp(
  [
    "(?<space>[ \\t\\f\\n\\r]+|#[^\\n]*)",
    "(?<number>(?:\\d[\\d_]*)?\\.\\d[\\d_]*(?:[eE][-+]?\\d+)?|\\d[\\d_]*\\.?(?:[eE][-+]?\\d+)?)",
    "(?<name>[\\p{L}_][\\p{L}\\p{N}\\p{M}_]*)",
    "(?<text>'(?:[^'\\\\\\n]|\\\\[\\s\\S])*'|\"(?:[^\"\\\\\\n]|\\\\[\\s\\S])*\")",
    "(?<dots>\\.\\.\\.)",
    "(?<sign>\\*\\*|//|<<|>>|<=|>=|==|!=|:=|[-+*/%@&|^~<>()[\\]{},:.=])",
  ].join("|"),
  "uy",
);

function tokensOf(text) {
  const tokens = [];
  PY_TOKEN.lastIndex = 0;
  while (PY_TOKEN.lastIndex < text.length) {
    const found = PY_TOKEN.exec(text);
    if (!found) throw new Unread();
    const [kind, said] = Object.entries(found.groups).find(([, part]) => part !== undefined);
    if (kind !== "space") tokens.push(kind === "dots" ? { kind: "sign", said } : { kind, said });
  }
  return tokens;
}

// --- tokens to a tree ---------------------------------------------------------------------------

const PY_WORDS = new Set("and or not in is if else for lambda True False None".split(" "));
const PY_COMPARES = new Set(["<", ">", "<=", ">=", "==", "!=", "in", "is", "not"]);
const PY_LEVELS = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"]];

class PyReader {
  constructor(tokens) {
    this.tokens = tokens;
    this.at = 0;
  }

  sees(...said) {
    const token = this.tokens[this.at];
    return token && token.kind !== "text" && said.includes(token.said);
  }

  takes(...said) {
    return this.sees(...said) ? this.tokens[this.at++] : undefined;
  }

  wants(said) {
    if (!this.takes(said)) throw new Unread();
  }

  whole() {
    const tree = this.listed();
    if (this.at < this.tokens.length) throw new Unread();
    return tree;
  }

  // One expression, or several with commas between: a tuple.
  listed() {
    const first = this.one();
    if (!this.sees(",")) return first;
    const items = [first];
    while (this.takes(",")) {
      if (this.at >= this.tokens.length || this.sees(")", "]", "}", "=", ":")) break;
      items.push(this.one());
    }
    return { node: "tuple", items };
  }

  one() {
    if (this.takes("lambda")) return this.lambda();
    const value = this.or();
    if (!this.takes("if")) return value;
    const test = this.or();
    this.wants("else");
    return { node: "other", parts: [value, test, this.one()] };
  }

  lambda() {
    while (this.at < this.tokens.length && !this.sees(":")) this.at++;
    this.wants(":");
    return { node: "other", parts: [this.one()] };
  }

  or() {
    let left = this.not();
    while (this.takes("and", "or")) left = { node: "other", parts: [left, this.not()] };
    return left;
  }

  not() {
    if (this.takes("not")) return { node: "other", parts: [this.not()] };
    return this.compared();
  }

  compared() {
    const left = this.level(0);
    const parts = [left];
    while (this.tokens[this.at] && this.sees(...PY_COMPARES)) {
      const sign = this.takes(...PY_COMPARES).said;
      if (sign === "not") this.wants("in");
      if (sign === "is") this.takes("not");
      parts.push(this.level(0));
    }
    return parts.length > 1 ? { node: "other", parts } : left;
  }

  level(n) {
    if (n === PY_LEVELS.length) return this.signed();
    let left = this.level(n + 1);
    for (let sign = this.takes(...PY_LEVELS[n]); sign; sign = this.takes(...PY_LEVELS[n])) {
      left = { node: "bin", sign: sign.said, parts: [left, this.level(n + 1)] };
    }
    return left;
  }

  signed() {
    const sign = this.takes("-", "+", "~");
    if (sign) return { node: "sign", sign: sign.said, parts: [this.signed()] };
    const base = this.behind(this.atom());
    return this.takes("**") ? { node: "bin", sign: "**", parts: [base, this.signed()] } : base;
  }

  // Calls, places and parts that stand behind something.
  behind(atom) {
    let value = atom;
    for (let next = this.reach(); next; next = this.reach()) {
      value = { node: "reach", parts: [value, ...next] };
    }
    return value;
  }

  // One call, place or part, as the nodes in it; nothing where none follows.
  reach() {
    if (this.takes("(")) return this.until(")", () => this.argument());
    if (this.takes("[")) {
      const places = this.until("]", () => this.slice());
      if (!places.length) throw new Unread();
      return places;
    }
    if (!this.takes(".")) return undefined;
    if (this.tokens[this.at]?.kind !== "name") throw new Unread();
    this.at++;
    return [];
  }

  until(end, part) {
    const parts = [];
    while (!this.takes(end)) {
      if (this.at >= this.tokens.length) throw new Unread();
      parts.push(part());
      if (!this.sees(end)) this.wants(",");
    }
    return parts;
  }

  argument() {
    if (this.takes("*", "**")) return this.one();
    const value = this.one();
    if (this.takes("=", ":=")) return this.one();
    return this.loops(value);
  }

  slice() {
    const parts = [];
    if (!this.sees(":")) parts.push(this.one());
    while (this.takes(":")) if (!this.sees(":", "]", ",")) parts.push(this.one());
    return { node: "other", parts };
  }

  // "x for x in xs if y" behind the first part.
  loops(value) {
    if (!this.sees("for")) return value;
    const parts = [value];
    while (this.takes("for", "if"))
      parts.push(this.level(0), ...(this.takes("in") ? [this.or()] : []));
    return { node: "other", parts };
  }

  atom() {
    const token = this.tokens[this.at++];
    if (!token) throw new Unread();
    if (token.kind === "number") return { node: "value", value: numberOf(token.said) };
    if (token.kind === "text") return this.textFrom(token);
    if (token.kind === "name") return namedNode(token.said);
    if (token.said === "...") return { node: "value", value: AN_OPEN };
    if (token.said === "(") return this.round();
    if (token.said === "[") return this.square();
    if (token.said === "{") return this.curly();
    throw new Unread();
  }

  textFrom(token) {
    let text = unescaped(token.said);
    while (this.tokens[this.at]?.kind === "text") text += unescaped(this.tokens[this.at++].said);
    return { node: "value", value: aText(text) };
  }

  round() {
    if (this.takes(")")) return { node: "tuple", items: [] };
    const inner = this.starred();
    if (this.sees("for")) return this.closed(this.loops(inner), ")");
    if (!this.sees(",")) return this.closed(inner, ")");
    this.takes(",");
    return { node: "tuple", items: [inner, ...this.until(")", () => this.starred())] };
  }

  closed(node, end) {
    this.wants(end);
    return node;
  }

  starred() {
    return this.takes("*") ? { node: "other", parts: [this.one()] } : this.one();
  }

  square() {
    const items = this.until("]", () => this.loops(this.starred()));
    return { node: "list", items };
  }

  curly() {
    if (this.takes("}")) return { node: "dict", pairs: [] };
    const first = this.starred();
    if (!this.sees(":")) {
      const begun = this.loops(first);
      if (!this.sees("}")) this.wants(",");
      return { node: "set", items: [begun, ...this.until("}", () => this.starred())] };
    }
    this.wants(":");
    const pairs = [[first, this.loops(this.one())]];
    if (!this.sees("}")) this.wants(",");
    const more = this.until("}", () => {
      const key = this.one();
      this.wants(":");
      return [key, this.one()];
    });
    return { node: "dict", pairs: [...pairs, ...more] };
  }
}

function namedNode(name) {
  if (name === "True" || name === "False") return { node: "value", value: aBool(name === "True") };
  if (name === "None") return { node: "value", value: A_NONE };
  if (PY_WORDS.has(name)) throw new Unread();
  return { node: "name", name };
}

function numberOf(said) {
  const plain = said.replaceAll("_", "");
  if (/__|_$|_\.|_[eE]/.test(said)) throw new Unread();
  if (!/^\d+$/.test(plain)) return aFloat(Number(plain));
  if (/^0+[1-9]/.test(plain)) throw new Unread(); // Python refuses 07
  return anInt(plain);
}

const UNESCAPES = { n: "\n", t: "\t", r: "\r", "\n": "" };

const unescaped = (said) =>
  said.slice(1, -1).replace(/\\([\s\S])/g, (whole, sign) => {
    if (sign in UNESCAPES) return UNESCAPES[sign];
    return "\\'\"".includes(sign) ? sign : whole;
  });

// The tree of an expression, or null where Python would not read it.
export function treeOf(text) {
  try {
    return new PyReader(tokensOf(text.trim())).whole();
  } catch (error) {
    if (error instanceof Unread || error instanceof RangeError) return null;
    throw error;
  }
}

const partsOf = (tree) => tree.parts ?? tree.items ?? tree.pairs?.flat() ?? [];

const anyNode = (tree, fits) => fits(tree) || partsOf(tree).some((part) => anyNode(part, fits));

// Whether a text is something that Python could work out, such as len(table).
export function isCode(text) {
  const tree = treeOf(text);
  if (!tree) return false;
  return anyNode(tree, (n) => n.node === "reach") && anyNode(tree, (n) => n.node === "name");
}

// --- what a tree is worth -----------------------------------------------------------------------

const MOST_DIGITS = 4000n;

class NoConstant extends Error {}

// The value of an expression without names and calls, or null: `1 / 20`, `(0.1, 0.2)`, `{'a'}`.
export function constantOf(text) {
  const tree = treeOf(text);
  if (!tree) return null;
  try {
    return worth(tree);
  } catch (error) {
    if (error instanceof NoConstant) return null;
    throw error;
  }
}

function worth(tree) {
  if (tree.node === "value") return tree.value;
  if (tree.node === "list" || tree.node === "tuple") {
    return { is: tree.node, items: tree.items.map(worth) };
  }
  if (tree.node === "set") return { is: "set", items: eachOnce(tree.items.map(worth)) };
  if (tree.node === "dict") return { is: "dict", pairs: lastOfEach(tree.pairs) };
  if (tree.node === "sign") return signedWorth(tree.sign, worth(tree.parts[0]));
  if (tree.node === "bin") return calculated(tree.sign, ...tree.parts.map(worth));
  throw new NoConstant();
}

// What Python takes for one and the same: 1, 1.0 and True are.
export function sameKey(value) {
  if (value.is === "int" || value.is === "float") return `number ${Number(value.n)}`;
  if (value.is === "bool") return `number ${Number(value.yes)}`;
  if (value.is === "str") return `text ${value.text}`;
  if (value.is === "tuple") return `tuple ${JSON.stringify(value.items.map(sameKey))}`;
  if (value.is === "none" || value.is === "open") return value.is;
  throw new NoConstant(); // Python puts no list into a set
}

// Of values that are one and the same the first stays.
const eachOnce = (values) =>
  [...new Map([...values].reverse().map((v) => [sameKey(v), v])).values()].reverse();

function lastOfEach(pairs) {
  const found = new Map();
  for (const [key, value] of pairs) {
    const name = worth(key);
    found.set(sameKey(name), [found.get(sameKey(name))?.[0] ?? name, worth(value)]);
  }
  return [...found.values()];
}

const asWholeOrFloat = (value) => {
  if (value.is === "bool") return anInt(value.yes ? 1 : 0);
  if (value.is !== "int" && value.is !== "float") throw new NoConstant();
  return value;
};

function signedWorth(sign, value) {
  const number = asWholeOrFloat(value);
  if (sign === "~") throw new NoConstant();
  return sign === "+" ? number : { is: number.is, n: -number.n };
}

function calculated(sign, left, right) {
  const [a, b] = [asWholeOrFloat(left), asWholeOrFloat(right)];
  const whole = a.is === "int" && b.is === "int";
  if (whole && (sign !== "/" || b.n === 0n)) return ofWholes(sign, a.n, b.n);
  return aFloat(ofFloats(sign, Number(a.n), Number(b.n)));
}

function ofWholes(sign, a, b) {
  if (sign === "+") return anInt(a + b);
  if (sign === "-") return anInt(a - b);
  if (sign === "*") return anInt(a * b);
  if (sign === "**") return wholePower(a, b);
  if (b === 0n) throw new NoConstant();
  const rest = ((a % b) + b) % b;
  if (sign === "%") return anInt(rest);
  if (sign === "//") return anInt((a - rest) / b);
  throw new NoConstant();
}

function wholePower(a, b) {
  if (b < 0n) return aFloat(Number(a) ** Number(b));
  if (BigInt(String(a).length) * b > MOST_DIGITS) throw new NoConstant();
  return anInt(a ** b);
}

function ofFloats(sign, a, b) {
  if (sign === "+") return a + b;
  if (sign === "-") return a - b;
  if (sign === "*") return a * b;
  if (sign === "**" && (a >= 0 || Number.isInteger(b)) && (a || b >= 0)) return a ** b;
  if (b === 0) throw new NoConstant();
  if (sign === "/") return a / b;
  const rest = (((a % b) + b) % b) + 0;
  if (sign === "%") return rest;
  if (sign === "//") return Math.floor(a / b);
  throw new NoConstant();
}
