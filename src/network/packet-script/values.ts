import type { SocketAddress } from "../../address/endpoint.ts";
import type { Value } from "./script.ts";
import { ScriptError } from "./script-error.ts";

/** The arguments of one call, read as what they have to be. */
export class Arguments {
  readonly line: number;
  readonly #args: readonly Value[];

  constructor(line: number, args: readonly Value[]) {
    this.line = line;
    this.#args = args;
  }

  get length(): number {
    return this.#args.length;
  }

  at(index: number): Value {
    return this.#args[index] ?? this.fail(`argument ${index + 1} is missing`);
  }

  number(index: number): number {
    return this.toNumber(this.at(index));
  }

  /** A number, or of a list the first, as in `[1]`. */
  toNumber(value: Value): number {
    if (value.kind === "number") return value.value;
    if (value.kind === "list" && value.items.length === 1) return this.toNumber(value.items[0] as Value);
    return this.fail("a number is expected as an argument");
  }

  /** A name; of several joined by `|` all. */
  name(index: number): string {
    const value = this.at(index);
    if (value.kind === "name") return value.name;
    if (value.kind === "ellipsis") return "...";
    if (value.kind === "number") return String(value.value);
    return this.fail(`argument ${index + 1} is no constant`);
  }

  fields(value: Value): ReadonlyMap<string, Value> {
    return value.kind === "record" ? value.fields : this.fail("a record in braces is expected as an argument");
  }

  /** Bytes that an I/O vector holds: `[{..., 1000}, {..., 500}]`. */
  vectorLength(value: Value | undefined): number {
    if (value?.kind !== "list") return this.fail("a list of buffers is expected as an argument");
    let total = 0;
    for (const item of value.items) {
      const { items = [], fields } = item.kind === "record" ? item : { fields: new Map<string, Value>() };
      total += this.toNumber(fields.get("iov_len") ?? items.at(-1) ?? this.fail("a buffer without a length"));
    }
    return total;
  }

  /**
   * A socket address: `...` for the usual one, or `{sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr("…")}`.
   */
  address(index: number, usual: SocketAddress): SocketAddress {
    const value = this.at(index);
    if (value.kind === "ellipsis" || value.kind === "name") return usual;
    const fields = this.fields(value);
    const port = fields.get("sin_port");
    const address = fields.get("sin_addr");
    const inner = (of: Value | undefined): Value | undefined => (of?.kind === "call" ? of.args[0] : of);
    const text = inner(address);
    const number = inner(port);
    return {
      address:
        text?.kind === "text" ? text.text : text?.kind === "number" && text.value === 0 ? "0.0.0.0" : usual.address,
      port: number === undefined || number.kind === "ellipsis" ? usual.port : this.toNumber(number),
    };
  }

  fail(message: string): never {
    throw new ScriptError(this.line, message);
  }
}
