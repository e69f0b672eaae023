import { formatIp, type IpAddress } from "../../address/ip.ts";
import { define } from "./define.ts";
import type { Expert } from "./dissector.ts";
import { text } from "./dissector.ts";
import type { FieldDefinition } from "./field.ts";
import type { Tree } from "./tree.ts";

const NUMBERS: Readonly<Record<number, string>> = {
  0: "End of Option List (EOL)",
  1: "No-Operation (NOP)",
  2: "Security",
  3: "Loose source route",
  4: "Time stamp",
  5: "Extended security",
  6: "Commercial IP security option",
  7: "Record route",
  8: "Stream identifier",
  9: "Strict source route",
  11: "MTU probe",
  12: "MTU Reply",
  18: "Traceroute",
  20: "Router Alert",
  25: "Quick-Start",
};
const CLASSES = {
  0: "Control",
  1: "Reserved for future use",
  2: "Debugging and measurement",
  3: "Reserved for future use",
};

const fields = {
  type: define.u8("ip.opt.type", "Type"),
  copy: define.flag("ip.opt.type.copy", "Copy on fragmentation", 1, 0x80, { truth: ["Yes", "No"] }),
  class: define.u8("ip.opt.type.class", "Class", { mask: 0x60, values: CLASSES }),
  number: define.u8("ip.opt.type.number", "Number", { mask: 0x1f, values: NUMBERS, otherwise: "Unknown" }),
  length: define.u8("ip.opt.len", "Length"),
  pointer: define.u8("ip.opt.ptr", "Pointer"),
  overflow: define.u8("ip.opt.overflow", "Overflow", { mask: 0xf0 }),
  flag: define.u8("ip.opt.flag", "Flag", {
    base: "hex",
    mask: 0x0f,
    values: { 0: "Time stamps only", 1: "Time stamp and address", 3: "Time stamps for prespecified addresses" },
    otherwise: "Unknown",
  }),
  alert: define.u16("ip.opt.ra", "Router Alert"),
  stamp: define.u32("ip.opt.time_stamp", "Time stamp"),
  stampAddress: define.ipv4("ip.opt.time_stamp_addr", "Address"),
  recorded: define.ipv4("ip.rec_rt", "Recorded Route"),
  recordedHost: define.text("ip.rec_rt_host", "Recorded Route Host"),
  current: define.ipv4("ip.cur_rt", "Current Route"),
  currentHost: define.text("ip.cur_rt_host", "Current Route Host"),
  sourceRoute: define.ipv4("ip.src_rt", "Source Route"),
  sourceRouteHost: define.text("ip.src_rt_host", "Source Route Host"),
  empty: define.ipv4("ip.empty_rt", "Empty Route"),
  emptyHost: define.text("ip.empty_rt_host", "Empty Route Host"),
};
const options = {
  eol: define.bytes("ip.options.eol", "IP Option - End of Options List (EOL)"),
  nop: define.bytes("ip.options.nop", "IP Option - No-Operation (NOP)"),
  recordRoute: define.bytes("ip.options.record_route", "IP Option - Record Route"),
  looseRoute: define.bytes("ip.options.route", "IP Option - Loose Source Route"),
  strictRoute: define.bytes("ip.options.source_route", "IP Option - Strict Source Route"),
  timestamp: define.bytes("ip.options.timestamp", "IP Option - Time Stamp"),
  alert: define.bytes("ip.options.routeralert", "IP Option - Router Alert"),
};
const BAD_LENGTH: Expert = {
  definition: define.none("ip.opt.len.invalid", "Invalid length for option"),
  severity: "Warning",
  group: "Protocol",
  message: "Invalid length for option",
};

export const IPV4_OPTION_FIELDS = [...Object.values(fields), ...Object.values(options), BAD_LENGTH.definition];

/** Each kind by its whole type octet: its definition, name and shortest length. */
const KINDS: Readonly<Record<number, readonly [FieldDefinition, string, number]>> = {
  0: [options.eol, "End of Options List (EOL)", 1],
  1: [options.nop, "No-Operation (NOP)", 1],
  7: [options.recordRoute, "Record Route", 3],
  68: [options.timestamp, "Time Stamp", 4],
  131: [options.looseRoute, "Loose Source Route", 3],
  137: [options.strictRoute, "Strict Source Route", 3],
  148: [options.alert, "Router Alert", 4],
};

