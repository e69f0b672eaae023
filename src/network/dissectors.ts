import { CHAT_PORT } from "../application/chat/server.ts";
import { dnsDatagrams, dnsStream } from "../application/dns/dissect/dissectors.ts";
import { http } from "../application/http/dissect/dissector.ts";
import { tls } from "../application/tls/dissect/dissector.ts";
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

export function networkDissectors(): NetworkDissectors {
  return { datagrams: [dnsDatagrams], streams: [dnsStream, http, tls, websocket], plain: PLAIN };
}
