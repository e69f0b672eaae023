/** What devices of a kind are called, before a number. */
const STEMS = { host: "pc", router: "router", switch: "switch", hub: "hub", outside: "door" } as const;

/** The first name of a kind that nothing has: `"pc1"`. */
export function freeName(kind: keyof typeof STEMS, taken: Iterable<string>): string {
  const names = new Set([...taken].map((name) => name.toLowerCase()));
  for (let number = 1; ; number++) {
    const name = `${STEMS[kind]}${number}`;
    if (!names.has(name)) return name;
  }
}

/** What may be the name of a device or door, as network files have them. */
export const isName = (text: string): boolean => /^[A-Za-z][A-Za-z0-9_-]{0,62}$/.test(text);