/** IP's options (RFC 791 §3.1), from 20 octets behind `at` to `header`. */
export function ipv4Options(tree: Tree, bytes: Uint8Array, view: DataView, at: number, header: number): void {
  const names: string[] = [];
  tree.open(text("Options"), 20, header - 20);
  for (let offset = 20; offset < header; ) {
    const type = view.getUint8(at + offset);
    const kind = KINDS[type];
    const single = type <= 1;
    const length = single ? 1 : offset + 1 < header ? view.getUint8(at + offset + 1) : 0;
    const problem = single ? undefined : lengthProblem(type, kind, length, header - offset);
    if (problem !== undefined) {
      tree.open(text(problem), offset, Math.min(2, header - offset));
      tree.expert(BAD_LENGTH, problem, offset);
      tree.close();
      break;
    }
    if (kind !== undefined && !single) names.push(kind[1]);
    option(tree, bytes, view, at, offset, length);
    if (type === 0) break;
    offset += length;
  }
  const shown = names.map((name) => `, ${name}`).join("");
  tree.close(`Options: (${header - 20} bytes)${shown}`);
}

function lengthProblem(
  type: number,
  kind: (typeof KINDS)[number] | undefined,
  length: number,
  room: number,
): string | undefined {
  const name = kind?.[1] ?? `Unknown (0x${type.toString(16).padStart(2, "0")})`;
  const octets = `option length = ${length} byte${length === 1 ? "" : "s"}`;
  if (room < 2) return `${name} (length byte past end of options)`;
  if (length < 2) return `${name} (with too-short ${octets})`;
  if (length > room) return `${name} (${octets} says option goes past end of options)`;
  if (kind !== undefined && length < kind[2]) return `${name} (with ${octets}; should be >= ${kind[2]})`;
  return undefined;
}

function option(tree: Tree, bytes: Uint8Array, view: DataView, at: number, offset: number, length: number): void {
  const type = view.getUint8(at + offset);
  const [definition, name] = KINDS[type] ?? [text("Unknown"), `Unknown (0x${type.toString(16).padStart(2, "0")})`];
  const octets = type <= 1 ? "" : ` (${length} bytes)`;
  const title = `IP Option - ${name}${octets}`;
  tree.open(definition, offset, length, bytes.slice(at + offset, at + offset + length), title);
  tree.open(fields.type, offset, 1, type);
  tree.add(fields.copy, offset, 1, (type & 0x80) !== 0);
  tree.add(fields.class, offset, 1, (type >> 5) & 3);
  tree.add(fields.number, offset, 1, type & 31);
  tree.close();
  if (type > 1) tree.add(fields.length, offset + 1, 1, length);
  if (type === 7 || type === 131 || type === 137) route(tree, view, at, offset, length);
  else if (type === 68) timestamps(tree, view, at, offset, length);
  else if (type === 148) {
    const value = view.getUint16(at + offset + 2);
    const says = `${value === 0 ? "Router shall examine packet" : "Reserved"} (${value})`;
    tree.add(fields.alert, offset + 2, 2, value, `Router Alert: ${says}`);
    tree.close(`${title}: ${says}`);
    return;
  }
  tree.close();
}

/** The addresses of a route: those behind the pointer are still to be visited. */
function route(tree: Tree, view: DataView, at: number, offset: number, length: number): void {
  const isRecord = view.getUint8(at + offset) === 7;
  const pointer = view.getUint8(at + offset + 2);
  tree.add(fields.pointer, offset + 2, 1, pointer);
  for (let place = 4; place + 3 <= length; place += 4) {
    const address = view.getInt32(at + offset + place - 1) as IpAddress;
    const shown = formatIp(address);
    const next = place === pointer ? " <- (next)" : "";
    const [field, host] =
      place < pointer
        ? ([fields.recorded, fields.recordedHost] as const)
        : isRecord
          ? ([fields.empty, fields.emptyHost] as const)
          : place === pointer
            ? ([fields.current, fields.currentHost] as const)
            : ([fields.sourceRoute, fields.sourceRouteHost] as const);
    tree.add(field, offset + place - 1, 4, address, `${field.label}: ${shown}${next}`);
    tree.hidden(host, offset + place - 1, 4, shown);
  }
}

function timestamps(tree: Tree, view: DataView, at: number, offset: number, length: number): void {
  const flags = view.getUint8(at + offset + 3);
  tree.add(fields.pointer, offset + 2, 1, view.getUint8(at + offset + 2));
  tree.add(fields.overflow, offset + 3, 1, flags >> 4);
  tree.add(fields.flag, offset + 3, 1, flags & 15);
  const pairs = (flags & 15) === 1 || (flags & 15) === 3;
  for (let place = 4; place + (pairs ? 8 : 4) <= length; place += 4) {
    if (pairs) {
      tree.add(fields.stampAddress, offset + place, 4, view.getInt32(at + offset + place));
      place += 4;
    }
    tree.add(fields.stamp, offset + place, 4, view.getUint32(at + offset + place));
  }
}
