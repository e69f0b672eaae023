import type { Conversation } from "./conversations.ts";
import type { StreamDissector } from "./dissector.ts";
import type { Segment } from "./tcp-analysis.ts";

/** Messages in the byte streams of TCP connections. */
export class TcpStreams {
  readonly dissectors: readonly StreamDissector[];

  constructor(dissectors: readonly StreamDissector[]) {
    this.dissectors = dissectors;
  }

  feed(
    _conversation: Conversation,
    _direction: 0 | 1,
    _segment: Segment,
    _notes: number,
    _bytes: Uint8Array,
    _at: number,
  ): readonly string[] {
    return [];
  }
}
