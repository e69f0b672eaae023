import { checkField, Fields } from "./message/fields.ts";
import { isToken } from "./message/octets.ts";

/** What {@link Headers} are made from. */
export type HeadersInit = Iterable<readonly [string, string]> | Readonly<Record<string, string>>;

/** The fields of headers as they stand in the message; not to be changed. */
export let fieldsOf: (headers: Headers) => Fields;

/**
 * The fields of a message, in the shape of the Fetch standard's Headers, but without its guards: a server sees Host and Cookie,
 * and sends any name. Set-Cookie is never joined (RFC 9110 §5.3). Names keep the case in which they were written.
 */
export class Headers {
  #fields: Fields;
  /** The fields belong to somebody else, and are copied before a change. */
  #borrowed = false;

  static {
    fieldsOf = (headers) => headers.#fields;
  }

  /** @throws TypeError for a name that is no token, or a value with a control character or one past U+00FF */
  constructor(init?: HeadersInit | null) {
    if (init instanceof Fields) {
      this.#fields = init;
      this.#borrowed = true;
    } else if (init instanceof Headers) {
      this.#fields = init.#fields;
      this.#borrowed = true;
      init.#borrowed = true;
    } else this.#fields = makeFields(init);
  }

  /** Headers that show fields. When the headers are changed the fields are not. */
  static over(fields: Fields): Headers {
    return new Headers(fields);
  }

  append(name: string, value: string): void {
    this.#own().append(name, trimmed(value));
  }

  delete(name: string): void {
    checkName(name);
    this.#own().delete(name);
  }

  /** All values of a name in one, with ", " between them; null when there is none. */
  get(name: string): string | null {
    return this.#fields.get(name) ?? absent(name);
  }

  /** Every Set-Cookie by itself. */
  getSetCookie(): string[] {
    return this.#fields.getAll("set-cookie");
  }

  has(name: string): boolean {
    return this.#fields.has(name) || absent(name) !== null;
  }

  /** Puts one value in the place of all that the name has. */
  set(name: string, value: string): void {
    this.#own().set(name, trimmed(value));
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
    for (let i = 0; i < this.#fields.size; i++) names.add(this.#fields.nameAt(i).toLowerCase());
    for (const name of [...names].sort()) {
      const values = this.#fields.getAll(name);
      if (name === "set-cookie") for (const value of values) yield [name, value];
      else if (values.length > 0) yield [name, values.join(", ")];
    }
  }

  /** The fields as they stand in the message: in order, names as written, nothing joined. */
  raw(): IterableIterator<readonly [string, string]> {
    return this.#fields[Symbol.iterator]();
  }

  #own(): Fields {
    if (this.#borrowed) {
      this.#fields = new Fields(this.#fields);
      this.#borrowed = false;
    }
    return this.#fields;
  }
}

const OUTER_SPACES = /^[\t\n\r ]+|[\t\n\r ]+$/g;

/**
 * Fields of what headers are made from.
 * @throws TypeError as Headers do
 */
export function makeFields(init: HeadersInit | null | undefined): Fields {
  if (init === undefined || init === null) return new Fields();
  if (init instanceof Headers) return new Fields(fieldsOf(init));
  if (isIterable(init)) {
    const fields = new Fields();
    for (const pair of init) {
      if (typeof pair !== "object" || pair.length !== 2) throw new TypeError("a header is a pair of name and value");
      fields.append(pair[0], trimmed(pair[1]));
    }
    return fields;
  }
  const names = Object.keys(init);
  const values = new Array<string>(names.length);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const value = (init as Readonly<Record<string, string>>)[name] as string;
    values[i] = lately.get(name) === value ? value : checked(name, value);
  }
  return Fields.checked(names, values);
}

/** Names with the value that was last found right: programs say the same few, again and again. */
const lately = new Map<string, string>();
const LATELY_LIMIT = 256;
const LATELY_LENGTH = 128;

function checked(name: string, value: string): string {
  const clean = checkField(name, trimmed(value));
  if (clean === value && clean.length <= LATELY_LENGTH && name.length <= LATELY_LENGTH) {
    if (lately.size >= LATELY_LIMIT) lately.clear();
    lately.set(name, value);
  }
  return clean;
}

function isIterable(init: HeadersInit): init is Iterable<readonly [string, string]> {
  return Symbol.iterator in init && typeof init[Symbol.iterator] === "function";
}

function checkName(name: string): void {
  if (!isToken(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a header`);
}

/** What is not there may have no name that could be. */
function absent(name: string): null {
  checkName(name);
  return null;
}

/** Without the space around it, as the Fetch standard normalises: there may be line ends as well. */
function trimmed(value: string): string {
  const text = typeof value === "string" ? value : `${value as unknown}`;
  // Blanks are trimmed anyway, so most texts need not be searched: a line end is below the space.
  const { length } = text;
  if (length === 0 || (text.charCodeAt(0) >= 0x20 && text.charCodeAt(length - 1) >= 0x20)) return text;
  return text.replace(OUTER_SPACES, "");
}
