import type { Expert } from "../../../capture/dissect/dissector.ts";
import type { FieldDefinition, FieldType } from "../../../capture/dissect/field.ts";
import * as codes from "./codes.ts";
import { CIPHER_SUITES } from "./suites.ts";

type More = Partial<FieldDefinition>;
const all: FieldDefinition[] = [];

function field(name: string, label: string, type: FieldType, more: More = {}): FieldDefinition {
  const definition = { name: `tls${name}`, label, type, ...more };
  all.push(definition);
  return definition;
}

const number = (name: string, label: string, width: number, more: More = {}): FieldDefinition =>
  field(name, label, "uint", { width, ...more });
const bytes = (name: string, label: string): FieldDefinition => field(name, label, "bytes");
const named = (values: Readonly<Record<number, string>>, base: "dec" | "hex" = "dec"): More => ({
  base,
  values,
  otherwise: "Unknown",
});

export const TLS = field("", "Transport Layer Security", "protocol");
export const RECORD = field(".record", "Record Layer", "none");
export const CONTENT_TYPE = number(".record.content_type", "Content Type", 1, named(codes.CONTENT_TYPES));
/** What all records of TLS 1.3 say that are ciphered. */
export const OPAQUE_TYPE = number(".record.opaque_type", "Opaque Type", 1, named(codes.CONTENT_TYPES));
export const RECORD_VERSION = number(".record.version", "Version", 2, named(codes.VERSIONS, "hex"));
export const RECORD_LENGTH = number(".record.length", "Length", 2);
export const APPLICATION_DATA = bytes(".app_data", "Encrypted Application Data");
export const APPLICATION_PROTOCOL = field(".app_data_proto", "Application Data Protocol", "string");
export const SEGMENT_DATA = bytes(".segment.data", "TLS segment data");
export const SEGMENTS = field(".segments", "Reassembled TLS segments", "none");
export const SEGMENT = field(".segment", "TLS segment", "frame");
export const SEGMENT_COUNT = number(".segment.count", "Segment count", 4);
export const REASSEMBLED_IN = field(".reassembled_in", "Reassembled PDU in frame", "frame");
export const REASSEMBLED_LENGTH = number(".reassembled.length", "Reassembled PDU length", 4);
export const REASSEMBLED_DATA = bytes(".reassembled.data", "Reassembled PDU data");
export const CHANGE_CIPHER_SPEC = field(".change_cipher_spec", "Change Cipher Spec Message", "none");
export const ALERT = field(".alert_message", "Alert Message", "none");
export const ALERT_LEVEL = number(".alert_message.level", "Level", 1, named(codes.ALERT_LEVELS));
export const ALERT_DESCRIPTION = number(".alert_message.desc", "Description", 1, named(codes.ALERTS));

export const HANDSHAKE = field(".handshake", "Handshake Protocol", "none");
export const TYPE = number(".handshake.type", "Handshake Type", 1, named(codes.HANDSHAKE_TYPES));
export const LENGTH = number(".handshake.length", "Length", 3);
export const VERSION = number(".handshake.version", "Version", 2, named(codes.VERSIONS, "hex"));
export const RANDOM = bytes(".handshake.random", "Random");
export const RANDOM_TIME = field(".handshake.random_time", "GMT Unix Time", "time");
export const RANDOM_BYTES = bytes(".handshake.random_bytes", "Random Bytes");
export const SESSION_ID_LENGTH = number(".handshake.session_id_length", "Session ID Length", 1);
export const SESSION_ID = bytes(".handshake.session_id", "Session ID");
export const SUITES_LENGTH = number(".handshake.cipher_suites_length", "Cipher Suites Length", 2);
export const SUITES = field(".handshake.ciphersuites", "Cipher Suites", "none");
export const SUITE = number(".handshake.ciphersuite", "Cipher Suite", 2, named(CIPHER_SUITES, "hex"));
export const COMPRESSIONS_LENGTH = number(".handshake.comp_methods_length", "Compression Methods Length", 1);
export const COMPRESSIONS = field(".handshake.comp_methods", "Compression Methods", "none");
export const COMPRESSION = number(".handshake.comp_method", "Compression Method", 1, named(codes.COMPRESSIONS));
export const EXTENSIONS_LENGTH = number(".handshake.extensions_length", "Extensions Length", 2);
export const JA3_FULL = field(".handshake.ja3_full", "JA3 Fullstring", "string");
export const JA3 = field(".handshake.ja3", "JA3", "string");
export const JA3S_FULL = field(".handshake.ja3s_full", "JA3S Fullstring", "string");
export const JA3S = field(".handshake.ja3s", "JA3S", "string");

