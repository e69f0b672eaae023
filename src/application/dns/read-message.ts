import { classOf, opcodeOf, rcodeOf, typeOf } from "./codes.ts";
import { type Edns, HEADER_LENGTH, type Message, message } from "./message.ts";
import { ROOT } from "./name.ts";
import type { Question, ResourceRecord } from "./record.ts";
import { type RecordHead, readRecord, readRecordHead } from "./record-wire.ts";
import { WireReader } from "./wire-reader.ts";

const OPT = 41;

/** A message that was read, or as much of it as there is and what is wrong with the rest. */
export interface MessageRead {
  readonly message: Message;
  /** For people; undefined when nothing is wrong. */
  readonly problem: string | undefined;
}

/** Reads a message. @returns undefined when there is not even a header; never throws */
export function readMessage(bytes: Uint8Array): MessageRead | undefined {
  if (bytes.length < HEADER_LENGTH) return undefined;
  const reader = new WireReader(bytes);
  const id = reader.uint16();
  const flags = reader.uint16();
  const [questionCount, answerCount, authorityCount, additionalCount] = [
    reader.uint16(),
    reader.uint16(),
    reader.uint16(),
    reader.uint16(),
  ];
  const questions: Question[] = [];
  // Every question and record takes bytes, so that the counts alone make nobody work.
  for (let n = 0; n < questionCount && reader.problem === undefined; n++) questions.push(readQuestion(reader));
  const answers = readSection(reader, answerCount);
  const authorities = readSection(reader, authorityCount);
  const additionals: ResourceRecord[] = [];
  let extension: Extension | undefined;
  for (let n = 0; n < additionalCount && reader.problem === undefined; n++) {
    const head = readRecordHead(reader);
    if (head.type !== OPT) additionals.push(readRecord(reader, head));
    else if (extension === undefined && head.name === ROOT) extension = readExtension(reader, head);
    else reader.fail("there is more than one OPT record, or it has a name"); // RFC 6891 §6.1.1, §6.1.2
  }
  if (reader.left > 0) reader.fail("there is more behind the last record");
  const failed = reader.problem !== undefined;
  const known = {
    ...readFlags(flags),
    id,
    rcode: rcodeOf(((extension?.rcode ?? 0) << 4) | (flags & 0xf)),
    edns: extension?.edns,
  };
  // What is wrong is not shown in part.
  const whole = failed ? {} : { questions, answers, authorities, additionals };
  return { message: message({ ...known, ...whole }), problem: reader.problem };
}

function readFlags(flags: number): Partial<Message> {
  return {
    response: (flags & 0x8000) !== 0,
    opcode: opcodeOf((flags >> 11) & 0xf),
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    recursionDesired: (flags & 0x0100) !== 0,
    recursionAvailable: (flags & 0x0080) !== 0,
    authenticData: (flags & 0x0020) !== 0,
    checkingDisabled: (flags & 0x0010) !== 0,
  };
}

function readQuestion(reader: WireReader): Question {
  return { name: reader.name(), type: typeOf(reader.uint16()), class: classOf(reader.uint16()) };
}

function readSection(reader: WireReader, count: number): ResourceRecord[] {
  const records: ResourceRecord[] = [];
  for (let n = 0; n < count && reader.problem === undefined; n++) {
    records.push(readRecord(reader, readRecordHead(reader)));
  }
  return records;
}

interface Extension {
  readonly edns: Edns;
  /** The upper eight bits. */
  readonly rcode: number;
}

/** OPT says in its class and TTL what else a header would (RFC 6891 §6.1.3). */
function readExtension(reader: WireReader, { class: udpSize, ttl, length }: RecordHead): Extension {
  const end = reader.at + length;
  const options: { code: number; data: Uint8Array }[] = [];
  while (reader.problem === undefined && reader.at < end) {
    const code = reader.uint16();
    const size = reader.uint16();
    if (reader.at + size > end) reader.fail("an EDNS option is longer than its record");
    options.push({ code, data: reader.take(size) });
  }
  const edns = { udpSize, version: (ttl >>> 16) & 0xff, dnssecOk: (ttl & 0x8000) !== 0, options };
  return { edns, rcode: ttl >>> 24 };
}
