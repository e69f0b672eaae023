import { Fields } from "../message/fields.ts";

/** Fields about one connection, whether Connection names them or not (RFC 9110 §7.6.1), and those for a proxy itself. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  ...[
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
  ],
  ...["proxy-authenticate", "proxy-authentication-info", "proxy-authorization"],
]);
/** What a proxy tells of the client: a client must not tell it of itself. */
const CLIENT_FACTS = /^(?:forwarded|x-forwarded-.*|x-real-ip|x-client-ip|true-client-ip|x-cluster-client-ip)$/;
/** What we write ourselves. */
const OWN_IN_REQUEST: ReadonlySet<string> = new Set(["host", "content-length", "expect", "via", "max-forwards"]);
/** Fields that trailers must not have (RFC 9110 §6.5.1): they frame, route, ask or authorise. */
const NOT_IN_TRAILERS: ReadonlySet<string> = new Set([
  ...["content-length", "host", "content-encoding", "content-type", "content-range", "set-cookie", "cookie"],
  ...["authorization", "cache-control", "expect", "max-forwards", "www-authenticate", "location", "vary", "age"],
  ...["date", "via"],
]);

export interface RequestFacts {
  /** What Host says. */
  readonly host: string;
  /** What the client asked for as Host, for X-Forwarded-Host. */
  readonly askedHost: string;
  /** The client's address. */
  readonly remote: string;
  readonly secure: boolean;
  /** Of the HTTP/1.x version in which the request came. */
  readonly minor: number;
  /** Our name in Via. */
  readonly via: string;
  /** Protocols that the client would change to, when it may. */
  readonly upgrade: string | undefined;
  /** Bytes of the body; undefined for one of unknown length, null where there is none. */
  readonly bodyLength: number | undefined | null;
  readonly expectsContinue: boolean;
  /** Of OPTIONS and TRACE, after this hop. */
  readonly maxForwards: number | undefined;
}

/** The fields that go to an upstream for those that came from a client. */
export function requestFields(received: Iterable<readonly [string, string]>, facts: RequestFacts): Fields {
  const list = [...received];
  const named = namedByConnection(list);
  const fields = new Fields([["Host", facts.host]]);
  const via: string[] = [];
  let takesTrailers = false;
  for (const [name, value] of list) {
    const key = name.toLowerCase();
    if (key === "via") via.push(value);
    if (key === "te" && /(?:^|,)\s*trailers\s*(?:,|$)/i.test(value)) takesTrailers = true;
    // "_" passes for "-" in programs behind the upstream, so a name with it could say what may not be said.
    if (key.includes("_") || HOP_BY_HOP.has(key) || OWN_IN_REQUEST.has(key) || named.has(key)) continue;
    if (!CLIENT_FACTS.test(key)) fields.append(name, value);
  }
  appendFacts(fields, facts);
  fields.append("Via", [...via, `1.${facts.minor} ${facts.via}`].join(", "));
  if (facts.maxForwards !== undefined) fields.append("Max-Forwards", String(facts.maxForwards));
  if (takesTrailers) fields.append("TE", "trailers");
  if (facts.upgrade !== undefined) fields.append("Upgrade", facts.upgrade);
  const options = [takesTrailers ? "TE" : "", facts.upgrade === undefined ? "" : "Upgrade"].filter(
    (each) => each !== "",
  );
  if (options.length > 0) fields.append("Connection", options.join(", "));
  if (facts.expectsContinue) fields.append("Expect", "100-continue");
  if (facts.bodyLength === undefined) fields.append("Transfer-Encoding", "chunked");
  else if (facts.bodyLength !== null) fields.append("Content-Length", String(facts.bodyLength));
  return fields;
}

/** Who the client is: by RFC 7239, and as it was said before. */
function appendFacts(fields: Fields, { remote, secure, askedHost }: RequestFacts): void {
  const node = remote.includes(":") ? `"[${remote}]"` : remote;
  const proto = secure ? "https" : "http";
  const host = askedHost === "" ? "" : `;host=${/^[\w.-]+$/.test(askedHost) ? askedHost : `"${askedHost}"`}`;
  fields.append("Forwarded", `for=${node};proto=${proto}${host}`);
  fields.append("X-Forwarded-For", remote);
  fields.append("X-Forwarded-Proto", proto);
  if (askedHost !== "") fields.append("X-Forwarded-Host", askedHost);
}

export interface ResponseFacts {
  /** Of the HTTP/1.x version in which the response came. */
  readonly minor: number;
  readonly via: string;
  /** Bytes that it says the body has; undefined where it does not. */
  readonly length: number | undefined;
  /** Location in the words of the client. */
  readonly location: (value: string) => string;
}

/** The fields that go to a client for those that came from an upstream. */
export function responseFields(received: Fields, { minor, via, length, location }: ResponseFacts): Fields {
  const named = namedByConnection(received);
  const fields = new Fields();
  const before: string[] = [];
  for (const [name, value] of received) {
    const key = name.toLowerCase();
    if (key === "via") before.push(value);
    if (HOP_BY_HOP.has(key) || named.has(key) || key === "via" || key === "content-length") continue;
    fields.append(name, key === "location" || key === "content-location" ? location(value) : value);
  }
  if (length !== undefined) fields.append("Content-Length", String(length));
  fields.append("Via", [...before, `1.${minor} ${via}`].join(", "));
  return fields;
}

/** The trailers that may go on. */
export function trailerFields(received: Iterable<readonly [string, string]>): Fields {
  const fields = new Fields();
  for (const [name, value] of received) {
    const key = name.toLowerCase();
    if (key.includes("_") || HOP_BY_HOP.has(key) || NOT_IN_TRAILERS.has(key) || CLIENT_FACTS.test(key)) continue;
    fields.append(name, value);
  }
  return fields;
}

function namedByConnection(fields: Iterable<readonly [string, string]>): ReadonlySet<string> {
  const named = new Set<string>();
  for (const [name, value] of fields) {
    if (name.toLowerCase() !== "connection") continue;
    for (const option of value.split(",")) named.add(option.trim().toLowerCase());
  }
  return named;
}
