// What stands in for a kernel where there is none: the values, the data, and who listens.

// state: the values by name; packed: the block of data in base64; told: hears of every change.
export function standIn(state, packed, told = () => {}) {
  const bytes = Uint8Array.from(atob(packed.trim()), (c) => c.charCodeAt(0));
  const values = { ...state, data: new DataView(bytes.buffer) };
  const heard = {};
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      for (const hear of heard[`change:${name}`] ?? []) hear();
      told(name, value);
    },
    on(event, hear) {
      heard[event] ??= [];
      heard[event].push(hear);
    },
    off() {},
    save_changes() {},
  };
}
