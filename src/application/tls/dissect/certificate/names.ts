import type { FieldDefinition } from "../../../../capture/dissect/field.ts";
import { type Element, oidOf, TAG } from "./der.ts";
import * as fields from "./fields.ts";
import { oidName } from "./oids.ts";
import type { CertificateReader } from "./reader.ts";

const [COUNTRY, SERIAL_NUMBER] = ["2.5.4.6", "2.5.4.5"];
/** Attributes that are ASCII: parts of domains, and mail addresses. */
const ASCII = ["0.9.2342.19200300.100.1.25", "1.2.840.113549.1.9.1"];

/** Which of the choices of a DirectoryString a tag is (RFC 5280 §4.1.2.4). */
const STRINGS: readonly number[] = [
  ...[TAG.teletexString, TAG.printableString, TAG.universalString, TAG.bmpString, TAG.utf8String],
];

/**
 * Shows a distinguished name (RFC 5280 §4.1.2.4).
 * @param names what counts its parts
 * @returns `"id-at-commonName=example.test,id-at-countryName=CH"`, its last part first
 */
export function dissectName(
  reader: CertificateReader,
  choice: FieldDefinition,
  names: FieldDefinition,
  element: Element,
): string {
  const sets = reader.in(element);
  const whole = sets
    .map((set) => nameOf(reader, set))
    .toReversed()
    .join(",");
  reader.open(choice, element, 0);
  reader.openCount(names, element, sets.length, ` (${whole})`);
  for (const set of sets) {
    const attributes = reader.in(set);
    reader.openCount(fields.NAMES, set, attributes.length, ` (${nameOf(reader, set)})`);
    for (const attribute of attributes) dissectAttribute(reader, attribute);
    reader.close();
  }
  reader.close();
  reader.close();
  return whole;
}

const nameOf = (reader: CertificateReader, set: Element): string =>
  reader
    .in(set)
    .map((attribute) => attributeName(reader, attribute))
    .join(",");

function attributeName(reader: CertificateReader, attribute: Element): string {
  const [type, value] = reader.in(attribute);
  return type === undefined || value === undefined
    ? ""
    : `${oidName(oidOf(reader.bytes, type))}=${stringOf(reader, value)}`;
}

function dissectAttribute(reader: CertificateReader, attribute: Element): void {
  const [type, value] = reader.in(attribute);
  reader.open(
    fields.ATTRIBUTE,
    attribute,
    undefined,
    `${fields.ATTRIBUTE.label} (${attributeName(reader, attribute)})`,
  );
  if (type !== undefined && value !== undefined) {
    const oid = reader.addOid(fields.ATTRIBUTE_TYPE, type);
    const choice = STRINGS.indexOf(value.tag);
    if (oid.startsWith("2.5.4.") || ASCII.includes(oid)) reader.tree.naming("x509sat", undefined);
    if (oid === COUNTRY) reader.addText(fields.COUNTRY, value);
    else if (ASCII.includes(oid)) reader.addText(fields.IA5_STRING, value);
    else if (oid === SERIAL_NUMBER) reader.addText(fields.PRINTABLE_STRING, value);
    else if (choice >= 0) {
      reader.open(fields.DIRECTORY_STRING, value, choice);
      reader.add(fields.STRINGS[choice] as FieldDefinition, value, stringOf(reader, value));
      reader.close();
    }
  }
  reader.close();
}

function stringOf(reader: CertificateReader, value: Element): string {
  if (value.tag === TAG.utf8String) return new TextDecoder().decode(reader.contentOf(value));
  if (value.tag !== TAG.bmpString) return reader.textOf(value);
  const bytes = reader.contentOf(value);
  let text = "";
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    text += String.fromCharCode(((bytes[at] as number) << 8) | (bytes[at + 1] as number));
  }
  return text;
}
