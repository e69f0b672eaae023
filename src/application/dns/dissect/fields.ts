import type { Expert } from "../../../capture/dissect/dissector.ts";
import type { FieldDefinition, FieldType } from "../../../capture/dissect/field.ts";
import { CLASSES, ERRORS, OPCODES, OPTIONS, RCODES, TYPES } from "./names.ts";

type More = Omit<FieldDefinition, "name" | "label" | "type">;

const all: FieldDefinition[] = [];

function field(name: string, label: string, type: FieldType, more: More = {}): FieldDefinition {
  const definition = { name, label, type, ...more };
  all.push(definition);
  return definition;
}

const number = (name: string, label: string, width: number, more: More = {}): FieldDefinition =>
  field(name, label, "uint", { width, ...more });
const flag = (name: string, label: string, mask: number, no: string, yes: string): FieldDefinition =>
  field(`dns.flags.${name}`, label, "boolean", { width: 2, mask, truth: [yes, no] });
const domain = (name: string, label: string): FieldDefinition => field(name, label, "string");
const bytes = (name: string, label: string): FieldDefinition => field(name, label, "bytes");

const types = { values: TYPES, otherwise: "Unknown" };
const classes = { base: "hex", values: CLASSES, otherwise: "Unknown" } as const;

export const DNS = field("dns", "Domain Name System", "protocol");
export const LENGTH = number("dns.length", "Length", 2);
export const ID = number("dns.id", "Transaction ID", 2, { base: "hex" });
export const FLAGS = number("dns.flags", "Flags", 2, { base: "hex" });

/** The bits of a head (RFC 1035 §4.1.1, RFC 4035 §3.1.6) in order, with who has them. */
export const FLAG_BITS = {
  response: flag("response", "Response", 0x8000, "Message is a query", "Message is a response"),
  opcode: number("dns.flags.opcode", "Opcode", 2, { mask: 0x7800, values: OPCODES, otherwise: "Unknown" }),
  authoritative: flag(
    "authoritative",
    "Authoritative",
    0x400,
    "Server is not an authority for domain",
    "Server is an authority for domain",
  ),
  truncated: flag("truncated", "Truncated", 0x200, "Message is not truncated", "Message is truncated"),
  recursionDesired: flag(
    "recdesired",
    "Recursion desired",
    0x100,
    "Don't do query recursively",
    "Do query recursively",
  ),
  recursionAvailable: flag(
    "recavail",
    "Recursion available",
    0x80,
    "Server can't do recursive queries",
    "Server can do recursive queries",
  ),
  reserved: flag("z", "Z", 0x40, "reserved (0)", "reserved - incorrect!"),
  authenticData: flag(
    "authenticated",
    "Answer authenticated",
    0x20,
    "Answer/authority portion was not authenticated by the server",
    "Answer/authority portion was authenticated by the server",
  ),
  /** The same bit in a query (RFC 6840 §5.7). */
  authenticDataAsked: {
    name: "dns.flags.authenticated",
    label: "AD bit",
    type: "boolean",
    width: 2,
    mask: 0x20,
    truth: ["Set", "Not set"],
  } as FieldDefinition,
  checkingDisabled: flag("checkdisable", "Non-authenticated data", 0x10, "Unacceptable", "Acceptable"),
  rcode: number("dns.flags.rcode", "Reply code", 2, { mask: 0xf, values: RCODES, otherwise: "Unknown" }),
} as const;

/** The four counts of a head: as they are called in messages, and in updates (RFC 2136 §2.2). */
export const COUNTS = [
  number("dns.count.queries", "Questions", 2),
  number("dns.count.answers", "Answer RRs", 2),
  number("dns.count.auth_rr", "Authority RRs", 2),
  number("dns.count.add_rr", "Additional RRs", 2),
] as const;
export const UPDATE_COUNTS = [
  number("dns.count.zones", "Zones", 2),
  number("dns.count.prerequisites", "Prerequisites", 2),
  number("dns.count.updates", "Updates", 2),
  COUNTS[3],
] as const;

export const QUERY_NAME = domain("dns.qry.name", "Name");
export const QUERY_NAME_LENGTH = number("dns.qry.name.len", "Name Length", 2);
export const LABEL_COUNT = number("dns.count.labels", "Label Count", 2);
export const QUERY_TYPE = number("dns.qry.type", "Type", 2, types);
export const QUERY_CLASS = number("dns.qry.class", "Class", 2, classes);

export const RECORD_NAME = domain("dns.resp.name", "Name");
export const RECORD_TYPE = number("dns.resp.type", "Type", 2, types);
export const RECORD_CLASS = number("dns.resp.class", "Class", 2, classes);
export const TTL = number("dns.resp.ttl", "Time to live", 4);
export const DATA_LENGTH = number("dns.resp.len", "Data length", 2);

