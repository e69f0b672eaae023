import { formatIp, type IpAddress } from "../../../address/ip.ts";
import { decodeLatin1 } from "../../../base/latin1.ts";
import type { TreeBuilder } from "../../../capture/dissect/dissector.ts";
import type { FieldDefinition } from "../../../capture/dissect/field.ts";
import { formatIpv6 } from "../ipv6-text.ts";
import { readName, spelledDuration } from "./cursor.ts";
import * as fields from "./fields.ts";
import { TYPES } from "./names.ts";

/** What a record's data adds to the line of its part, and to what the list shows. */
export interface DataTexts {
  readonly line: string;
  readonly info: string;
}

const NOTHING: DataTexts = { line: "", info: "" };

/** Where a record's data stands in a message. */
export interface DataPlace {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly at: number;
  readonly length: number;
}

/** Shows the data of a record. @returns undefined when the message ends in it, or it is not of its type */
export function dissectData(type: number, place: DataPlace, tree: TreeBuilder): DataTexts | undefined {
  const { bytes, view, at, length } = place;
  if (length === 0) return NOTHING;
  const named = NAMED[type];
  if (named !== undefined) return nameData(named[0], named[1], place, tree);
  switch (type) {
    case 1: {
      if (at + 4 > bytes.length) return undefined;
      const address = view.getInt32(at);
      tree.add(fields.A, at, 4, address);
      return addressTexts(formatIp(address as IpAddress));
    }
    case 28: {
      if (at + 16 > bytes.length) return undefined;
      const address = formatIpv6(bytes.subarray(at, at + 16));
      tree.add(fields.AAAA, at, 16, address);
      return addressTexts(address);
    }
    case 6:
      return soaData(place, tree);
    case 15:
      return mxData(place, tree);
    case 33:
      return srvData(place, tree);
    case 13:
      return hinfoData(place, tree);
    case 16:
      return texts(fields.TXT_LENGTH, fields.TXT, place, tree);
    case 99:
      return texts(fields.SPF_LENGTH, fields.SPF, place, tree);
    default:
      if (at + length > bytes.length) return undefined;
      if (TYPES[type] === undefined) tree.expert(fields.UNDECODED, undecoded(type));
      tree.add(type === 10 ? fields.NULL : fields.DATA, at, length, bytes.subarray(at, at + length));
      return NOTHING;
  }
}

/** Types whose data is one name, with the word for it. */
const NAMED: Readonly<Record<number, readonly [FieldDefinition, string]>> = {
  2: [fields.NS, "ns"],
  5: [fields.CNAME, "cname"],
  12: [fields.PTR, ""],
  39: [fields.DNAME, "dname"],
};

const undecoded = (type: number): string =>
  `Dissector for DNS Type (${type}) code not implemented, Contact Wireshark developers if you want this supported`;

const addressTexts = (address: string): DataTexts => ({ line: `, addr ${address}`, info: ` ${address}` });

function nameData(
  definition: FieldDefinition,
  word: string,
  { bytes, at }: DataPlace,
  tree: TreeBuilder,
): DataTexts | undefined {
  const name = readName(bytes, at);
  if (name === undefined) return undefined;
  tree.add(definition, at, name.end - at, name.text);
  return { line: `, ${word}${word === "" ? "" : " "}${name.text}`, info: ` ${name.text}` };
}

function soaData({ bytes, view, at }: DataPlace, tree: TreeBuilder): DataTexts | undefined {
  const primary = readName(bytes, at);
  if (primary === undefined) return undefined;
  tree.add(fields.SOA_PRIMARY, at, primary.end - at, primary.text);
  const mailbox = readName(bytes, primary.end);
  if (mailbox === undefined) return undefined;
  tree.add(fields.SOA_MAILBOX, primary.end, mailbox.end - primary.end, mailbox.text);
  let next = mailbox.end;
  if (next + 4 > bytes.length) return undefined;
  tree.add(fields.SOA_SERIAL, next, 4, view.getUint32(next));
  for (const definition of fields.SOA_TIMES) {
    next += 4;
    if (next + 4 > bytes.length) return undefined;
    const seconds = view.getUint32(next);
    tree.add(definition, next, 4, seconds, `${definition.label}: ${seconds} (${spelledDuration(seconds)})`);
  }
  return { line: `, mname ${primary.text}`, info: ` ${primary.text}` };
}

function mxData({ bytes, view, at }: DataPlace, tree: TreeBuilder): DataTexts | undefined {
  if (at + 2 > bytes.length) return undefined;
  const preference = view.getUint16(at);
  const exchange = readName(bytes, at + 2);
  if (exchange === undefined) return undefined;
  tree.add(fields.MX_PREFERENCE, at, 2, preference);
  tree.add(fields.MX_EXCHANGE, at + 2, exchange.end - at - 2, exchange.text);
  return {
    line: `, preference ${preference}, mx ${exchange.text}`,
    info: ` ${preference} ${exchange.text}`,
  };
}

function srvData({ bytes, view, at }: DataPlace, tree: TreeBuilder): DataTexts | undefined {
  if (at + 6 > bytes.length) return undefined;
  const [priority, weight, port] = [view.getUint16(at), view.getUint16(at + 2), view.getUint16(at + 4)];
  const target = readName(bytes, at + 6);
  if (target === undefined) return undefined;
  tree.add(fields.SRV_PRIORITY, at, 2, priority);
  tree.add(fields.SRV_WEIGHT, at + 2, 2, weight);
  tree.add(fields.SRV_PORT, at + 4, 2, port);
  tree.add(fields.SRV_TARGET, at + 6, target.end - at - 6, target.text);
  return {
    line: `, priority ${priority}, weight ${weight}, port ${port}, target ${target.text}`,
    info: ` ${priority} ${weight} ${port} ${target.text}`,
  };
}

function hinfoData(place: DataPlace, tree: TreeBuilder): DataTexts | undefined {
  const cpu = text(fields.CPU_LENGTH, fields.CPU, place, place.at, tree);
  if (cpu === undefined) return undefined;
  const os = text(fields.OS_LENGTH, fields.OS, place, cpu.end, tree);
  if (os === undefined) return undefined;
  return { line: `, CPU ${cpu.text}, OS ${os.text}`, info: ` ${cpu.text} ${os.text}` };
}

/** One text after the other, as far as the data goes (RFC 1035 §3.3.14). */
function texts(
  lengths: FieldDefinition,
  definition: FieldDefinition,
  place: DataPlace,
  tree: TreeBuilder,
): DataTexts | undefined {
  for (let at = place.at; at < place.at + place.length; ) {
    const read = text(lengths, definition, place, at, tree);
    if (read === undefined) return undefined;
    at = read.end;
  }
  return NOTHING;
}

function text(
  lengths: FieldDefinition,
  definition: FieldDefinition,
  { bytes }: DataPlace,
  at: number,
  tree: TreeBuilder,
): { text: string; end: number } | undefined {
  const length = bytes[at];
  if (length === undefined) return undefined;
  tree.add(lengths, at, 1, length);
  const end = at + 1 + length;
  if (end > bytes.length) return undefined;
  const read = decodeLatin1(bytes, at + 1, end);
  tree.add(definition, at + 1, length, read);
  return { text: read, end };
}
