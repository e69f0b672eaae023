import type { TreeBuilder } from "../../../../capture/dissect/dissector.ts";
import type { FieldDefinition } from "../../../../capture/dissect/field.ts";
import { type Element, elementAt, oidOf, TAG } from "./der.ts";
import { dissectExtensions } from "./extensions.ts";
import * as fields from "./fields.ts";
import { dissectName } from "./names.ts";
import { oidName } from "./oids.ts";
import { CertificateReader } from "./reader.ts";

/** Tags of the context class: the version, and the extensions. */
const [VERSION, EXTENSIONS] = [0xa0, 0xa3];
const [RSA, EC] = ["1.2.840.113549.1.1.1", "1.2.840.10045.2.1"];

/**
 * Shows a certificate (RFC 5280 §4.1) in the open part: as much of it as is DER. Of its extensions it looks into those that
 * name keys, uses and hosts.
 * @returns the name that it is for; `""` where there is none
 */
export function dissectCertificate(bytes: Uint8Array, start: number, end: number, tree: TreeBuilder): string {
  const reader = new CertificateReader(bytes, tree);
  const certificate = elementAt(bytes, start, end);
  if (certificate?.tag !== TAG.sequence) return "";
  const [signed, algorithm, signature] = reader.in(certificate);
  if (signed?.tag !== TAG.sequence) return "";
  const subject = dissectSigned(reader, signed);
  if (algorithm === undefined) return subject;
  dissectAlgorithm(reader, fields.OUTER_ALGORITHM, algorithm);
  if (signature !== undefined) dissectBits(reader, fields.ENCRYPTED, signature);
  return subject;
}

function dissectSigned(reader: CertificateReader, signed: Element): string {
  const parts = reader.in(signed);
  reader.open(fields.SIGNED, signed);
  if (parts[0]?.tag === VERSION) {
    const [version] = reader.in(parts.shift() as Element);
    if (version !== undefined) reader.addNumber(fields.VERSION, version);
  }
  const [serial, algorithm, issuer, validity, subject, key, ...more] = parts;
  let name = "";
  if (serial !== undefined) reader.addInteger(fields.SERIAL, serial);
  if (algorithm !== undefined) dissectAlgorithm(reader, fields.SIGNATURE, algorithm);
  if (issuer !== undefined) dissectName(reader, fields.ISSUER, fields.ISSUER_NAMES, issuer);
  if (validity !== undefined) dissectValidity(reader, validity);
  if (subject !== undefined) name = dissectName(reader, fields.SUBJECT, fields.SUBJECT_NAMES, subject);
  if (key !== undefined) dissectKey(reader, key);
  const extensions = more.find(({ tag }) => tag === EXTENSIONS);
  const [sequence] = extensions === undefined ? [] : reader.in(extensions);
  if (sequence !== undefined) dissectExtensions(reader, sequence);
  reader.close();
  return name;
}

/** RFC 5280 §4.1.1.2 @returns its object identifier */
function dissectAlgorithm(reader: CertificateReader, definition: FieldDefinition, algorithm: Element): string {
  const [id, parameters] = reader.in(algorithm);
  const oid = id?.tag === TAG.oid ? oidOf(reader.bytes, id) : "";
  reader.open(definition, algorithm, undefined, `${definition.label} (${oidName(oid)})`);
  if (id !== undefined) reader.addOid(fields.ALGORITHM_ID, id);
  if (oid === EC && parameters?.tag === TAG.oid) {
    reader.tree.naming("pkcs-1", undefined);
    reader.open(fields.EC_PARAMETERS, parameters, 1);
    reader.addOid(fields.NAMED_CURVE, parameters);
    reader.close();
  }
  reader.close();
  return oid;
}

/** RFC 5280 §4.1.2.5 */
function dissectValidity(reader: CertificateReader, validity: Element): void {
  const times = reader.in(validity);
  reader.open(fields.VALIDITY, validity);
  for (const [index, definition] of [fields.NOT_BEFORE, fields.NOT_AFTER].entries()) {
    const time = times[index];
    if (time === undefined) continue;
    const isGeneralized = time.tag === TAG.generalizedTime;
    const text = timeText(reader.textOf(time));
    reader.open(definition, time, isGeneralized ? 1 : 0);
    if (isGeneralized) reader.add(fields.GENERALIZED_TIME, time, timeOf(text));
    else reader.add(fields.UTC_TIME, time, text);
    reader.close();
  }
  reader.close();
}

/** `"2049-12-31 23:59:59 (UTC)"` of `"491231235959Z"`, whose first half of a century is the next one. */
function timeText(time: string): string {
  const match = /^(\d{2})?(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(time);
  if (match === null) return time;
  const [, century, year = "", month, day, hour, minute, second] = match;
  const whole = (century ?? (Number(year) < 50 ? "20" : "19")) + year;
  return `${whole}-${month}-${day} ${hour}:${minute}:${second} (UTC)`;
}

/** Nanoseconds since 1970, or nothing for what is no time. */
function timeOf(text: string): bigint | undefined {
  const milliseconds = Date.parse(text.replace(" (UTC)", "Z").replace(" ", "T"));
  return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1_000_000n;
}

/** RFC 5280 §4.1.2.7; of RSA's keys what they are made of (RFC 8017 §A.1.1). */
function dissectKey(reader: CertificateReader, info: Element): void {
  const [algorithm, key] = reader.in(info);
  reader.open(fields.KEY_INFO, info);
  const oid = algorithm === undefined ? "" : dissectAlgorithm(reader, fields.ALGORITHM, algorithm);
  if (key !== undefined && oid !== RSA) dissectBits(reader, fields.PUBLIC_KEY, key);
  else if (key !== undefined) {
    const at = key.content + 1;
    const sequence = elementAt(reader.bytes, at, key.end);
    reader.tree.open(fields.PUBLIC_KEY, at, Math.max(0, key.end - at), reader.bytes.subarray(at, key.end));
    const [modulus, exponent] = sequence === undefined ? [] : reader.in(sequence);
    if (modulus !== undefined) reader.addInteger(fields.MODULUS, modulus);
    if (exponent !== undefined) reader.addNumber(fields.EXPONENT, exponent);
    reader.close();
  }
  reader.close();
}

/** Bits with the octet in front that counts those that are none. */
function dissectBits(reader: CertificateReader, definition: FieldDefinition, { tag, content, end }: Element): void {
  if (tag !== TAG.bitString || end - content < 1) return;
  reader.tree.add(fields.PADDING, content, 1, reader.bytes[content]);
  reader.tree.add(definition, content + 1, end - content - 1, reader.bytes.subarray(content + 1, end));
}
