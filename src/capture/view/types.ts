/*
 * What a list of packets gives to those who look at it: plain data that JSON can carry. Virtual times are nanoseconds since the
 * run began, bytes base64. The engine's messages have it as it stands here.
 */

/** Which events a list is of. */
export type Vantage =
  /** Every frame once for each cable that it crosses, and every drop. */
  | { readonly kind: "cables" }
  /** What one device sees, or one of its interfaces, both ways. */
  | { readonly kind: "device"; readonly device: string }
  | { readonly kind: "nic"; readonly nic: number };

export interface PacketRow {
  /** Its number in the view, from 1: Wireshark's "No." in a capture of the vantage, whatever is filtered. */
  readonly number: number;
  readonly event: number;
  readonly time: number;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly length: number;
  readonly info: string;
  /** `"alice.eth0"` */
  readonly nic: string;
  readonly direction: "in" | "out" | "drop";
  /** A drop reason. */
  readonly dropped?: string;
  readonly corrupted?: boolean;
  /** Colour group, as a crossing's. */
  readonly group: string;
  /** What an analyser would say: `"retransmission"`, `"duplicateAck"`, `"outOfOrder"` …: the names of the dissection's `Notes`. */
  readonly notes: readonly string[];
}

/** A view as it stands: sent whenever it has grown or been filtered further. */
export interface ViewState {
  readonly view: number;
  /** Rows of the vantage, rows that the filter has let through, and how many of the former have been looked at. */
  readonly total: number;
  readonly matched: number;
  readonly examined: number;
  /** The first row still kept, as an index among the matched. */
  readonly first: number;
  /**
   * How often rows that had been given have become others: those of TLS whose secrets came late, or all, because the list has begun
   * anew; not there for never.
   */
  readonly renewed?: number;
  /** The network runs too fast for the list, which lists some of the newest only; all that are kept when there is time for it. */
  readonly skipped?: true;
}

export interface FieldNode {
  /** `"tcp.srcport"`; empty for a line of text alone. */
  readonly name: string;
  readonly text: string;
  /** Which of the sources, and which of its bytes. */
  readonly source: number;
  readonly offset: number;
  readonly length: number;
  /** Bits of those bytes, if not all, as a hexadecimal number. */
  readonly mask?: string;
  readonly generated?: true;
  /** What copying gives: the value alone, and a filter that finds it. */
  readonly value?: string;
  readonly filter?: string;
  readonly children?: readonly FieldNode[];
}

export interface PacketDetail {
  readonly row: PacketRow;
  readonly tree: readonly FieldNode[];
  readonly sources: readonly { readonly name: string; readonly bytes: string }[];
  /** The same packet elsewhere: each event of its id in this branch, in order of time. */
  readonly path: readonly PathStep[];
  /** The event that caused it. */
  readonly cause?: number;
}

export interface PathStep {
  readonly event: number;
  readonly at: number;
  readonly nic: string;
  readonly direction: "in" | "out" | "drop";
  readonly dropped?: string;
}

/** What a display filter came to. */
export type FilterCheck =
  | { readonly ok: true }
  /** @property offset and length: which letters of the text */
  | {
      readonly ok: false;
      readonly error: {
        readonly code: string;
        readonly params?: Readonly<Record<string, string | number>>;
        readonly text: string;
      };
      readonly offset: number;
      readonly length: number;
      /** What may have been meant in place of those letters. */
      readonly suggestion?: string;
    };

export interface StreamPiece {
  /** 0 from the client, 1 from the server. */
  readonly direction: 0 | 1;
  readonly number: number;
  readonly event: number;
  readonly time: number;
  readonly bytes: string;
}

export interface FollowedStream {
  /** `"tcp.stream eq 3"` */
  readonly filter: string;
  readonly client: string;
  readonly server: string;
  readonly pieces: readonly StreamPiece[];
  /** Where TLS was deciphered: whether these are its bytes, or those of the connection beneath. */
  readonly layer?: "tls" | "tcp";
  /** Bytes of a gap: what was never seen. */
  readonly missing: number;
  /** More than the limit: the rest is not here. */
  readonly truncated: boolean;
}

/** An arrow of a sequence diagram. */
export interface SequenceArrow {
  readonly event: number;
  readonly number: number;
  /** Index of the ends it goes between. */
  readonly from: number;
  readonly to: number;
  readonly left: number;
  /** Undefined while it is on its way, and for what never came. */
  readonly arrived?: number;
  /** `"SYN Seq=0 Win=64240"` */
  readonly label: string;
  readonly phase: "handshake" | "data" | "close" | "other";
  readonly lost?: string;
  /** The event of the first sending, when it is sent again. */
  readonly again?: number;
  /** Octets of payload. */
  readonly length: number;
}

export interface SequenceDiagram {
  readonly title: string;
  readonly ends: readonly { readonly name: string; readonly address: string; readonly port: number }[];
  readonly arrows: readonly SequenceArrow[];
  readonly truncated: boolean;
}

export interface ConversationInfo {
  readonly protocol: "tcp" | "udp" | "icmp";
  /** The `tcp.stream` or `udp.stream` of the view. */
  readonly stream: number;
  readonly a: string;
  readonly b: string;
  readonly packets: number;
  readonly bytes: number;
  readonly begins: number;
  readonly ends: number;
}
