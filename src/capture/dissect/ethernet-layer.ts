import { type MacAddress, readMac } from "../../address/mac.ts";
import { ETHERNET_HEADER_LENGTH } from "../../wire/ethernet.ts";
import { define } from "./define.ts";
import type { Expert } from "./dissector.ts";
import type { FieldDefinition } from "./field.ts";
import { macText } from "./field-text.ts";
import type { FrameBytes } from "./frames.ts";
import type { Tree } from "./tree.ts";

const LG = [
  "Locally administered address (this is NOT the factory default)",
  "Globally unique address (factory default)",
] as const;
const IG = ["Group address (multicast/broadcast)", "Individual address (unicast)"] as const;

const address = (name: string, label: string) => ({
  address: define.ether(`eth.${name}`, label),
  resolved: define.text(`eth.${name}_resolved`, `${label} (resolved)`),
  oui: define.u24(`eth.${name}.oui`, `${label} OUI`),
  ouiName: define.text(`eth.${name}.oui_resolved`, `${label} OUI (resolved)`),
});
const localBit = (name: string): FieldDefinition => define.flag(name, "LG bit", 3, 0x020000, { truth: LG });
const groupBit = (name: string): FieldDefinition => define.flag(name, "IG bit", 3, 0x010000, { truth: IG });

const destination = { ...address("dst", "Destination"), local: localBit("eth.dst.lg"), group: groupBit("eth.dst.ig") };
const source = { ...address("src", "Source"), local: localBit("eth.src.lg"), group: groupBit("eth.src.ig") };
const either = { ...address("addr", "Address"), local: localBit("eth.lg"), group: groupBit("eth.ig") };

/** EtherTypes by name. */
export const ETHERTYPES: Readonly<Record<number, string>> = {
  2048: "IPv4",
  2054: "ARP",
  32821: "RARP",
  33024: "802.1Q Virtual LAN",
  34525: "IPv6",
  34997: "Local Experimental Ethertype 1",
  34998: "Local Experimental Ethertype 2",
};

const fields = {
  eth: define.protocol("eth", "Ethernet II"),
  type: define.u16("eth.type", "Type", { base: "hex", values: ETHERTYPES, otherwise: "Unknown" }),
  length: define.u16("eth.len", "Length"),
  padding: define.bytes("eth.padding", "Padding"),
  trailer: define.bytes("eth.trailer", "Trailer"),
  sourceGroup: define.none(
    "eth.src_not_group",
    "Source MAC must not be a group address: IEEE 802.3-2002, Section 3.2.3(b)",
  ),
};

const PADDING_BAD: Expert = {
  definition: define.none("eth.padding_bad", "Padding identification may be inaccurate and impact trailer dissector"),
  severity: "Note",
  group: "Protocol",
  message: "Didn't find padding of zeros, and an undecoded trailer exists. There may be padding of non-zeros.",
};

export const ETHERNET_FIELDS = [destination, source, either, fields]
  .flatMap((all) => Object.values(all))
  .concat(PADDING_BAD.definition);

/** Below this a number is a length (IEEE 802.3 §3.2.6). */
const TYPE_MIN = 0x0600;
/** Octets of the shortest frame without its FCS; what fills it up to here is padding. */
const SHORTEST = 60;

/**
 * Ethernet's header and what stands behind the packet that it carries.
 * @param inner octets that the packet takes, where that is known
 * @returns the EtherType; 0 for none
 */
export function ethernetLayer(tree: Tree, frame: FrameBytes, inner: number | undefined): number {
  const { view, start, end, bytes } = frame;
  const to = readMac(view, start);
  const from = readMac(view, start + 6);
  const type = view.getUint16(start + 12);
  const ethernet2 = type >= TYPE_MIN;
  const ends = `Src: ${macText(from)}, Dst: ${macText(to)}`;
  tree.columns({ source: macText(from), destination: macText(to), protocol: "Ethernet" });
  tree.open(
    fields.eth,
    0,
    ETHERNET_HEADER_LENGTH,
    undefined,
    ethernet2 ? `Ethernet II, ${ends}` : "IEEE 802.3 Ethernet ",
  );
  addressPart(tree, destination, 0, to);
  addressPart(tree, source, 6, from);
  if (ethernet2) tree.add(fields.type, 12, 2, type);
  else tree.add(fields.length, 12, 2, type);
  if (ethernet2) tree.named("ethertype");
  const length = ethernet2 ? inner : Math.min(type, end - start - ETHERNET_HEADER_LENGTH);
  if (length !== undefined) behind(tree, bytes.slice(start, end), ETHERNET_HEADER_LENGTH + length);
  tree.close();
  const name = ETHERTYPES[type];
  tree.columns({
    protocol: ethernet2 ? `0x${type.toString(16).padStart(4, "0")}` : "LLC",
    info: name ?? "Ethernet II",
  });
  return ethernet2 ? type : 0;
}

type AddressFields = typeof destination;

function addressPart(tree: Tree, own: AddressFields, at: number, mac: MacAddress): void {
  const text = macText(mac);
  const oui = Math.floor(mac / 0x1000000);
  const ouiText = text.slice(0, 8);
  const local = (oui & 0x020000) !== 0;
  const group = (oui & 0x010000) !== 0;
  tree.open(own.address, at, 6, mac);
  tree.hidden(own.resolved, at, 6, text);
  ouiPart(tree, own.oui, own.ouiName, at, oui, ouiText);
  tree.add(either.address, at, 6, mac);
  tree.hidden(either.resolved, at, 6, text);
  ouiPart(tree, either.oui, either.ouiName, at, oui, ouiText);
  tree.add(own.local, at, 3, local);
  tree.hidden(either.local, at, 3, local);
  tree.add(own.group, at, 3, group);
  tree.hidden(either.group, at, 3, group);
  tree.close();
}

/** The name of an address's first half where it is all zeros, as in frames that never had a destination. */
const ZERO_OUI = "Officially Xerox, but 0:0:0:0:0:0 is more common";
const ZERO_OUI_SHORT = " (Officially Xerox, but";

function ouiPart(
  tree: Tree,
  field: FieldDefinition,
  name: FieldDefinition,
  at: number,
  oui: number,
  shown: string,
): void {
  tree.hidden(field, at, 3, oui, `${field.label}: ${shown}${oui === 0 ? ZERO_OUI_SHORT : ""}`);
  if (oui === 0) tree.hidden(name, at, 6, ZERO_OUI);
}

/** What stands behind the packet: padding up to the shortest length, a trailer beyond. */
function behind(tree: Tree, bytes: Uint8Array, at: number): void {
  if (at >= bytes.length) return;
  const padded = Math.max(at, Math.min(bytes.length, SHORTEST));
  const padding = bytes.subarray(at, padded);
  let rest = at;
  if (padding.length > 0 && padding.every((byte) => byte === 0)) {
    tree.add(fields.padding, at, padding.length, padding);
    rest = padded;
  }
  if (rest >= bytes.length) return;
  tree.open(fields.trailer, rest, bytes.length - rest, bytes.subarray(rest));
  if (rest === at && at < SHORTEST) tree.expert(PADDING_BAD, undefined, rest);
  tree.close();
}
