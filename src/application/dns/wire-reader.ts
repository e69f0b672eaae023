import { decodeLatin1 } from "../../base/latin1.ts";
import { NAME_LIMIT, type Name, ROOT } from "./name.ts";

/** Pointers of one name; a name that has as many labels as there can be needs no more. */
const POINTER_LIMIT = 127;

/**
 * Reads a message from its bytes on. Where they are not what a length or a count promises, the first {@link problem} is
 * noted, and from there on everything reads as nothing: who reads asks once, behind each record.
 */
export class WireReader {
  readonly bytes: Uint8Array;
  at: number;
  /** Behind the last byte that may be read. */
  end: number;
  problem: string | undefined;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
    this.end = bytes.length;
  }

  get left(): number {
    return this.end - this.at;
  }

  fail(problem: string): void {
    this.problem ??= problem;
    this.at = 0;
    this.end = 0;
  }

  uint8(): number {
    if (this.at < this.end) return this.bytes[this.at++] as number;
    this.fail("it ends too early");
    return 0;
  }

  uint16(): number {
    return this.uint8() * 2 ** 8 + this.uint8();
  }

  uint32(): number {
    return this.uint16() * 2 ** 16 + this.uint16();
  }

  /** A copy of so many bytes. */
  take(count: number): Uint8Array {
    if (count > this.left) this.fail("it ends too early");
    else this.at += count;
    return this.bytes.slice(this.problem === undefined ? this.at - count : this.at, this.at);
  }

  /** A length and as many bytes, one character each (RFC 1035 §3.3). */
  text(): string {
    return decodeLatin1(this.take(this.uint8()));
  }

  /**
   * A name, compressed or not (RFC 1035 §4.1.4). A pointer leads to an earlier place than that where the piece begins in which
   * it stands, so that it cannot lead in a circle; and there are not so many that following them for each record takes long.
   */
  name(): Name {
    let wire = "";
    let { at } = this;
    let pieceStart = at;
    let after = 0;
    for (let pointers = 0; ; ) {
      const length = at < this.end ? (this.bytes[at] as number) : -1;
      if (length === 0) break;
      if (length >= 0xc0 && at + 1 < this.end) {
        const target = ((length & 0x3f) << 8) | (this.bytes[at + 1] as number);
        if (target >= pieceStart) return this.#noName("a pointer does not lead back");
        if (++pointers > POINTER_LIMIT) return this.#noName("a name has too many pointers");
        if (after === 0) after = at + 2;
        at = target;
        pieceStart = target;
        continue;
      }
      // The two other kinds of labels were given up (RFC 6891 §5).
      if (length > 0x3f && length < 0xc0) return this.#noName("a label of a kind that is not known");
      if (length < 0 || at + 1 + length >= this.end) return this.#noName("a name ends too early");
      wire += decodeLatin1(this.bytes, at, at + 1 + length);
      if (wire.length >= NAME_LIMIT) return this.#noName("a name is longer than 255 bytes");
      at += 1 + length;
    }
    this.at = after === 0 ? at + 1 : after;
    return (wire + ROOT) as Name;
  }

  #noName(problem: string): Name {
    this.fail(problem);
    return ROOT;
  }
}
