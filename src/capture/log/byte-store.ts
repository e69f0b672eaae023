import { assert } from "../../base/assert.ts";
import type { Packet } from "../../packet/packet.ts";

/** Octets in one piece: what is got and given back at once. */
export const PIECE = 2 ** 20;
/** Up to this many octets are copied word by word, which is cheaper than a call. */
const SHORT = 128;
const LARGEST = 2 ** 17;

const NOTHING = new Uint8Array(0);

/** Where bytes are: `bytes[start, end)`, and a view with the same beginning. */
export interface Located {
  bytes: Uint8Array;
  view: DataView;
  start: number;
  end: number;
}

/**
 * Bytes that are only ever appended, in pieces of a megabyte, and given back from the front. A position counts from the
 * beginning of time and stays what it is; a frame never spans two pieces.
 */
export class ByteStore {
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  /** Given back, to be used again: memory that was touched before costs far less than new. */
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  /** The number of the first piece that is kept. */
  first = 0;
  /** Over each piece. */
  readonly #views = new WeakMap<Uint8Array, DataView>();
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  /** Where the next bytes go in the last piece, and where that begins. */
  #end = PIECE;
  #base = -PIECE;
  /** The number of the last piece, and where in it the bytes begin that were put last. */
  piece = -1;
  last = 0;

  readonly #onPiece: () => void;

  /** @param onPiece called before there is a piece more, when something may be given back */
  constructor(onPiece: () => void = () => {}) {
    this.#onPiece = onPiece;
  }

  /** Octets that are kept. */
  get size(): number {
    return this.#pieces.length * PIECE;
  }

  /** The position behind the last octet. */
  get end(): number {
    return this.#base + this.#end;
  }

  /** Keeps a copy of a packet as it stands: in {@link piece}, at {@link last}. */
  put(packet: Packet): void {
    let { start } = packet;
    const { end, view } = packet;
    const at = this.#reserve(end - start);
    const own = this.#view;
    if (end - start > SHORT) {
      this.#bytes.set(packet.data(), at);
    } else {
      let to = at;
      const words = end - 3;
      for (; start < words; start += 4, to += 4) own.setUint32(to, view.getUint32(start, true), true);
      for (; start < end; start++, to++) own.setUint8(to, view.getUint8(start));
    }
  }

  /** Keeps a copy of two ranges, one behind the other. */
  putBoth(first: Uint8Array, bytes: Uint8Array, start: number, end: number): void {
    const at = this.#reserve(first.length + end - start);
    this.#bytes.set(first, at);
    this.#bytes.set(bytes.subarray(start, end), at + first.length);
  }

  /** A view of what lies at a position, good until it is forgotten. */
  get(position: number, length: number): Uint8Array {
    const piece = this.#pieces[Math.floor(position / PIECE) - this.first];
    assert(piece !== undefined, "bytes are asked for only while they are kept");
    const at = position % PIECE;
    return piece.subarray(at, at + length);
  }

  /** Tells where a range lies; −1 for none. */
  locate(position: number, length: number, into: Located): void {
    const piece = position < 0 ? NOTHING : this.#pieces[Math.floor(position / PIECE) - this.first];
    assert(piece !== undefined, "bytes are asked for only while they are kept");
    into.bytes = piece;
    into.view = this.#viewOf(piece);
    into.start = position < 0 ? 0 : position % PIECE;
    into.end = into.start + length;
  }

  #viewOf(piece: Uint8Array<ArrayBuffer>): DataView {
    const known = this.#views.get(piece);
    if (known !== undefined) return known;
    const view = new DataView(piece.buffer);
    this.#views.set(piece, view);
    return view;
  }

  /** Whether what lies in a piece from a place on begins with the same octets as another range: as many of them as are asked for. */
  begins(piece: number, at: number, view: DataView, start: number, count: number): boolean {
    const bytes = this.#pieces[piece - this.first];
    if (bytes === undefined) return false;
    const own = bytes === this.#bytes ? this.#view : this.#viewOf(bytes);
    let i = 0;
    for (; i + 4 <= count; i += 4) if (own.getUint32(at + i, true) !== view.getUint32(start + i, true)) return false;
    for (; i < count; i++) if (own.getUint8(at + i) !== view.getUint8(start + i)) return false;
    return true;
  }

  /** Gives back the pieces that lie before a position as a whole. */
  forget(before: number): void {
    const last = Math.min(Math.floor(before / PIECE), this.#base / PIECE);
    const count = last - this.first;
    if (count <= 0) return;
    this.#free.push(...this.#pieces.splice(0, count));
    this.first = last;
  }

  /** @returns where in the last piece there is room */
  #reserve(length: number): number {
    assert(length <= LARGEST, "a frame is shorter than a piece");
    if (this.#end + length > PIECE) {
      this.#onPiece();
      this.#bytes = this.#free.pop() ?? new Uint8Array(PIECE);
      this.#view = this.#viewOf(this.#bytes);
      this.#pieces.push(this.#bytes);
      this.#base += PIECE;
      this.piece++;
      this.#end = 0;
    }
    const at = this.#end;
    this.#end = at + length;
    this.last = at;
    return at;
  }
}
