/** The UDP header (RFC 768): source port 2, destination port 2, length 2, checksum 2. */

export const UDP_HEADER_LENGTH = 8;

/** Whether `at`–`end` holds a header and all that its length field promises (RFC 768, "Length"). */
export function checkUdpHeader(view: DataView, at: number, end: number): boolean {
  if (end - at < UDP_HEADER_LENGTH) return false;
  const length = view.getUint16(at + 4);
  return length >= UDP_HEADER_LENGTH && length <= end - at;
}

export function readUdpSourcePort(view: DataView, at: number): number {
  return view.getUint16(at);
}

export function readUdpDestinationPort(view: DataView, at: number): number {
  return view.getUint16(at + 2);
}

/** Of header and data. */
export function readUdpLength(view: DataView, at: number): number {
  return view.getUint16(at + 4);
}

/** 0 when the sender computed none. */
export function readUdpChecksum(view: DataView, at: number): number {
  return view.getUint16(at + 6);
}

/** Writes the header with its checksum still zero. */
export function writeUdpHeader(view: DataView, at: number, source: number, destination: number, length: number): void {
  view.setUint16(at, source);
  view.setUint16(at + 2, destination);
  view.setUint16(at + 4, length);
  view.setUint16(at + 6, 0);
}

/** A computed checksum of zero is sent as all ones, for zero says that there is none (RFC 768, "Checksum"). */
export function writeUdpChecksum(view: DataView, at: number, checksum: number): void {
  view.setUint16(at + 6, checksum === 0 ? 0xffff : checksum);
}
