// What the matcher needs, brought from this page's own folder.  A browser fetches nothing on
// `file:`, but it runs scripts there: each piece is a script that says labMatch.put(name, k, text),
// the text being base64 of gzip.  Nothing is brought before the learner asks for it.

const held = new Map();

/** What a piece calls. */
export function put(name, number, text) {
  if (!held.has(name)) held.set(name, []);
  held.get(name)[number] = text;
}

/**
 * Bring files: [{ name, pieces: [{ file, size }], size, sha256 }], said to `tell(done, all)` in
 * bytes of scripts.  Gives name -> bytes.  Fails with an Error whose message is the file's name.
 */
export async function bring(files, tell) {
  const all = files.reduce((sum, { pieces }) => sum + pieces.reduce((s, p) => s + p.size, 0), 0);
  const out = new Map();
  let done = 0;
  for (const file of files) {
    for (const piece of file.pieces) {
      await script(piece.file);
      done += piece.size;
      tell(done, all);
    }
    out.set(file.name, await whole(file));
  }
  return out;
}

/** Run a script beside the page. */
function script(file) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = file;
    element.onload = () => {
      element.remove();
      resolve();
    };
    element.onerror = () => reject(new Error(file));
    document.head.append(element);
  });
}

/** The bytes of a file, once they are known to be what was put there. */
async function whole({ name, pieces, size, sha256 }) {
  const texts = held.get(name) ?? [];
  held.delete(name);
  const missing = pieces.findIndex((_, k) => texts[k] === undefined);
  if (missing >= 0) throw new Error(pieces[missing].file);
  const bytes = await unpacked(texts.map(binary)).catch(() => new Uint8Array(0));
  if (bytes.length !== size) throw new Error(pieces[0].file);
  // Only a page of this device or of a secure server may compute checksums.
  if (globalThis.crypto?.subtle && (await digest(bytes)) !== sha256) {
    throw new Error(pieces[0].file);
  }
  return bytes;
}

async function digest(bytes) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Base64 as bytes. */
export function binary(text) {
  const letters = atob(text);
  const out = new Uint8Array(letters.length);
  for (let k = 0; k < letters.length; k++) out[k] = letters.charCodeAt(k);
  return out;
}

async function unpacked(parts) {
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
