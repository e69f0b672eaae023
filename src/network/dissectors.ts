import { dnsDatagrams, dnsStream } from "../application/dns/dissect/dissectors.ts";
import { http } from "../application/http/dissect/dissector.ts";
import { tls } from "../application/tls/dissect/dissector.ts";
import { websocket } from "../application/websocket/dissect/dissector.ts";
import type { DatagramDissector, StreamDissector } from "../capture/dissect/dissector.ts";

/** The dissectors of all protocols of ours above UDP and TCP. */
export interface NetworkDissectors {
  readonly datagrams: readonly DatagramDissector[];
  readonly streams: readonly StreamDissector[];
}

export function networkDissectors(): NetworkDissectors {
  return { datagrams: [dnsDatagrams], streams: [dnsStream, http, tls, websocket] };
}
