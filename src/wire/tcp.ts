/** The TCP header (RFC 9293 §3.1). Every function takes a view and the offset of the header's first byte. */

export const TCP_PROTOCOL = 6;
/** A header without options. */
export const TCP_HEADER = 20;

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;
export const URG = 0x20;
export const ECE = 0x40;
export const CWR = 0x80;

/** Offset of the checksum field. */
export const CHECKSUM_AT = 16;

export const sourcePort = (view: DataView, at: number): number => view.getUint16(at);
export const destinationPort = (view: DataView, at: number): number => view.getUint16(at + 2);
/** As a signed 32-bit number, the form in which sequence arithmetic works (transport/tcp/sequence.ts). */
export const sequenceNumber = (view: DataView, at: number): number => view.getInt32(at + 4);
export const acknowledgmentNumber = (view: DataView, at: number): number => view.getInt32(at + 8);
/** Header length in bytes, options included, as the data offset says; 0–60. */
export const headerLength = (view: DataView, at: number): number => (view.getUint8(at + 12) >> 4) * 4;
export const flags = (view: DataView, at: number): number => view.getUint8(at + 13);
/** The window field as it stands, not scaled. */
export const windowField = (view: DataView, at: number): number => view.getUint16(at + 14);
export const urgentPointer = (view: DataView, at: number): number => view.getUint16(at + 18);

/** Whether the header and its options lie within the segment. */
export function isWellFormed(view: DataView, start: number, end: number): boolean {
  if (end - start < TCP_HEADER) return false;
  const length = headerLength(view, start);
  return length >= TCP_HEADER && start + length <= end;
}

/** Writes the fixed 20 bytes; the checksum field is left 0. */
export function writeHeader(
  view: DataView,
  at: number,
  from: number,
  to: number,
  sequence: number,
  acknowledgment: number,
  length: number,
  bits: number,
  window: number,
  urgent: number,
): void {
  view.setUint16(at, from);
  view.setUint16(at + 2, to);
  view.setInt32(at + 4, sequence);
  view.setInt32(at + 8, acknowledgment);
  view.setUint16(at + 12, ((length >> 2) << 12) | bits);
  view.setUint16(at + 14, window);
  view.setUint16(at + CHECKSUM_AT, 0);
  view.setUint16(at + 18, urgent);
}
