import { fromBase64, toBase64 } from "../../base/base64.ts";
import { sha1 } from "../../base/sha1.ts";
import { isToken } from "../http/message/octets.ts";

/** The protocol's version (RFC 6455 §4.1). */
export const VERSION = "13";

/** What a server adds to the key, which no other protocol's server would (RFC 6455 §1.3). */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The value of Sec-WebSocket-Accept that answers a key (RFC 6455 §4.2.2). */
export function acceptKey(key: string): string {
  return toBase64(sha1(new TextEncoder().encode(key + GUID)));
}

/** Whether a Sec-WebSocket-Key is one: 16 bytes in base64 (RFC 6455 §4.1). */
const isKey = (key: string): boolean => fromBase64(key)?.length === 16;

/** The members of a list of tokens (RFC 9110 §5.6.1); undefined when one of them is no token. */
export function tokens(value: string | null): readonly string[] | undefined {
  const all = (value ?? "").split(",").flatMap((each) => (each.trim() === "" ? [] : [each.trim()]));
  return all.every((each) => isToken(each)) ? all : undefined;
}

/** Whether a list has a token, in whatever letters (RFC 6455 §4.2.1). */
const hasToken = (value: string | null, token: string): boolean =>
  (value ?? "").split(",").some((each) => each.trim().toLowerCase() === token);

/** As much of Headers as a handshake reads. */
interface Fields {
  get(name: string): string | null;
}

/** Why a request opens no WebSocket: the status to answer, and for people why. */
export interface Refusal {
  readonly status: 400 | 403 | 405 | 426;
  readonly why: string;
}

/** What is asked for by a client's opening handshake. */
export interface Opening {
  readonly key: string;
  readonly protocols: readonly string[];
}

/** Reads a client's opening handshake (RFC 6455 §4.2.1). */
export function readOpening({ method, headers }: { method: string; headers: Fields }): Opening | Refusal {
  if (method !== "GET") return { status: 405, why: "WebSocket is opened by GET" };
  if (!hasToken(headers.get("upgrade"), "websocket") || !hasToken(headers.get("connection"), "upgrade")) {
    return { status: 426, why: "this address speaks WebSocket" };
  }
  if (headers.get("sec-websocket-version") !== VERSION) return { status: 426, why: "the version must be 13" };
  const key = headers.get("sec-websocket-key") ?? "";
  if (!isKey(key)) return { status: 400, why: "Sec-WebSocket-Key is no key" };
  const protocols = tokens(headers.get("sec-websocket-protocol"));
  if (protocols === undefined || new Set(protocols).size < protocols.length) {
    return { status: 400, why: "Sec-WebSocket-Protocol is no list of protocols" };
  }
  return { key, protocols };
}

/**
 * Checks a server's answer to our opening handshake (RFC 6455 §4.1).
 * @returns the subprotocol, empty for none; or why the connection fails
 */
export function readAnswer(
  { status, headers }: { status: number; headers: Fields },
  { key, protocols }: Opening,
): { readonly protocol: string } | { readonly why: string } {
  if (status !== 101) return { why: `the server answers ${status}` };
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") return { why: "the server changes to another protocol" };
  if (!hasToken(headers.get("connection"), "upgrade")) return { why: "the server's Connection does not name Upgrade" };
  if (headers.get("sec-websocket-accept") !== acceptKey(key)) return { why: "Sec-WebSocket-Accept is wrong" };
  if ((headers.get("sec-websocket-extensions") ?? "") !== "") return { why: "an extension that was not offered" };
  const protocol = headers.get("sec-websocket-protocol") ?? "";
  if (protocol !== "" && !protocols.includes(protocol)) return { why: "a subprotocol that was not offered" };
  return { protocol };
}
