import { formatIp, type IpAddress } from "../../../address/ip.ts";
import { finish, sum } from "../../../base/checksum.ts";
import { pseudoHeaderSum } from "../../../transport/pseudo-header.ts";
import type { Around, Piece } from "./describe.ts";
import { describeDns } from "./describe-dns.ts";

/** A datagram, as tcpdump words it. @param length octets that IP says it has */
export function describeUdp({ view, at, end }: Piece, length: number, around: Around): string {
  const [source, destination] = [formatIp(around.source as IpAddress), formatIp(around.destination as IpAddress)];
  if (end - at < 8) return `${source} > ${destination}:  [|udp]`;
  const [from, to] = [view.getUint16(at), view.getUint16(at + 2)];
  const ends = `${source}.${from} > ${destination}.${to}: `;
  const said = view.getUint16(at + 4);
  if (said > length) return `${ends}UDP, bad length ${said - 8} > ${length - 8}`;
  const checked = around.options.verbose > 1 && !around.fragment ? checksum({ view, at, end }, said, around) : "";
  if (from === 53 || to === 53)
    return `${ends}${checked}${describeDns({ view, at: at + 8, end }, around.options.verbose)}`;
  return `${ends}${checked}UDP, length ${said - 8}`;
}

function checksum({ view, at, end }: Piece, length: number, { source, destination }: Around): string {
  if (at + length > end) return "";
  const found = view.getUint16(at + 6);
  if (found === 0) return "[no cksum] ";
  const pseudo = pseudoHeaderSum(source as IpAddress, destination as IpAddress, 17, length);
  const right = finish(sum(view, at, at + 6, pseudo) + sum(view, at + 8, at + length)) || 0xffff;
  const hex = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;
  return found === right ? "[udp sum ok] " : `[bad udp cksum ${hex(found)} -> ${hex(right)}!] `;
}
