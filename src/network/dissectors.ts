import { CHAT_PORT } from "../application/chat/server.ts";
import { dnsDatagrams, dnsStream } from "../application/dns/dissect/dissectors.ts";
import { http } from "../application/http/dissect/dissector.ts";
import type { Ciphers } from "../application/tls/dissect/ciphers.ts";
import { tls } from "../application/tls/dissect/dissector.ts";
import type { KeyLog } from "../application/tls/dissect/key-log.ts";
import { websocket } from "../application/websocket/dissect/dissector.ts";
import type { DatagramDissector, StreamDissector } from "../capture/dissect/dissector.ts";

/** The dissectors of all protocols of ours above UDP and TCP. */
export interface NetworkDissectors {
  readonly datagrams: readonly DatagramDissector[];
  readonly streams: readonly StreamDissector[];
  /** Colour groups of ports whose bytes are lines of text, which no dissector needs to take apart. */
  readonly plain: ReadonlyMap<number, string>;
}

const PLAIN: ReadonlyMap<number, string> = new Map([[CHAT_PORT, "chat"]]);

/** What opens the records of TLS: the platform's ciphers, and the secrets that are known. */
export interface TlsSecrets {
  readonly ciphers: Ciphers;
  readonly keyLog: KeyLog;
}

/** @param secrets of TLS, with which what was ciphered is shown; without them it stays ciphered */
export function networkDissectors(secrets?: TlsSecrets): NetworkDissectors {
  const inside = [dnsStream, http, websocket];
  // A frame has the colour of the last of them that it has a message of.
  const streams = [tls(secrets && { ...secrets, inside }), ...inside];
  return { datagrams: [dnsDatagrams], streams, plain: PLAIN };
}