export const EXTENSION_TYPE = number(".handshake.extension.type", "Type", 2, named(codes.EXTENSIONS));
export const EXTENSION_LENGTH = number(".handshake.extension.len", "Length", 2);
export const EXTENSION_DATA = bytes(".handshake.extension.data", "Data");
export const RENEGOTIATION_LENGTH = number(
  ".handshake.extensions_reneg_info_len",
  "Renegotiation info extension length",
  1,
);
export const RENEGOTIATION = bytes(".handshake.extensions_reneg_info", "Renegotiation info");
export const NAMES_LENGTH = number(".handshake.extensions_server_name_list_len", "Server Name list length", 2);
export const NAME_TYPE = number(".handshake.extensions_server_name_type", "Server Name Type", 1, {
  ...named({ 0: "host_name" }),
});
export const NAME_LENGTH = number(".handshake.extensions_server_name_len", "Server Name length", 2);
export const NAME = field(".handshake.extensions_server_name", "Server Name", "string");
export const FORMATS_LENGTH = number(".handshake.extensions_ec_point_formats_length", "EC point formats Length", 1);
export const FORMATS = field(".handshake.extensions_ec_point_formats", "EC point formats", "none");
export const FORMAT = number(".handshake.extensions_ec_point_format", "EC point format", 1, {
  ...named(codes.POINT_FORMATS),
});
export const GROUPS_LENGTH = number(".handshake.extensions_supported_groups_length", "Supported Groups List Length", 2);
export const GROUPS = field(".handshake.extensions_supported_groups", "Supported Groups List", "none");
export const GROUP = number(".handshake.extensions_supported_group", "Supported Group", 2, {
  ...named(codes.GROUPS, "hex"),
});
export const ALPN_LENGTH = number(".handshake.extensions_alpn_len", "ALPN Extension Length", 2);
export const ALPN_LIST = field(".handshake.extensions_alpn_list", "ALPN Protocol", "none");
export const ALPN_NAME_LENGTH = number(".handshake.extensions_alpn_str_len", "ALPN string length", 1);
export const ALPN_NAME = field(".handshake.extensions_alpn_str", "ALPN Next Protocol", "string");
export const ALGORITHMS_LENGTH = number(".handshake.sig_hash_alg_len", "Signature Hash Algorithms Length", 2);
export const ALGORITHMS = field(".handshake.sig_hash_algs", "Signature Algorithms", "none");
export const ALGORITHM = number(".handshake.sig_hash_alg", "Signature Algorithm", 2, { base: "hex" });
export const ALGORITHM_HASH = number(".handshake.sig_hash_hash", "Signature Hash Algorithm Hash", 1, {
  ...named(codes.HASHES),
});
export const ALGORITHM_SIGNATURE = number(".handshake.sig_hash_sig", "Signature Hash Algorithm Signature", 1, {
  ...named(codes.SIGNATURES),
});
export const VERSIONS_LENGTH = number(".handshake.extensions.supported_versions_len", "Supported Versions length", 1);
export const SUPPORTED_VERSION = number(".handshake.extensions.supported_version", "Supported Version", 2, {
  ...named(codes.VERSIONS, "hex"),
});
export const PSK_MODES_LENGTH = number(".extension.psk_ke_modes_length", "PSK Key Exchange Modes Length", 1);
export const PSK_MODE = number(".extension.psk_ke_mode", "PSK Key Exchange Mode", 1, named(codes.PSK_MODES));
export const SHARES_LENGTH = number(".handshake.extensions_key_share_client_length", "Client Key Share Length", 2);
export const SHARE_GROUP = number(".handshake.extensions_key_share_group", "Group", 2, named(codes.GROUPS));
export const SELECTED_GROUP = number(".handshake.extensions_key_share_selected_group", "Selected Group", 2, {
  ...named(codes.GROUPS),
});
export const SHARE_LENGTH = number(".handshake.extensions_key_share_key_exchange_length", "Key Exchange Length", 2);
export const SHARE = bytes(".handshake.extensions_key_share_key_exchange", "Key Exchange");
export const IDENTITIES_LENGTH = number(".handshake.extensions.psk.identities.length", "Identities Length", 2);
export const IDENTITY_LENGTH = number(".handshake.extensions.psk.identity.identity_length", "Identity Length", 2);
export const IDENTITY = bytes(".handshake.extensions.psk.identity.identity", "Identity");
export const TICKET_AGE = number(
  ".handshake.extensions.psk.identity.obfuscated_ticket_age",
  "Obfuscated Ticket Age",
  4,
);
export const BINDERS_LENGTH = number(".handshake.extensions.psk.binders_len", "PSK Binders length", 2);
export const BINDERS = field(".handshake.extensions.psk.binders", "PSK Binders", "none");
export const SELECTED_IDENTITY = number(".handshake.extensions.psk.identity.selected", "Selected Identity", 2);
export const PADDING = bytes(".handshake.extensions_padding_data", "Padding Data");

