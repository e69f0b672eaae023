import type { CapturedPacket } from "../pcapng/reader.ts";
import type { FrameAbout, FrameBytes, FrameSource } from "./frames.ts";

/** The packets of a capture file as frames to dissect. Times count from its first packet. */
export class CapturedFrames implements FrameSource {
  readonly epoch: bigint;
  readonly #packets: readonly CapturedPacket[];
  readonly #views: DataView[];

  constructor(packets: readonly CapturedPacket[]) {
    this.#packets = packets;
    this.epoch = packets[0]?.time ?? 0n;
    this.#views = packets.map(({ data }) => new DataView(data.buffer, data.byteOffset, data.length));
  }

  get count(): number {
    return this.#packets.length;
  }

  read(number: number, into: FrameBytes): boolean {
    const packet = this.#packets[number - 1];
    if (packet === undefined) return false;
    into.bytes = packet.data;
    into.view = this.#views[number - 1] as DataView;
    into.start = 0;
    into.end = packet.data.length;
    into.time = Number((packet.time ?? this.epoch) - this.epoch);
    into.link = packet.interface.id;
    return true;
  }

  about(number: number): FrameAbout {
    const packet = this.#packets[number - 1];
    if (packet === undefined) return {};
    const { id, name, description } = packet.interface;
    return {
      interface: { id, name, description },
      originalLength: packet.originalLength,
      ...(packet.flags === 0 ? {} : { flags: packet.flags }),
      ...(packet.packetId === undefined ? {} : { packetId: packet.packetId }),
      comments: packet.comments,
      direction: packet.direction,
    };
  }
}
