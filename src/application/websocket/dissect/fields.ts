import type { Expert } from "../../../capture/dissect/dissector.ts";
import type { FieldDefinition, FieldType } from "../../../capture/dissect/field.ts";

const all: FieldDefinition[] = [];

function field(name: string, label: string, type: FieldType, more: Partial<FieldDefinition> = {}): FieldDefinition {
  const definition = { name: `websocket${name}`, label, type, ...more };
  all.push(definition);
  return definition;
}

/** RFC 6455 §5.2, as Wireshark words it. */
export const OPCODES: Readonly<Record<number, string>> = {
  0: "Continuation",
  1: "Text",
  2: "Binary",
  8: "Connection Close",
  9: "Ping",
  10: "Pong",
};

/** RFC 6455 §7.4.1 */
const CLOSE_CODES: Readonly<Record<number, string>> = {
  1000: "Normal Closure",
  1001: "Going Away",
  1002: "Protocol error",
  1003: "Unsupported Data",
  1004: "---Reserved----",
  1005: "No Status Rcvd",
  1006: "Abnormal Closure",
  1007: "Invalid frame payload data",
  1008: "Policy Violation",
  1009: "Message Too Big",
  1010: "Mandatory Ext.",
  1011: "Internal Server",
  1015: "TLS handshake",
};

export const WEBSOCKET = field("", "WebSocket", "protocol");
export const FIN = field(".fin", "Fin", "boolean", { width: 1, mask: 0x80 });
export const RESERVED = field(".rsv", "Reserved", "uint", { width: 1, mask: 0x70, base: "hex" });
export const OPCODE = field(".opcode", "Opcode", "uint", {
  width: 1,
  mask: 0xf,
  values: OPCODES,
  otherwise: "Unknown",
});
export const MASK = field(".mask", "Mask", "boolean", { width: 1, mask: 0x80 });
export const LENGTH = field(".payload_length", "Payload length", "uint", { width: 1, mask: 0x7f });
export const LENGTH_16 = field(".payload_length_ext_16", "Extended Payload length (16 bits)", "uint", { width: 2 });
export const LENGTH_64 = field(".payload_length_ext_64", "Extended Payload length (64 bits)", "uint64", { width: 8 });
export const MASKING_KEY = field(".masking_key", "Masking-Key", "bytes");
export const MASKED_PAYLOAD = field(".masked_payload", "Masked payload", "none");
export const PAYLOAD = field(".payload", "Payload", "none");
export const TEXT = field(".payload.text", "Text", "string");
export const PING = field(".payload.ping", "Ping", "bytes");
export const PONG = field(".payload.pong", "Pong", "bytes");
export const UNKNOWN = field(".payload.unknown", "Unknown", "bytes");
export const CLOSE = field(".payload.close", "Close", "none");
export const CLOSE_CODE = field(".payload.close.status_code", "Status code", "uint", {
  width: 2,
  values: CLOSE_CODES,
  otherwise: "Unknown",
});
export const CLOSE_REASON = field(".payload.close.reason", "Reason", "string");
export const FRAGMENTS = field(".fragments", "Reassembled websocket Fragments", "none");
export const FRAGMENT = field(".fragment", "Websocket Fragment", "frame");
export const FRAGMENT_COUNT = field(".fragment.count", "Fragment count", "uint", { width: 4 });
export const WHOLE_LENGTH = field(".reassembled.length", "Reassembled websocket Payload length", "uint", { width: 4 });

export const UNDECODED: Expert = {
  definition: field(".payload.unknown.expert", "Dissector for Websocket Opcode", "none"),
  severity: "Note",
  group: "Undecoded",
  message: "Dissector for Websocket Opcode",
};

export const WEBSOCKET_FIELDS: readonly FieldDefinition[] = all;