export const A = field("dns.a", "Address", "ipv4");
export const AAAA = field("dns.aaaa", "AAAA Address", "ipv6");
export const NS = domain("dns.ns", "Name Server");
export const CNAME = domain("dns.cname", "CNAME");
export const DNAME = domain("dns.dname", "Dname");
export const PTR = domain("dns.ptr.domain_name", "Domain Name");
export const MX_PREFERENCE = number("dns.mx.preference", "Preference", 2);
export const MX_EXCHANGE = domain("dns.mx.mail_exchange", "Mail Exchange");
export const SOA_PRIMARY = domain("dns.soa.mname", "Primary name server");
export const SOA_MAILBOX = domain("dns.soa.rname", "Responsible authority's mailbox");
export const SOA_SERIAL = number("dns.soa.serial_number", "Serial Number", 4);
export const SOA_TIMES = [
  number("dns.soa.refresh_interval", "Refresh Interval", 4),
  number("dns.soa.retry_interval", "Retry Interval", 4),
  number("dns.soa.expire_limit", "Expire limit", 4),
  number("dns.soa.minimum_ttl", "Minimum TTL", 4),
] as const;
export const SRV_SERVICE = domain("dns.srv.service", "Service");
export const SRV_PROTOCOL = domain("dns.srv.proto", "Protocol");
export const SRV_NAME = domain("dns.srv.name", "Name");
export const SRV_PRIORITY = number("dns.srv.priority", "Priority", 2);
export const SRV_WEIGHT = number("dns.srv.weight", "Weight", 2);
export const SRV_PORT = number("dns.srv.port", "Port", 2);
export const SRV_TARGET = domain("dns.srv.target", "Target");
export const TXT_LENGTH = number("dns.txt.length", "TXT Length", 1);
export const TXT = field("dns.txt", "TXT", "string");
export const SPF_LENGTH = number("dns.spf.length", "SPF Length", 1);
export const SPF = field("dns.spf", "SPF", "string");
export const CPU_LENGTH = number("dns.hinfo.cpu_length", "CPU Length", 1);
export const CPU = field("dns.hinfo.cpu", "CPU", "string");
export const OS_LENGTH = number("dns.hinfo.os_length", "OS Length", 1);
export const OS = field("dns.hinfo.os", "OS", "string");
export const NULL = bytes("dns.null", "Null (data)");
export const DATA = bytes("dns.data", "Data");

export const UDP_SIZE = number("dns.rr.udp_payload_size", "UDP payload size", 2);
export const UPPER_RCODE = number("dns.resp.ext_rcode", "Higher bits in extended RCODE", 1, { base: "hex" });
export const EDNS_VERSION = number("dns.resp.edns0_version", "EDNS0 version", 1);
export const Z = number("dns.resp.z", "Z", 2, { base: "hex" });
export const DNSSEC_OK = field("dns.resp.z.do", "DO bit", "boolean", {
  width: 2,
  mask: 0x8000,
  truth: ["Accepts DNSSEC security RRs", "Cannot handle DNSSEC security RRs"],
});
export const Z_RESERVED = number("dns.resp.z.reserved", "Reserved", 2, { mask: 0x7fff, base: "hex" });
export const OPTION = field("dns.opt", "Option", "none");
export const OPTION_CODE = number("dns.opt.code", "Option Code", 2, { values: OPTIONS, otherwise: "Unknown" });
export const OPTION_LENGTH = number("dns.opt.len", "Option Length", 2);
export const OPTION_DATA = bytes("dns.opt.data", "Option Data");
export const CLIENT_FAMILY = number("dns.opt.client.family", "Family", 2, {
  values: { 1: "IPv4", 2: "IPv6" },
  otherwise: "Unknown",
});
export const CLIENT_MASK = number("dns.opt.client.netmask", "Source Netmask", 1);
export const CLIENT_SCOPE = number("dns.opt.client.scope", "Scope Netmask", 1);
export const CLIENT_IPV4 = field("dns.opt.client.addr4", "Client Subnet", "ipv4");
export const CLIENT_IPV6 = field("dns.opt.client.addr6", "Client Subnet", "ipv6");
export const CLIENT_ADDRESS = bytes("dns.opt.client.addr", "Client Subnet");
export const CLIENT_COOKIE = bytes("dns.opt.cookie.client", "Client Cookie");
export const SERVER_COOKIE = bytes("dns.opt.cookie.server", "Server Cookie");
export const KEEPALIVE = number("dns.opt.edns_tcp_keepalive.timeout", "Timeout", 2);
export const PADDING = bytes("dns.opt.padding", "Padding");

export const ERROR_CODE = number("dns.opt.ext_error.info_code", "Info Code", 2, {
  values: ERRORS,
  otherwise: "Unassigned",
});
export const ERROR_TEXT = field("dns.opt.ext_error.extra_text", "Extra Text", "string");

export const EXTRANEOUS_DATA = bytes("dns.extraneous.data", "Extraneous Data Bytes");
export const EXTRANEOUS_LENGTH = field("dns.extraneous.length", "Extraneous Data Length", "int", { width: 4 });

export const RESPONSE_IN = field("dns.response_in", "Response In", "frame");
export const REQUEST_IN = field("dns.response_to", "Request In", "frame");
export const TIME = field("dns.time", "Time", "duration");
export const REQUEST_AGAIN = field("dns.retransmit_request_in", "Retransmitted request. Original request in", "frame");
export const RESPONSE_AGAIN = field(
  "dns.retransmit_response_in",
  "Retransmitted response. Original response in",
  "frame",
);
export const RETRANSMISSION = field("dns.retransmission", "Retransmission", "boolean");
export const UNSOLICITED = field("dns.unsolicited", "Unsolicited", "boolean");

const expert = (name: string, message: string, severity: Expert["severity"], group: Expert["group"]): Expert => ({
  definition: field(name, message, "none"),
  severity,
  group,
  message,
});

export const TTL_HIGH_BIT = expert(
  "dns.ttl.high_bit_set",
  "The uppermost bit of the TTL is set (RFC 2181, section 8)",
  "Warning",
  "Protocol",
);
export const UNDECODED = expert("dns.undecoded.type", "Undecoded option", "Note", "Undecoded");
export const EXTRANEOUS = expert("dns.extraneous", "Extraneous data", "Note", "Undecoded");
export const QUERY_SENT_AGAIN = expert("dns.retransmit_request", "DNS query retransmission", "Warning", "Protocol");
export const RESPONSE_SENT_AGAIN = expert(
  "dns.retransmit_response",
  "DNS response retransmission",
  "Warning",
  "Protocol",
);

/** Every field that a DNS message may have. */
export const DNS_FIELDS: readonly FieldDefinition[] = all;
