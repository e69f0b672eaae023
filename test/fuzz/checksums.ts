import { finish, sum } from "../../src/base/checksum.ts";

const HEADER = 14;
const ICMP = 1;
const TCP = 6;
const UDP = 17;
/** Where the checksum stands in each protocol's header. */
const CHECKSUM_AT: Readonly<Record<number, number>> = { [ICMP]: 2, [TCP]: 16, [UDP]: 6 };

/** Makes the checksums of a damaged IPv4 frame right, as far as it still is one, so that damage gets past them. */
export function fixChecksums(frame: Uint8Array): void {
  if (frame.length < HEADER + 20) return;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  if (view.getUint16(12) !== 0x0800) return;
  const headerLength = (view.getUint8(HEADER) & 15) * 4;
  const transport = HEADER + headerLength;
  if (headerLength < 20 || transport > frame.length) return;
  view.setUint16(HEADER + 10, 0);
  view.setUint16(HEADER + 10, finish(sum(view, HEADER, transport)));
  const end = Math.min(HEADER + view.getUint16(HEADER + 2), frame.length);
  const protocol = view.getUint8(HEADER + 9);
  const at = transport + (CHECKSUM_AT[protocol] ?? frame.length);
  if (at + 2 > end || (view.getUint16(HEADER + 6) & 0x3fff) !== 0) return;
  const pseudo = protocol === ICMP ? 0 : sum(view, HEADER + 12, HEADER + 20) + protocol + (end - transport);
  view.setUint16(at, 0);
  view.setUint16(at, finish(sum(view, transport, end, pseudo)));
}
