/** The frames of one capture or one vantage, numbered from 1 in order of time: what a dissection is made of. */
export interface FrameSource {
  /** How many there are; the last one's number. It only grows. */
  readonly count: number;
  /** Nanoseconds since 1970 at time 0. */
  readonly epoch: bigint;
  /** Finds the bytes of a frame, without making an object. @returns false when it is not kept any more */
  read(number: number, into: FrameBytes): boolean;
  /** What else is known of a frame that is kept. */
  about(number: number): FrameAbout;
}

/** Where the bytes of a frame are: filled in again and again. */
export class FrameBytes {
  bytes: Uint8Array = NOTHING;
  /** Over the same buffer, with the same beginning as {@link bytes}. */
  view: DataView = NO_VIEW;
  /** The frame is `bytes[start, end)`. */
  start = 0;
  end = 0;
  /** Nanoseconds. */
  time = 0;
  /** Known to have come with wrong bits: its bytes go into no stream. */
  damaged = false;
  /** Which interface or cable it was seen on: conversations are kept apart by it where that is asked for. */
  link = 0;
}

export interface FrameAbout {
  readonly interface?: {
    readonly id: number;
    readonly name: string | undefined;
    readonly description: string | undefined;
  };
  /** Octets on the wire, where not all were captured. */
  readonly originalLength?: number;
  /** epb_flags; undefined when there are none. */
  readonly flags?: number;
  readonly packetId?: bigint;
  readonly comments?: readonly string[];
  /** Which way it went through its interface. */
  readonly direction?: "in" | "out" | undefined;
}

const NOTHING = new Uint8Array(0);
const NO_VIEW = new DataView(NOTHING.buffer);
