import type { FieldDefinition, FieldType } from "../../../../capture/dissect/field.ts";

const all: FieldDefinition[] = [];

function field(name: string, label: string, type: FieldType, more: Partial<FieldDefinition> = {}): FieldDefinition {
  const definition = { name, label, type, ...more };
  all.push(definition);
  return definition;
}

const count = (name: string, label: string): FieldDefinition => field(name, label, "uint");
const part = (name: string, label: string): FieldDefinition => field(name, label, "none");
const bytes = (name: string, label: string): FieldDefinition => field(name, label, "bytes");
const text = (name: string, label: string): FieldDefinition => field(name, label, "string");
const choice = (name: string, label: string, values: Readonly<Record<number, string>>): FieldDefinition =>
  field(name, label, "uint", { values });

export const SIGNED = part("x509af.signedCertificate_element", "signedCertificate");
export const VERSION = choice("x509af.version", "version", { 0: "v1", 1: "v2", 2: "v3" });
export const SERIAL = bytes("x509af.serialNumber", "serialNumber");
export const SIGNATURE = part("x509af.signature_element", "signature");
export const ALGORITHM = part("x509af.algorithm_element", "algorithm");
export const ALGORITHM_ID = text("x509af.algorithm.id", "Algorithm Id");
const NAME = { 0: "rdnSequence" };
export const ISSUER = choice("x509af.issuer", "issuer", NAME);
export const SUBJECT = choice("x509af.subject", "subject", NAME);
export const ISSUER_NAMES = count("x509if.rdnSequence", "rdnSequence");
export const SUBJECT_NAMES = count("x509af.rdnSequence", "rdnSequence");
export const NAMES = count("x509if.RDNSequence_item", "RDNSequence item");
export const ATTRIBUTE = part("x509if.RelativeDistinguishedName_item_element", "RelativeDistinguishedName item");
export const ATTRIBUTE_TYPE = text("x509if.oid", "Object Id");
export const COUNTRY = text("x509sat.CountryName", "CountryName");
export const PRINTABLE_STRING = text("x509sat.PrintableString", "PrintableString");
export const IA5_STRING = text("x509sat.IA5String", "IA5String");
export const DIRECTORY_STRINGS = ["teletexString", "printableString", "universalString", "bmpString", "uTF8String"];
export const DIRECTORY_STRING = choice("x509sat.DirectoryString", "DirectoryString", { ...DIRECTORY_STRINGS });
export const STRINGS = DIRECTORY_STRINGS.map((name) => text(`x509sat.${name}`, name));
export const VALIDITY = part("x509af.validity_element", "validity");
const TIME = { 0: "utcTime", 1: "generalizedTime" };
export const NOT_BEFORE = choice("x509af.notBefore", "notBefore", TIME);
export const NOT_AFTER = choice("x509af.notAfter", "notAfter", TIME);
export const UTC_TIME = text("x509af.utcTime", "utcTime");
export const GENERALIZED_TIME = field("x509af.generalizedTime", "generalizedTime", "time");
export const KEY_INFO = part("x509af.subjectPublicKeyInfo_element", "subjectPublicKeyInfo");
export const EC_PARAMETERS = choice("pkcs1.ECParameters", "ECParameters", { 1: "namedCurve" });
export const NAMED_CURVE = text("pkcs1.namedCurve", "namedCurve");
export const PUBLIC_KEY = bytes("x509af.subjectPublicKey", "subjectPublicKey");
export const MODULUS = bytes("pkcs1.modulus", "modulus");
export const EXPONENT = field("pkcs1.publicExponent", "publicExponent", "int");
export const PADDING = field("ber.bitstring.padding", "Padding", "uint", { width: 1 });
export const EXTENSIONS = count("x509af.extensions", "extensions");
export const EXTENSION = part("x509af.Extension_element", "Extension");
export const EXTENSION_ID = text("x509af.extension.id", "Extension Id");
export const CRITICAL = field("x509af.critical", "critical", "boolean");
export const OUTER_ALGORITHM = part("x509af.algorithmIdentifier_element", "algorithmIdentifier");
export const ENCRYPTED = bytes("x509af.encrypted", "encrypted");

export const SUBJECT_KEY = bytes("x509ce.SubjectKeyIdentifier", "SubjectKeyIdentifier");
export const AUTHORITY_KEY = part("x509ce.AuthorityKeyIdentifier_element", "AuthorityKeyIdentifier");
export const KEY_IDENTIFIER = bytes("x509ce.keyIdentifier", "keyIdentifier");
export const AUTHORITY_SERIAL = bytes("x509ce.authorityCertSerialNumber", "authorityCertSerialNumber");
export const CONSTRAINTS = part("x509ce.BasicConstraintsSyntax_element", "BasicConstraintsSyntax");
export const IS_AUTHORITY = field("x509ce.cA", "cA", "boolean");
export const PATH_LENGTH = field("x509ce.pathLenConstraint", "pathLenConstraint", "uint");
export const KEY_USAGE = bytes("x509ce.KeyUsage", "KeyUsage");
export const USES = [
  ...["digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment", "keyAgreement"],
  ...["keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"],
].map((name, bit) => field(`x509ce.KeyUsage.${name}`, name, "boolean", { width: 1, mask: 0x80 >> (bit & 7) }));
export const PURPOSES = count("x509ce.KeyPurposeIDs", "KeyPurposeIDs");
export const PURPOSE = text("x509ce.KeyPurposeId", "KeyPurposeId");
export const GENERAL_NAMES = count("x509ce.GeneralNames", "GeneralNames");
export const GENERAL_NAME_KINDS = [
  ...["otherName", "rfc822Name", "dNSName", "x400Address", "directoryName", "ediPartyName"],
  ...["uniformResourceIdentifier", "iPAddress", "registeredID"],
];
export const GENERAL_NAME = choice("x509ce.GeneralName", "GeneralName", { ...GENERAL_NAME_KINDS });
export const MAIL_NAME = text("x509ce.rfc822Name", "rfc822Name");
export const DNS_NAME = text("x509ce.dNSName", "dNSName");
export const URI_NAME = text("x509ce.uniformResourceIdentifier", "uniformResourceIdentifier");
export const IPV6_NAME = field("x509ce.IPAddress.ipv6", "iPAddress", "ipv6");
export const IPV4_NAME = field("x509ce.IPAddress.ipv4", "iPAddress", "ipv4");

/** Every field that a certificate may have here. */
export const CERTIFICATE_FIELDS: readonly FieldDefinition[] = all;
