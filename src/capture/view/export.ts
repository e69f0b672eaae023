import { type MacAddress, writeMac } from "../../address/mac.ts";
import { concatenate } from "../../base/concatenate.ts";
import { FLAG_CRC_ERROR, FLAG_INBOUND, FLAG_OUTBOUND } from "../pcapng/format.ts";
import { PcapngWriter } from "../pcapng/writer.ts";
import type { PacketView, RowList } from "./packet-view.ts";
import type { VantageFrames } from "./vantage-frames.ts";

/** Frames of a piece, and octets after which one ends. */
const PIECE_FRAMES = 2000;
const PIECE_BYTES = 2 ** 20;

/**
 * Writes the rows of a view as a pcapng file, piece by piece: all that the filter has let through when it began and that is still kept
 * when its turn comes. All Nics are described; what became of a frame stands in its comments.
 */
export class PcapngExport {
  readonly #frames: VantageFrames;
  readonly #rows: RowList;
  readonly #writer: PcapngWriter;
  #pieces: Uint8Array[] = [];
  /** The index among the matched that comes next. */
  #next: number;

  /** @param secrets lines of a TLS key log */
  constructor(view: PacketView, secrets: readonly string[] = []) {
    const { frames } = view;
    this.#frames = frames;
    this.#rows = view.rowList();
    const epoch = new Date(Number(frames.epoch / 1_000_000n));
    this.#writer = new PcapngWriter((bytes) => this.#pieces.push(bytes.slice()), epoch);
    for (const { name, mac } of frames.nics) {
      const bytes = new Uint8Array(6);
      writeMac(new DataView(bytes.buffer), 0, mac as MacAddress);
      this.#writer.addInterface(name, bytes);
    }
    if (secrets.length > 0) this.#writer.secrets(secrets.map((line) => `${line}\n`).join(""));
    this.#next = view.first;
  }

  get done(): boolean {
    return this.#next >= this.#rows.count;
  }

  /** The next piece of the file; whole blocks, so that a file that ends here is valid. */
  piece(): Uint8Array {
    const frames = this.#frames;
    const { log } = frames;
    let octets = 0;
    for (let left = PIECE_FRAMES; left > 0 && octets < PIECE_BYTES && !this.done; left--) {
      const number = this.#rows.at(this.#next++);
      const event = frames.event(number);
      if (!log.has(event)) continue;
      const { at, nic, outward, fcsError, packet, length } = log.event(event);
      const flags = (outward ? FLAG_OUTBOUND : FLAG_INBOUND) | (fcsError ? FLAG_CRC_ERROR : 0);
      const { comments = [] } = frames.about(number);
      const record = { interfaceId: nic, time: at, flags, packetId: packet, comments };
      this.#writer.packet(record, NOTHING, log.frame(event), 0, length);
      this.#writer.settle();
      octets += length;
    }
    this.#writer.flush();
    const pieces = this.#pieces;
    this.#pieces = [];
    return concatenate(pieces);
  }
}

const NOTHING = new Uint8Array(0);
