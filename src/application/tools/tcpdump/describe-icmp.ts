import { formatIp, type IpAddress } from "../../../address/ip.ts";
import { finish, sum } from "../../../base/checksum.ts";
import type { Around, Piece } from "./describe.ts";

const UNREACHABLE: Readonly<Record<number, (to: string) => string>> = {
  0: (to) => `net ${to} unreachable`,
  1: (to) => `host ${to} unreachable`,
  5: (to) => `${to} unreachable - source route failed`,
  6: (to) => `net ${to} unreachable - unknown`,
  7: (to) => `host ${to} unreachable - unknown`,
  8: (to) => `${to} unreachable - source host isolated`,
  9: (to) => `net ${to} unreachable - admin prohibited`,
  10: (to) => `host ${to} unreachable - admin prohibited`,
  11: (to) => `net ${to} unreachable - tos prohibited`,
  12: (to) => `host ${to} unreachable - tos prohibited`,
  13: (to) => `host ${to} unreachable - admin prohibited filter`,
  14: (to) => `host ${to} unreachable - host precedence violation`,
  15: (to) => `host ${to} unreachable - precedence cutoff`,
};

const REDIRECTS = ["net", "host", "tos-net", "tos-host"];
const ERRORS: readonly number[] = [3, 4, 5, 11, 12];

/** A message of ICMP (RFC 792), as tcpdump words it. @param length octets that IP says it has */
export function describeIcmp(piece: Piece, length: number, around: Around): string {
  const { view, at, end } = piece;
  if (end - at < 8) return "[|icmp]";
  const type = view.getUint8(at);
  const inner = { view, at: at + 8, end };
  const checked =
    !around.fragment && end - at === length && around.options.verbose > 0 && finish(sum(view, at, end)) !== 0;
  const wrong = checked ? ` (wrong icmp cksum ${hex(view.getUint16(at + 2))} (->${hex(right(piece))})!)` : "";
  const quoted =
    around.options.verbose > 0 && ERRORS.includes(type) && end - inner.at >= 20 ? `\n\t${around.inner(inner)}` : "";
  return `ICMP ${wordsFor(type, piece)}, length ${length}${wrong}${quoted}`;
}

const hex = (value: number): string => value.toString(16);
const right = ({ view, at, end }: Piece): number => finish(sum(view, at, at + 2) + sum(view, at + 4, end));

function wordsFor(type: number, { view, at, end }: Piece): string {
  const code = view.getUint8(at + 1);
  const echo = `id ${view.getUint16(at + 4)}, seq ${view.getUint16(at + 6)}`;
  const to = end - at >= 28 ? formatIp(view.getInt32(at + 24) as IpAddress) : "";
  switch (type) {
    case 0:
      return `echo reply, ${echo}`;
    case 8:
      return `echo request, ${echo}`;
    case 3:
      return to === "" ? "[|icmp]" : unreachable(code, to, { view, at, end });
    case 4:
      return "source quench";
    case 5: {
      const gateway = formatIp(view.getInt32(at + 4) as IpAddress);
      return `redirect ${to} to ${REDIRECTS[code] ?? "unknown"} ${gateway}`;
    }
    case 11:
      return ["time exceeded in-transit", "ip reassembly time exceeded"][code] ?? `time exceeded-#${code}`;
    case 12:
      return code === 0 ? `parameter problem - octet ${view.getUint8(at + 4)}` : `parameter problem - code ${code}`;
    case 13:
    case 14:
      return `time stamp ${type === 13 ? "query" : "reply"} ${echo.replace(",", "")}`;
    default:
      return `type-#${type}`;
  }
}

function unreachable(code: number, to: string, { view, at, end }: Piece): string {
  const protocol = view.getUint8(at + 17);
  if (code === 2) return `${to} protocol ${protocol} unreachable`;
  if (code === 4) {
    const mtu = view.getUint16(at + 6);
    return `${to} unreachable - need to frag${mtu === 0 ? "" : ` (mtu ${mtu})`}`;
  }
  if (code !== 3) return UNREACHABLE[code]?.(to) ?? `${to} unreachable - #${code}`;
  const port = at + 8 + (view.getUint8(at + 8) & 15) * 4 + 2;
  if (port + 2 > end) return `${to} unreachable`;
  const name = protocol === 17 ? "udp port" : protocol === 6 ? "tcp port" : `protocol ${protocol} port`;
  return `${to} ${name} ${view.getUint16(port)} unreachable`;
}
