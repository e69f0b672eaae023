import type { IpAddress } from "../../../../address/ip.ts";
import { text as line } from "../../../../capture/dissect/dissector.ts";
import { hexOf } from "../../../../capture/dissect/field-text.ts";
import { formatIpv6 } from "../../../dns/ipv6-text.ts";
import { type Element, elementAt, oidOf, TAG } from "./der.ts";
import * as fields from "./fields.ts";
import { oidName } from "./oids.ts";
import type { CertificateReader } from "./reader.ts";

const PART = line("");
/** Tags of the context class (X.690 §8.14). */
const [KEY_IDENTIFIER, AUTHORITY_SERIAL] = [0x80, 0x82];
const [MAIL, DNS, URI, ADDRESS] = [0x81, 0x82, 0x86, 0x87];

type Read = (reader: CertificateReader, value: Element) => void;

/** Shows the extensions of a certificate (RFC 5280 §4.2). */
export function dissectExtensions(reader: CertificateReader, sequence: Element): void {
  const extensions = reader.in(sequence);
  reader.openCount(fields.EXTENSIONS, sequence, extensions.length);
  for (const extension of extensions) {
    const parts = reader.in(extension);
    const type = parts.find(({ tag }) => tag === TAG.oid);
    const critical = parts.find(({ tag }) => tag === TAG.boolean);
    const holder = parts.find(({ tag }) => tag === TAG.octetString);
    if (type === undefined) continue;
    const oid = oidOf(reader.bytes, type);
    reader.open(fields.EXTENSION, extension, undefined, `${fields.EXTENSION.label} (${oidName(oid)})`);
    reader.addOid(fields.EXTENSION_ID, type);
    if (critical !== undefined) reader.add(fields.CRITICAL, critical, reader.bytes[critical.content] !== 0);
    if (holder !== undefined) dissectValue(reader, oid, holder);
    reader.close();
  }
  reader.close();
}

function dissectValue(reader: CertificateReader, oid: string, holder: Element): void {
  if (oid.startsWith("2.5.29.")) reader.tree.naming("x509ce", undefined);
  const value = elementAt(reader.bytes, holder.content, holder.end);
  const read = READERS[oid];
  if (value !== undefined && read !== undefined) read(reader, value);
  else reader.add(PART, holder, undefined, `Value: ${hexOf(reader.contentOf(holder))}`);
}

/** RFC 5280 §4.2.1.1 */
const authorityKey: Read = (reader, value) => {
  reader.open(fields.AUTHORITY_KEY, value);
  for (const each of reader.in(value)) {
    if (each.tag === KEY_IDENTIFIER) reader.addBytes(fields.KEY_IDENTIFIER, each);
    else if (each.tag === AUTHORITY_SERIAL) reader.addInteger(fields.AUTHORITY_SERIAL, each);
  }
  reader.close();
};

/** RFC 5280 §4.2.1.3 */
const keyUsage: Read = (reader, value) => {
  const octets = value.end - value.content - 1;
  if (value.tag !== TAG.bitString || octets < 1) return;
  reader.tree.add(fields.PADDING, value.content, 1, reader.bytes[value.content]);
  const at = value.content + 1;
  reader.tree.open(fields.KEY_USAGE, at, octets, reader.bytes.subarray(at, value.end));
  for (const [bit, use] of fields.USES.entries()) {
    const octet = bit < 8 || octets < 2 ? 0 : 1;
    const isThere = bit < 8 * octets;
    const bits = isThere ? (reader.bytes[at + octet] as number) : 0;
    reader.tree.add(use, at + octet, 1, (bits & (0x80 >> (bit & 7))) !== 0);
  }
  reader.close();
};

/** RFC 5280 §4.2.1.6 */
const names: Read = (reader, value) => {
  const all = reader.in(value);
  reader.openCount(fields.GENERAL_NAMES, value, all.length);
  for (const name of all) {
    const length = name.end - name.content;
    reader.tree.open(fields.GENERAL_NAME, name.content, length, name.tag & 0x1f);
    if (name.tag === MAIL) reader.addText(fields.MAIL_NAME, name);
    else if (name.tag === DNS) reader.addText(fields.DNS_NAME, name);
    else if (name.tag === URI) reader.addText(fields.URI_NAME, name);
    else if (name.tag === ADDRESS) address(reader, name);
    reader.close();
  }
  reader.close();
};

function address(reader: CertificateReader, name: Element): void {
  const bytes = reader.contentOf(name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length === 4) reader.add(fields.IPV4_NAME, name, view.getInt32(0) as IpAddress);
  else if (bytes.length === 16) reader.add(fields.IPV6_NAME, name, formatIpv6(bytes));
}

/** RFC 5280 §4.2.1.9 */
const constraints: Read = (reader, value) => {
  const parts = reader.in(value);
  const { label } = fields.CONSTRAINTS;
  reader.open(fields.CONSTRAINTS, value, undefined, parts.length === 0 ? `${label} [0 length]` : label);
  for (const each of parts) {
    if (each.tag === TAG.boolean) reader.add(fields.IS_AUTHORITY, each, reader.bytes[each.content] !== 0);
    else if (each.tag === TAG.integer) reader.addNumber(fields.PATH_LENGTH, each);
  }
  reader.close();
};

/** RFC 5280 §4.2.1.12 */
const purposes: Read = (reader, value) => {
  const all = reader.in(value);
  reader.openCount(fields.PURPOSES, value, all.length);
  for (const each of all) reader.addOid(fields.PURPOSE, each);
  reader.close();
};

const READERS: Readonly<Record<string, Read>> = {
  "2.5.29.14": (reader, value) => reader.addBytes(fields.SUBJECT_KEY, value),
  "2.5.29.15": keyUsage,
  "2.5.29.17": names,
  "2.5.29.18": names,
  "2.5.29.19": constraints,
  "2.5.29.35": authorityKey,
  "2.5.29.37": purposes,
};
