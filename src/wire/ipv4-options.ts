import { IPV4_HEADER_LENGTH } from "./ipv4.ts";

/** The options of an IPv4 header (RFC 791 §3.1): type 1 and, but for the first two, length 1 and data. */

export const OPTION_END = 0;
export const OPTION_NO_OPERATION = 1;
export const OPTION_RECORD_ROUTE = 7;
export const OPTION_TIMESTAMP = 68;
export const OPTION_LOOSE_SOURCE_ROUTE = 131;
export const OPTION_STRICT_SOURCE_ROUTE = 137;
/** This bit of a type: the option is copied into every fragment. */
export const OPTION_COPIED = 0x80;

/**
 * Whether the options are well-formed.
 * @returns 0, or the offset in the header of the octet that is wrong (the pointer of a parameter problem)
 */
export function checkIpv4Options(view: DataView, at: number, headerLength: number): number {
  let offset = IPV4_HEADER_LENGTH;
  while (offset < headerLength) {
    const type = view.getUint8(at + offset);
    if (type === OPTION_END) return 0;
    if (type === OPTION_NO_OPERATION) {
      offset++;
      continue;
    }
    if (offset + 1 >= headerLength) return offset;
    const length = view.getUint8(at + offset + 1);
    if (length < 2 || offset + length > headerLength) return offset + 1;
    if (isRecording(type) && !checkRecording(view, at + offset, type, length)) return offset + 2;
    offset += length;
  }
  return 0;
}

/** Options in which hosts on the way write: they have a pointer to the place of the next. */
function isRecording(type: number): boolean {
  return (
    type === OPTION_RECORD_ROUTE ||
    type === OPTION_TIMESTAMP ||
    type === OPTION_LOOSE_SOURCE_ROUTE ||
    type === OPTION_STRICT_SOURCE_ROUTE
  );
}

function checkRecording(view: DataView, at: number, type: number, length: number): boolean {
  const fixed = type === OPTION_TIMESTAMP ? 4 : 3;
  return length >= fixed && view.getUint8(at + 2) > fixed;
}

/** The offset in the header of the first option of a type; 0 when there is none. The options must be well-formed. */
export function findIpv4Option(view: DataView, at: number, headerLength: number, wanted: number): number {
  let offset = IPV4_HEADER_LENGTH;
  while (offset < headerLength) {
    const type = view.getUint8(at + offset);
    if (type === OPTION_END) return 0;
    if (type === wanted) return offset;
    offset += type === OPTION_NO_OPERATION ? 1 : view.getUint8(at + offset + 1);
  }
  return 0;
}

/** Whether a recording option's pointer is past its end: a source route that is done, a record that is full. */
export function isRecordFull(view: DataView, at: number): boolean {
  return view.getUint8(at + 2) > view.getUint8(at + 1);
}
