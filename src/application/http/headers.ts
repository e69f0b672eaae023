/** What {@link Headers} are made from. */
export type HeadersInit = Iterable<readonly [string, string]> | Readonly<Record<string, string>>;

/** RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What no value may hold: the ends of lines, NUL (RFC 9110 §5.5), and what one byte a character cannot say. */
const ILLEGAL_VALUE = /[\0\r\n]|[^\0-\xff]/;
const OUTER_SPACE = /^[\t\n\r ]+|[\t\n\r ]+$/g;

/**
 * The fields of a message, in the shape of the Fetch standard's Headers, but without its guards: a server sees Host and Cookie,
 * and sends any name. Set-Cookie is never joined (RFC 9110 §5.3). Names keep the case in which they were written.
 */
export class Headers {
  /** Name and value by turns, in the order of the message. */
  #pairs: string[] = [];

  /** @throws TypeError for a name that is no token, or a value with CR, LF, NUL or characters past U+00FF */
  constructor(init?: HeadersInit | null) {
    if (init === undefined || init === null) return;
    if (init instanceof Headers) {
      this.#pairs = init.#pairs.slice();
      return;
    }
    if (isIterable(init)) {
      for (const pair of init) {
        if (typeof pair !== "object" || pair.length !== 2) throw new TypeError("a header is a pair of name and value");
        this.append(pair[0], pair[1]);
      }
      return;
    }
    for (const name of Object.keys(init)) this.append(name, init[name] as string);
  }

  append(name: string, value: string): void {
    this.#pairs.push(checkName(name), cleanValue(value));
  }

  delete(name: string): void {
    const wanted = checkName(name).toLowerCase();
    const pairs = this.#pairs;
    let kept = 0;
    for (let i = 0; i < pairs.length; i += 2) {
      if ((pairs[i] as string).toLowerCase() === wanted) continue;
      pairs[kept++] = pairs[i] as string;
      pairs[kept++] = pairs[i + 1] as string;
    }
    pairs.length = kept;
  }

  /** All values of a name in one, with ", " between them; null when there is none. */
  get(name: string): string | null {
    const values = this.#valuesOf(checkName(name));
    return values.length === 0 ? null : values.join(", ");
  }

  /** Every Set-Cookie by itself. */
  getSetCookie(): string[] {
    return this.#valuesOf("set-cookie");
  }

  has(name: string): boolean {
    return this.#indexOf(checkName(name).toLowerCase()) >= 0;
  }

  /** Puts one value in the place of all that the name has. */
  set(name: string, value: string): void {
    const clean = cleanValue(value);
    const at = this.#indexOf(checkName(name).toLowerCase());
    if (at < 0) {
      this.#pairs.push(name, clean);
      return;
    }
    const tail = this.#pairs.splice(at + 2);
    this.#pairs[at + 1] = clean;
    const rest = new Headers();
    rest.#pairs = tail;
    rest.delete(name);
    this.#pairs.push(...rest.#pairs);
  }

  forEach(callback: (value: string, name: string, headers: Headers) => void, self?: unknown): void {
    for (const [name, value] of this) callback.call(self, value, name, this);
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this) yield name;
  }

  *values(): IterableIterator<string> {
    for (const [, value] of this) yield value;
  }

  entries(): IterableIterator<[string, string]> {
    return this[Symbol.iterator]();
  }

  /** Names in lower case and in order, values joined as {@link get} does, but each Set-Cookie by itself. */
  *[Symbol.iterator](): IterableIterator<[string, string]> {
    const names = new Set<string>();
    for (let i = 0; i < this.#pairs.length; i += 2) names.add((this.#pairs[i] as string).toLowerCase());
    for (const name of [...names].sort()) {
      const values = this.#valuesOf(name);
      if (name === "set-cookie") for (const value of values) yield [name, value];
      else if (values.length > 0) yield [name, values.join(", ")];
    }
  }

  /** The fields as they stand in the message: in order, names as written, nothing joined. */
  *raw(): IterableIterator<readonly [string, string]> {
    for (let i = 0; i < this.#pairs.length; i += 2) yield [this.#pairs[i] as string, this.#pairs[i + 1] as string];
  }

  #indexOf(lower: string): number {
    for (let i = 0; i < this.#pairs.length; i += 2) {
      if ((this.#pairs[i] as string).toLowerCase() === lower) return i;
    }
    return -1;
  }

  #valuesOf(name: string): string[] {
    const wanted = name.toLowerCase();
    const found: string[] = [];
    for (let i = 0; i < this.#pairs.length; i += 2) {
      if ((this.#pairs[i] as string).toLowerCase() === wanted) found.push(this.#pairs[i + 1] as string);
    }
    return found;
  }
}

function isIterable(init: HeadersInit): init is Iterable<readonly [string, string]> {
  return typeof (init as { [Symbol.iterator]?: unknown })[Symbol.iterator] === "function";
}

function checkName(name: string): string {
  if (!TOKEN.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a header`);
  return `${name}`;
}

/** Without the space around it, as the Fetch standard normalises. */
function cleanValue(value: string): string {
  const clean = `${value}`.replace(OUTER_SPACE, "");
  if (ILLEGAL_VALUE.test(clean)) throw new TypeError(`${JSON.stringify(clean)} is no value of a header`);
  return clean;
}
