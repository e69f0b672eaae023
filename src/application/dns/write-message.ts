import { classNumber, opcodeNumber, type Rcode, rcodeNumber, typeNumber } from "./codes.ts";
import { type Edns, MESSAGE_LIMIT, type Message } from "./message.ts";
import { isSameName } from "./name.ts";
import type { ResourceRecord } from "./record.ts";
import { writeRecord } from "./record-wire.ts";
import { WireWriter } from "./wire-writer.ts";

const OPT = 41;
/** Bytes of an OPT record without options, and in front of each of these. */
const OPT_LENGTH = 11;
const OPTION_HEAD_LENGTH = 4;
const TRUNCATED = 0x0200;
const FLAGS_AT = 2;
const COUNTS_AT = 4;
/** Where messages are written before they are cut to length: making room for the longest costs more than writing one. */
const SCRATCH = new Uint8Array(MESSAGE_LIMIT);

export interface WriteOptions {
  /** Bytes that it may have; 65,535 unless given. */
  readonly limit?: number;
  /** The additional records are needed, as the addresses of a delegation's name servers are (RFC 9471 §3). */
  readonly additionalsNeeded?: boolean;
}

/**
 * Writes a message with compressed names. Where it does not fit, whole record sets are left out from the end, and it says
 * that it is truncated unless nothing but additional records is missing (RFC 2181 §9).
 */
export function writeMessage(message: Message, options: WriteOptions = {}): Uint8Array {
  const limit = Math.min(options.limit ?? MESSAGE_LIMIT, MESSAGE_LIMIT);
  const reserved = message.edns === undefined ? 0 : ednsLength(message.edns);
  const writer = new WireWriter(SCRATCH);
  const roof = limit - reserved;
  writer.uint16(message.id);
  writer.uint16(flagsOf(message));
  for (let at = 0; at < 4; at++) writer.uint16(0);
  for (const { name, type, class: each } of message.questions) {
    writer.name(name);
    writer.uint16(typeNumber(type));
    writer.uint16(classNumber(each));
  }
  const counts = [message.questions.length];
  let whole = true;
  for (const [index, section] of [message.answers, message.authorities, message.additionals].entries()) {
    const count = whole ? writeSets(writer, section, roof) : 0;
    counts.push(count);
    if (count < section.length && (index < 2 || options.additionalsNeeded)) whole = false;
  }
  if (message.edns !== undefined) {
    writeEdns(writer, message.edns, message.rcode);
    counts.push((counts.pop() ?? 0) + 1);
  }
  for (const [index, count] of counts.entries()) writer.patch16(COUNTS_AT + 2 * index, count);
  if (!whole) writer.patch16(FLAGS_AT, flagsOf(message) | TRUNCATED);
  return writer.copy();
}

/** Record sets of a section, whole, as long as they fit. @returns how many records these are */
function writeSets(writer: WireWriter, records: readonly ResourceRecord[], roof: number): number {
  let written = 0;
  while (written < records.length) {
    const start = writer.at;
    let next = written;
    do writeRecord(writer, records[next] as ResourceRecord);
    while (++next < records.length && isSameSet(records[written] as ResourceRecord, records[next] as ResourceRecord));
    if (writer.overflow || writer.at > roof) {
      writer.rewind(start);
      return written;
    }
    written = next;
  }
  return written;
}

const isSameSet = (a: ResourceRecord, b: ResourceRecord): boolean =>
  a.type === b.type && a.class === b.class && isSameName(a.name, b.name);

function flagsOf(message: Message): number {
  return (
    (message.response ? 0x8000 : 0) |
    (opcodeNumber(message.opcode) << 11) |
    (message.authoritative ? 0x0400 : 0) |
    (message.truncated ? TRUNCATED : 0) |
    (message.recursionDesired ? 0x0100 : 0) |
    (message.recursionAvailable ? 0x0080 : 0) |
    (message.authenticData ? 0x0020 : 0) |
    (message.checkingDisabled ? 0x0010 : 0) |
    (rcodeNumber(message.rcode) & 0xf)
  );
}

const ednsLength = ({ options }: Edns): number =>
  options.reduce((sum, { data }) => sum + OPTION_HEAD_LENGTH + data.length, OPT_LENGTH);

function writeEdns(writer: WireWriter, edns: Edns, rcode: Rcode): void {
  const { udpSize, version, dnssecOk, options } = edns;
  writer.uint8(0);
  writer.uint16(OPT);
  writer.uint16(udpSize);
  writer.uint8(rcodeNumber(rcode) >> 4);
  writer.uint8(version);
  writer.uint16(dnssecOk ? 0x8000 : 0);
  writer.uint16(ednsLength(edns) - OPT_LENGTH);
  for (const { code, data } of options) {
    writer.uint16(code);
    writer.uint16(data.length);
    writer.raw(data);
  }
}