export const CERTIFICATES_LENGTH = number(".handshake.certificates_length", "Certificates Length", 3);
export const CERTIFICATES = field(".handshake.certificates", "Certificates", "none");
export const CERTIFICATE_LENGTH = number(".handshake.certificate_length", "Certificate Length", 3);
export const CERTIFICATE = bytes(".handshake.certificate", "Certificate");
export const CURVE_TYPE = number(".handshake.server_curve_type", "Curve Type", 1, {
  ...named(codes.CURVE_TYPES, "hex"),
});
export const NAMED_CURVE = number(".handshake.server_named_curve", "Named Curve", 2, {
  ...named(codes.GROUPS, "hex"),
});
export const SERVER_POINT_LENGTH = number(".handshake.server_point_len", "Pubkey Length", 1);
export const SERVER_POINT = bytes(".handshake.server_point", "Pubkey");
export const CLIENT_POINT_LENGTH = number(".handshake.client_point_len", "Pubkey Length", 1);
export const CLIENT_POINT = bytes(".handshake.client_point", "Pubkey");
export const SIGNATURE_LENGTH = number(".handshake.sig_len", "Signature Length", 2);
export const SIGNATURE = bytes(".handshake.sig", "Signature");
export const VERIFY_SIGNATURE_LENGTH = number(".handshake.client_cert_vrfy.sig_len", "Signature length", 2);
export const VERIFY_SIGNATURE = bytes(".handshake.client_cert_vrfy.sig", "Signature");
export const TICKET_LIFETIME = number(".handshake.session_ticket_lifetime_hint", "Session Ticket Lifetime Hint", 4);
export const TICKET_AGE_ADD = number(".handshake.session_ticket_age_add", "Session Ticket Age Add", 4);
export const NONCE_LENGTH = number(".handshake.session_ticket_nonce_length", "Session Ticket Nonce Length", 1);
export const NONCE = bytes(".handshake.session_ticket_nonce", "Session Ticket Nonce");
export const REQUEST_CONTEXT_LENGTH = number(
  ".handshake.certificate_request_context_length",
  "Certificate Request Context Length",
  1,
);
export const REQUEST_CONTEXT = bytes(".handshake.certificate_request_context", "Certificate Request Context");
export const VERIFY_DATA = field(".handshake.verify_data", "Verify Data", "none");
export const KEY_UPDATE = number(".handshake.key_update.request_update", "Key Update Request", 1, {
  ...named({ 0: "update_not_requested", 1: "update_requested" }),
});
export const TICKET_LENGTH = number(".handshake.session_ticket_length", "Session Ticket Length", 2);
export const TICKET = bytes(".handshake.session_ticket", "Session Ticket");

export const RESUMED: Expert = {
  definition: field(".resumed", "This session reuses previously negotiated keys (Session resumption)", "none"),
  severity: "Note",
  group: "Sequence",
  message: "This session reuses previously negotiated keys (Session resumption)",
};

/** Every field that TLS may have here. */
export const TLS_FIELDS: readonly FieldDefinition[] = all;
