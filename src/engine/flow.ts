import { formatIp, type IpAddress } from "../address/ip.ts";
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_IPV4 } from "../wire/ethernet.ts";
import { TCP_PROTOCOL } from "../wire/tcp.ts";
import type { Flow } from "./protocol/traffic.ts";

const ETHERTYPE_AT = 12;
const UDP = 17;
const PORTS_LENGTH = 4;

/** Between which endpoints a frame goes, from its own bytes; undefined for what has no ports, such as a later fragment. */
export function flowOf(frame: Uint8Array): Flow | undefined {
  const at = ETHERNET_HEADER_LENGTH;
  if (frame.length < at + 20) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint16(ETHERTYPE_AT) !== ETHERTYPE_IPV4 || (view.getUint16(at + 6) & 0x1fff) !== 0) return undefined;
  const protocol = view.getUint8(at + 9);
  const ports = at + (view.getUint8(at) & 15) * 4;
  if ((protocol !== TCP_PROTOCOL && protocol !== UDP) || frame.length < ports + PORTS_LENGTH) return undefined;
  const endpoint = (address: number, port: number): string =>
    `${formatIp(view.getInt32(address) as IpAddress)}:${view.getUint16(port)}`;
  return {
    transport: protocol === UDP ? "UDP" : "TCP",
    source: endpoint(at + 12, ports),
    destination: endpoint(at + 16, ports + 2),
  };
}
