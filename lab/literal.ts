/** How deep plain data may be to be written. */
const DEPTH_LIMIT = 32;

/**
 * Plain data as JavaScript that gives the same again, undefined and numbers without end included, which JSON has not.
 * @returns undefined for what is no plain data
 */
export function literal(value: unknown, depth = 0): string | undefined {
  if (value === undefined) return "undefined";
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || depth > DEPTH_LIMIT) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((each) => literal(each, depth + 1));
    return items.includes(undefined) ? undefined : `[${items.join()}]`;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  const entries = Object.entries(value).map(([key, each]) => {
    const written = literal(each, depth + 1);
    return written === undefined ? undefined : `[${JSON.stringify(key)}]:${written}`;
  });
  return entries.includes(undefined) ? undefined : `{${entries.join()}}`;
}
