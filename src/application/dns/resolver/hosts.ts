import { keyOf, type Name, parseName } from "../name.ts";

/** A hosts file: names with their addresses, which are known without asking anybody (RFC 952's heir, `/etc/hosts`). */
export class Hosts {
  readonly #addresses = new Map<Name, readonly string[]>();

  /** @throws RangeError for what is no name */
  constructor(entries: Readonly<Record<string, string | readonly string[]>> = {}) {
    for (const [text, addresses] of Object.entries(entries)) {
      const name = parseName(text);
      if (name === undefined) throw new RangeError(`not a domain name: ${text}`);
      this.#addresses.set(keyOf(name), [addresses].flat());
    }
  }

  find(name: Name): readonly string[] | undefined {
    return this.#addresses.get(keyOf(name));
  }
}
