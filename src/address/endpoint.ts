import { formatIp, type IpAddress, parseIp } from "./ip.ts";

/** A 16-bit port number. */
export type Port = number;

/** One end of a conversation as programs write it: an address as text, and a port. */
export interface SocketAddress {
  readonly address: string;
  readonly port: Port;
}

export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff;
}

/** Prints `"10.0.0.1:80"`. */
export function formatEndpoint(address: IpAddress, port: Port): string {
  return `${formatIp(address)}:${port}`;
}

/**
 * Reads `"10.0.0.1:80"`. The host part may be a name, which is returned as it stands.
 * @returns undefined when there is no port, or it is out of range
 */
export function parseHostPort(text: string): { host: string; port: Port } | undefined {
  const match = /^([^:\s]+):(\d{1,5})$/.exec(text);
  if (!match?.[1] || !isPort(Number(match[2]))) return undefined;
  return { host: match[1], port: Number(match[2]) };
}

/** Reads `"10.0.0.1:80"` whose host part must be an address. */
export function parseEndpoint(text: string): { address: IpAddress; port: Port } | undefined {
  const parts = parseHostPort(text);
  const address = parseIp(parts?.host ?? "");
  return parts === undefined || address === undefined ? undefined : { address, port: parts.port };
}
