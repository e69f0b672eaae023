import type { StreamDissector } from "../../../capture/dissect/dissector.ts";
import { CERTIFICATE_FIELDS } from "./certificate/fields.ts";
import { HANDSHAKE, isRecord, type TlsAbout, TlsConversation } from "./conversation.ts";
import type { Deciphering } from "./decipherer.ts";
import { TLS_FIELDS } from "./fields.ts";
import { dissectRecords } from "./records.ts";
import { applicationOf } from "./session.ts";

/** The ports that Wireshark takes to be TLS's. */
const PORTS = [443, 465, 636, 802, 853, 993, 995, 2443, 3496, 5061, 5671, 5684, 8883, 11207, 19999, 27017];

/** @param deciphering by which records are opened whose secrets are known; without it they stay as they are */
export const tls = (deciphering?: Deciphering): StreamDissector => ({
  protocol: "tls",
  fields: [...TLS_FIELDS, ...CERTIFICATE_FIELDS],
  ports: PORTS,
  goesOn: true,
  recognises: (first) => first.length > 5 && isRecord(first) && first[0] === HANDSHAKE && first[5] === 1,
  converse: (ports) => new TlsConversation(applicationOf(ports[1]) ?? applicationOf(ports[0]), ports, deciphering),
  dissect: (bytes, about, tree, stream) => dissectRecords(bytes, about as TlsAbout, tree, stream),
});
