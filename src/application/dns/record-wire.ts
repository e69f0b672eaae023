import { formatIp, type IpAddress, parseIp } from "../../address/ip.ts";
import { classNumber, classOf, isQuestionOnly, type RecordType, typeNumber, typeOf } from "./codes.ts";
import { formatIpv6, parseIpv6 } from "./ipv6-text.ts";
import type { Name } from "./name.ts";
import { type FieldKind, type FieldValue, fieldsOf, type OpaqueData, type ResourceRecord } from "./record.ts";
import type { WireReader } from "./wire-reader.ts";
import type { WireWriter } from "./wire-writer.ts";

/** A TTL with its highest bit set counts as 0 (RFC 2181 §8). */
const TTL_LIMIT = 2 ** 31 - 1;

/** What stands in front of a record's data. */
export interface RecordHead {
  readonly name: Name;
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  /** Of the data. */
  readonly length: number;
}

export function readRecordHead(reader: WireReader): RecordHead {
  const name = reader.name();
  const head = { name, type: reader.uint16(), class: reader.uint16(), ttl: reader.uint32(), length: reader.uint16() };
  if (head.length > reader.left) reader.fail("a record is longer than what is left");
  return head;
}

/** Reads the data behind a head; its fields have to fill it. */
export function readRecord(reader: WireReader, head: RecordHead): ResourceRecord {
  const type = typeOf(head.type);
  if (isQuestionOnly(type)) reader.fail(`a record cannot be of type ${type}`);
  const ttl = head.ttl > TTL_LIMIT ? 0 : head.ttl;
  const data = readData(reader, type as RecordType, head.length);
  return { name: head.name, type, class: classOf(head.class), ttl, data } as ResourceRecord;
}

/** Reads data of a length; also that of a master file's `\#`. */
export function readData(reader: WireReader, type: RecordType, length: number): ResourceRecord["data"] {
  const fields = fieldsOf(type);
  if (fields === undefined) return { bytes: reader.take(length) };
  const { end } = reader;
  reader.end = reader.at + length;
  const data: Record<string, FieldValue> = {};
  for (const [field, kind] of fields) data[field] = readField(reader, kind);
  if (reader.left > 0) reader.fail(`there is more in a ${type} record than belongs there`);
  if (reader.problem === undefined) reader.end = end;
  return data as unknown as ResourceRecord["data"];
}

function readField(reader: WireReader, kind: FieldKind): FieldValue {
  if (kind === "name" || kind === "plain-name") return reader.name();
  if (kind === "ipv4") return formatIp((reader.uint32() | 0) as IpAddress);
  if (kind === "ipv6") return formatIpv6(reader.take(16));
  if (kind === "uint16") return reader.uint16();
  if (kind !== "texts") return reader.uint32();
  const texts = [];
  do texts.push(reader.text());
  while (reader.left > 0); // at least one (RFC 1035 §3.3.14)
  return texts;
}

export function writeRecord(writer: WireWriter, record: ResourceRecord): void {
  writer.name(record.name);
  writer.uint16(typeNumber(record.type));
  writer.uint16(classNumber(record.class));
  writer.uint32(record.ttl);
  const lengthAt = writer.at;
  writer.uint16(0);
  writeData(writer, record);
  writer.patch16(lengthAt, writer.at - lengthAt - 2);
}

function writeData(writer: WireWriter, { type, data }: ResourceRecord): void {
  const fields = fieldsOf(type);
  if (fields === undefined) {
    writer.raw((data as OpaqueData).bytes);
    return;
  }
  const values = data as unknown as Readonly<Record<string, FieldValue>>;
  for (const [field, kind] of fields) writeField(writer, kind, values[field] as FieldValue);
}

/** @param value has been checked where it came from */
function writeField(writer: WireWriter, kind: FieldKind, value: FieldValue): void {
  if (kind === "name" || kind === "plain-name") writer.name(value as Name, kind === "name");
  else if (kind === "ipv4") writer.uint32(parseIp(value as string) as number);
  else if (kind === "ipv6") writer.raw(parseIpv6(value as string) as Uint8Array);
  else if (kind === "uint16") writer.uint16(value as number);
  else if (kind !== "texts") writer.uint32(value as number);
  else
    for (const text of value as readonly string[]) {
      writer.uint8(text.length);
      writer.characters(text);
    }
}
