import { toBase64 } from "../../base/base64.ts";
import { encodeLatin1 } from "../../base/latin1.ts";
import { type Socket, SocketError } from "../../socket/socket.ts";
import { connectTcp, writeAll } from "../../socket/tcp.ts";
import type { TlsClientOptions } from "../../socket/tls.ts";
import { type Duration, seconds } from "../../time/instant.ts";
import { Fields, formatRequestHead, MessageParser } from "../http/message/index.ts";
import type { ProgramContext } from "../program.ts";
import type { FlushTurn } from "./flush-turn.ts";
import { readAnswer, tokens, VERSION } from "./handshake.ts";
import type { WebSocketLimits } from "./limits.ts";
import { type Heartbeat, WebSocket } from "./websocket.ts";

/** The whole of connecting, shaking hands and being answered takes at most so long, unless told. */
const OPEN_TIME: Duration = seconds(30);
const PIECE = 16_384;

export interface OpenOptions {
  /** Subprotocols, best first. */
  readonly protocols?: readonly string[] | undefined;
  /** More fields of the request, such as Origin, Cookie and Authorization. */
  readonly headers?: Iterable<readonly [name: string, value: string]> | undefined;
  readonly limits?: Partial<WebSocketLimits> | undefined;
  readonly heartbeat?: Heartbeat | undefined;
  readonly turn?: FlushTurn | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: Duration | undefined;
  /** What a `wss:` connection is told beside the name. */
  readonly tls?: Pick<TlsClientOptions, "authorities" | "insecure" | "identity"> | undefined;
}

/** A WebSocket that did not open: the server's answer was no good one. */
export class WebSocketError extends Error {
  override name = "WebSocketError";
  /** Of the answer; 0 when that was no HTTP. */
  readonly status: number;

  constructor(message: string, status = 0) {
    super(message);
    this.status = status;
  }
}

type Context = Pick<ProgramContext, "sockets" | "names" | "tls" | "clock" | "random" | "work">;

/**
 * Opens a WebSocket as a client (RFC 6455 §4.1).
 * @param address `ws:` or `wss:`; `http:` and `https:` mean the same, as in browsers
 * @throws WebSocketError when the server does not agree; SocketError, NameError or TlsError when it cannot be reached;
 *   TypeError for an address or subprotocol that is none; the signal's reason when it aborts
 */
export async function openWebSocket(
  context: Context,
  address: string | URL,
  options: OpenOptions = {},
): Promise<WebSocket> {
  const url = readAddress(address);
  const protocols = options.protocols ?? [];
  if (tokens(protocols.join(","))?.length !== protocols.length || new Set(protocols).size < protocols.length) {
    throw new TypeError("a subprotocol is a token, and named once");
  }
  const late = new AbortController();
  const cancel = context.clock.after(options.timeout ?? OPEN_TIME, () => {
    late.abort(new SocketError("ETIMEDOUT", "connect"));
  });
  const signal = options.signal === undefined ? late.signal : AbortSignal.any([options.signal, late.signal]);
  let socket: Socket | undefined;
  try {
    socket = await connect(context, url, options, signal);
    const key = toBase64(context.random.fill(new Uint8Array(16)));
    await writeAll(socket, encodeLatin1(request(url, key, protocols, options.headers ?? [])), { signal });
    const { protocol, rest } = await readResponse(socket, key, protocols, signal);
    const { clock, random } = context;
    const { limits, heartbeat, turn } = options;
    const shape = {
      role: "client",
      clock,
      random,
      url: url.href,
      protocol,
      limits,
      heartbeat,
      turn,
      first: rest,
    } as const;
    return new WebSocket(socket, shape);
  } catch (error) {
    await socket?.close();
    throw error;
  } finally {
    cancel();
  }
}

function readAddress(address: string | URL): URL {
  const url = new URL(address);
  const protocol = { "http:": "ws:", "https:": "wss:" }[url.protocol] ?? url.protocol;
  if (protocol !== "ws:" && protocol !== "wss:") throw new TypeError(`${url.protocol} is no WebSocket's`);
  if (url.hash !== "") throw new TypeError("the address of a WebSocket has no fragment (RFC 6455 §3)");
  url.protocol = protocol;
  return url;
}

/** To the first of the host's addresses that takes us, ciphered where the address asks for it. */
async function connect(context: Context, url: URL, options: OpenOptions, signal: AbortSignal): Promise<Socket> {
  const secure = url.protocol === "wss:";
  if (secure && context.tls === undefined) throw new SocketError("EPROTONOSUPPORT", "connect");
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
  let failure: unknown;
  for (const each of await context.names.lookup(name, { signal })) {
    try {
      const socket = await connectTcp(context.sockets, { address: each, port }, { signal });
      if (!secure || context.tls === undefined) return socket;
      return await context.tls.wrap(socket, {
        ...options.tls,
        role: "client",
        serverName: name,
        alpn: ["http/1.1"],
        signal,
      });
    } catch (error) {
      failure = error;
      if (signal.aborted || !(error instanceof SocketError)) break;
    }
  }
  throw failure;
}

function request(
  url: URL,
  key: string,
  protocols: readonly string[],
  headers: Iterable<readonly [string, string]>,
): string {
  const fields = new Fields([
    ["Host", url.host],
    ["Upgrade", "websocket"],
    ["Connection", "Upgrade"],
    ["Sec-WebSocket-Key", key],
    ["Sec-WebSocket-Version", VERSION],
    ...(protocols.length === 0 ? [] : [["Sec-WebSocket-Protocol", protocols.join(", ")] as const]),
    ...headers,
  ]);
  return formatRequestHead("GET", `${url.pathname}${url.search}`, fields);
}

/** @returns what was agreed on, and what came after the answer already: the first of the frames */
async function readResponse(
  socket: Socket,
  key: string,
  protocols: readonly string[],
  signal: AbortSignal,
): Promise<{ protocol: string; rest: Uint8Array }> {
  const parser = new MessageParser("response");
  parser.answers("GET");
  for (;;) {
    const bytes = await socket.recv(PIECE, { signal });
    if (bytes.length === 0) throw new WebSocketError("the server closed the connection before it answered");
    let at = 0;
    for (;;) {
      at = parser.parse(bytes, at, bytes.length);
      if (parser.event === "more") break;
      if (parser.event === "error")
        throw new WebSocketError(`what the server answers is no HTTP: ${parser.failure?.code}`);
      const { status, fields } = parser.head;
      if (parser.event === "head" && (status === 101 || status >= 200)) {
        const headers = { get: (name: string) => fields.getAll(name).join(", ") || null };
        const answer = readAnswer({ status, headers }, { key, protocols });
        if ("why" in answer) throw new WebSocketError(answer.why, status);
        at = parser.parse(bytes, at, bytes.length); // the end of a message without content
        return { protocol: answer.protocol, rest: bytes.subarray(at) };
      }
    }
  }
}
