/** Items of an array, a map or an object that are shown, and how deep. */
const ITEMS = 100;
const DEPTH = 4;
/** A shorter one stands on one line. */
const LINE = 72;

/** What `console.log` says of its arguments: texts as they are, all else as people write it down. */
export const formatted = (values: readonly unknown[]): string =>
  values.map((value) => (typeof value === "string" ? value : inspect(value))).join(" ");

/** A value for people. */
export function inspect(value: unknown, depth = 0, above: readonly object[] = []): string {
  if (typeof value === "string") return depth === 0 ? value : JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `[${value.name === "" ? "function" : `function ${value.name}`}]`;
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  if (above.includes(value)) return "[circular]";
  if (value instanceof Error) return errorText(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return "[promise]";
  if (depth >= DEPTH) return Array.isArray(value) ? "[…]" : "{…}";
  const inside = (each: unknown): string => inspect(each, depth + 1, [...above, value]);
  return compound(value, inside);
}

function compound(value: object, inside: (each: unknown) => string): string {
  if (Array.isArray(value)) return wrapped("[", value.slice(0, ITEMS).map(inside), value.length, "]");
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const items = Array.from((value as Uint8Array).subarray(0, ITEMS), inside);
    return wrapped(`${nameOf(value)}(${(value as Uint8Array).length}) [`, items, (value as Uint8Array).length, "]");
  }
  if (value instanceof ArrayBuffer) return `ArrayBuffer(${value.byteLength})`;
  if (value instanceof Map) {
    const items = [...value].slice(0, ITEMS).map(([key, each]) => `${inside(key)} => ${inside(each)}`);
    return wrapped(`Map(${value.size}) {`, items, value.size, "}");
  }
  if (value instanceof Set)
    return wrapped(`Set(${value.size}) {`, [...value].slice(0, ITEMS).map(inside), value.size, "}");
  const keys = Object.keys(value);
  const items = keys.slice(0, ITEMS).map((key) => {
    const { get, value: own } = Object.getOwnPropertyDescriptor(value, key) ?? {};
    return `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${get === undefined ? inside(own) : "[getter]"}`;
  });
  const name = nameOf(value);
  return wrapped(name === "Object" || name === "" ? "{" : `${name} {`, items, keys.length, "}");
}

function nameOf(value: object): string {
  const made: unknown = Object.getPrototypeOf(value)?.constructor;
  return typeof made === "function" ? made.name : "";
}

function wrapped(open: string, items: string[], count: number, close: string): string {
  if (count > items.length) items.push(`… ${count - items.length} more`);
  if (items.length === 0) return open + close;
  const line = items.join(", ");
  const space = close === "}" ? " " : "";
  if (line.length <= LINE && !line.includes("\n")) return `${open}${space}${line}${space}${close}`;
  return `${open}\n${items.map((item) => `  ${item.replaceAll("\n", "\n  ")}`).join(",\n")}\n${close}`;
}

function errorText(error: Error): string {
  const { name, message, stack = "" } = error;
  const head = message === "" ? name : `${name}: ${message}`;
  const frames = stack
    .split("\n")
    .filter((line) => line !== "" && !line.includes("netarium/socket") && !line.includes("(native)"));
  return [head, ...frames].join("\n");
}
