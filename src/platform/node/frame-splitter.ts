import { FRAME_LIMIT } from "../../network/doors/frame-door.ts";

/** Bytes of the length in front of each frame. */
export const LENGTH_SIZE = 4;

/** Cuts a stream of bytes, in pieces of any size, into the frames that it carries, each behind its length. */
export class FrameSplitter {
  readonly #take: (frame: Uint8Array) => void;
  /** The frame that is not whole yet, its length in front. */
  #partial = new Uint8Array(LENGTH_SIZE + FRAME_LIMIT);
  #view = new DataView(this.#partial.buffer);
  #end = 0;

  /** @param take is given each frame, to keep */
  constructor(take: (frame: Uint8Array) => void) {
    this.#take = take;
  }

  /** Forgets a frame that is not whole: another stream begins. */
  reset(): void {
    this.#end = 0;
  }

  /** Reads on. @returns false when the stream is none of frames: no length may be 0 or more than a frame's */
  write(bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length; ) {
      const wanted = this.#end < LENGTH_SIZE ? LENGTH_SIZE : LENGTH_SIZE + this.#view.getUint32(0);
      const piece = bytes.subarray(at, at + wanted - this.#end);
      this.#partial.set(piece, this.#end);
      this.#end += piece.length;
      at += piece.length;
      if (this.#end < LENGTH_SIZE) return true;
      const length = this.#view.getUint32(0);
      if (length === 0 || length > FRAME_LIMIT) return false;
      if (this.#end < LENGTH_SIZE + length) continue;
      this.#take(this.#partial.slice(LENGTH_SIZE, this.#end));
      this.#end = 0;
    }
    return true;
  }
}
