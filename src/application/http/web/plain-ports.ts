/** What happens on the port without TLS: it leads to the one with, serves the same, or there is none. */
export const PLAIN_PORTS = ["redirect", "serve", "off"] as const;
export type PlainPort = (typeof PLAIN_PORTS)[number];
