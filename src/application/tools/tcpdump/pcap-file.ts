/** What of a frame is kept unless told, as tcpdump has it. */
export const SNAPSHOT_LENGTH = 262_144;

const MAGIC = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
const ETHERNET = 1;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;

/** A frame of a capture file. */
export interface PcapRecord {
  /** Microseconds since 1970: nanoseconds would not be exact. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** Octets on the wire. */
  readonly length: number;
}

/** The beginning of a file in pcap's classic form, of Ethernet frames with times in microseconds. */
export function pcapHeader(snapshotLength = SNAPSHOT_LENGTH): Uint8Array {
  const view = new DataView(new ArrayBuffer(FILE_HEADER));
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snapshotLength, true);
  view.setUint32(20, ETHERNET, true);
  return new Uint8Array(view.buffer);
}

export function pcapRecord({ at, bytes, length }: PcapRecord): Uint8Array {
  const record = new Uint8Array(RECORD_HEADER + bytes.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, Math.floor(at / 1e6), true);
  view.setUint32(4, at % 1e6, true);
  view.setUint32(8, bytes.length, true);
  view.setUint32(12, length, true);
  record.set(bytes, RECORD_HEADER);
  return record;
}

/** @returns undefined for what is no such file, or of other frames; a record that was cut off is left out */
export function readPcap(file: Uint8Array): PcapRecord[] | undefined {
  if (file.length < FILE_HEADER) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const magics = [MAGIC, MAGIC_NANOSECONDS];
  const little = magics.includes(view.getUint32(0, true));
  if (!little && !magics.includes(view.getUint32(0))) return undefined;
  if (view.getUint32(20, little) !== ETHERNET) return undefined;
  const scale = view.getUint32(0, little) === MAGIC ? 1 : 1000;
  const records: PcapRecord[] = [];
  for (let at = FILE_HEADER; at + RECORD_HEADER <= file.length; ) {
    const kept = view.getUint32(at + 8, little);
    const begin = at + RECORD_HEADER;
    if (begin + kept > file.length) break;
    const time = view.getUint32(at, little) * 1e6 + Math.floor(view.getUint32(at + 4, little) / scale);
    records.push({ at: time, bytes: file.subarray(begin, begin + kept), length: view.getUint32(at + 12, little) });
    at = begin + kept;
  }
  return records;
}
