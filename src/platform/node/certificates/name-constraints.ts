import { BlockList, isIP } from "node:net";
import { loadX509 } from "./x509.ts";

/** Which names and addresses an authority may certify (RFC 5280 §4.2.1.10). */
export interface NameConstraints {
  /** Each with all names below it: `"test"` is also for `www.example.test`. */
  readonly domains: readonly string[];
  /** Such as `"192.168.0.0/16"` or `"fc00::/7"`. */
  readonly networks: readonly string[];
}

/**
 * What can be nobody's on the Internet, so that a stolen key of a local authority is of no use there: names set aside for
 * tests and for networks at home (RFC 2606, RFC 6761, RFC 6762, RFC 8375, and `internal` by ICANN), and addresses that are
 * not routed (RFC 1122, RFC 1918, RFC 3927, RFC 4193, RFC 4291).
 */
export const LOCAL: NameConstraints = {
  domains: ["localhost", "test", "example", "local", "internal", "lan", "home.arpa"],
  networks: [
    ...["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"],
    ...["::1/128", "fc00::/7", "fe80::/10"],
  ],
};

/** Whether an authority with these constraints may certify a name or address. */
export function permits({ domains, networks }: NameConstraints, name: string): boolean {
  if (isIP(name) === 0) {
    const lower = name.toLowerCase().replace(/^\*\./, "");
    return domains.some((domain) => lower === domain || lower.endsWith(`.${domain}`));
  }
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", length = ""] = network.split("/");
    list.addSubnet(address, Number(length), isIP(address) === 6 ? "ipv6" : "ipv4");
  }
  return list.check(name, isIP(name) === 6 ? "ipv6" : "ipv4");
}

const SEQUENCE = 0x30;
/** Tags of GeneralName and of permittedSubtrees. */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;
const PERMITTED = 0xa0;

export const NAME_CONSTRAINTS_OID = "2.5.29.30";

/** The extension's value in DER. */
export function encodeNameConstraints({ domains, networks }: NameConstraints): ArrayBuffer {
  const subtrees = [
    ...domains.map((domain) => der(DNS_NAME, Buffer.from(domain, "ascii"))),
    ...networks.map((network) => der(IP_ADDRESS, addressAndMask(network))),
  ];
  const list = Buffer.concat(subtrees.map((subtree) => der(SEQUENCE, subtree)));
  return new Uint8Array(der(SEQUENCE, der(PERMITTED, list))).buffer;
}

function der(tag: number, value: Uint8Array): Uint8Array {
  const { length } = value;
  const lengths = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Uint8Array.of(tag, ...lengths), value]);
}

function addressAndMask(network: string): Uint8Array {
  const [address = "", length = ""] = network.split("/");
  const octets = octetsOf(address);
  const mask = octets.map((_, index) => (0xff00 >> Math.min(8, Math.max(0, Number(length) - 8 * index))) & 255);
  return Uint8Array.from([...octets, ...mask]);
}

/** @param address without a dotted part when it is IPv6 */
export function octetsOf(address: string): number[] {
  if (isIP(address) === 4) return address.split(".").map(Number);
  const [head = "", tail] = address.split("::");
  const groups = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const [before, behind] = [groups(head), groups(tail ?? "")];
  const all = [...before, ...new Array<number>(8 - before.length - behind.length).fill(0), ...behind];
  return all.flatMap((group) => [group >> 8, group & 255]);
}

/** What a certificate says that its key may certify; undefined for anything. @throws an error for what is no certificate */
export async function readNameConstraints(certificate: string): Promise<NameConstraints | undefined> {
  const x509 = await loadX509();
  const extension = new x509.X509Certificate(certificate).getExtension(NAME_CONSTRAINTS_OID);
  return extension === null ? undefined : decodeNameConstraints(new Uint8Array(extension.value));
}

/** The names of permitted subtrees; what else there may be is left out. */
export function decodeNameConstraints(value: Uint8Array): NameConstraints {
  const domains: string[] = [];
  const networks: string[] = [];
  for (const sequence of parts(value)) {
    for (const { tag, value: subtrees } of parts(sequence.value)) {
      if (tag !== PERMITTED) continue;
      for (const name of parts(subtrees).flatMap((subtree) => parts(subtree.value))) {
        if (name.tag === DNS_NAME) domains.push(Buffer.from(name.value).toString("ascii"));
        else if (name.tag === IP_ADDRESS) networks.push(networkOf([...name.value]));
      }
    }
  }
  return { domains, networks };
}

/** What stands one after the other in DER. */
function parts(value: Uint8Array): { readonly tag: number; readonly value: Uint8Array }[] {
  const found = [];
  for (let at = 0; at + 2 <= value.length; ) {
    const tag = value[at] as number;
    let length = value[at + 1] as number;
    at += 2;
    if (length > 128) {
      const octets = length - 128;
      length = value.subarray(at, at + octets).reduce((sum, octet) => 256 * sum + octet, 0);
      at += octets;
    }
    found.push({ tag, value: value.subarray(at, at + length) });
    at += length;
  }
  return found;
}

function networkOf(octets: readonly number[]): string {
  const half = octets.length / 2;
  const ones = octets.slice(half).reduce((sum, octet) => sum + octet.toString(2).replaceAll("0", "").length, 0);
  const address = octets.slice(0, half);
  if (half === 4) return `${address.join(".")}/${ones}`;
  const groups = address.flatMap((octet, at) =>
    at % 2 === 0 ? [(256 * octet + (octets[at + 1] as number)).toString(16)] : [],
  );
  return `${groups.join(":")}/${ones}`;
}
