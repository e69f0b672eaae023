/** Colour groups by the beginnings of protocols' names; the first that fits. */
const GROUPS: readonly (readonly [pattern: RegExp, group: string])[] = [
  [/^arp/i, "arp"],
  [/^icmp/i, "icmp"],
  [/^(dns|mdns)/i, "dns"],
  [/^(http|websocket|fcgi|fastcgi)/i, "http"],
  [/^(tls|ssl)/i, "tls"],
  [/^chat/i, "chat"],
  [/^tcp/i, "tcp"],
  [/^udp/i, "udp"],
];

/** The colour group of a protocol, such as `"tls"` for `"TLSv1.3"`. */
export const groupOf = (protocol: string): string => GROUPS.find(([pattern]) => pattern.test(protocol))?.[1] ?? "other";
