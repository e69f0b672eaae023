import type { Clock } from "../../socket/clock.ts";
import type { Socket } from "../../socket/socket.ts";
import type { RequestInfo } from "../http/handler.ts";
import type { Request } from "../http/request.ts";
import { Response } from "../http/response.ts";
import type { FlushTurn } from "./flush-turn.ts";
import { acceptKey, type Opening, type Refusal, readOpening, VERSION } from "./handshake.ts";
import type { WebSocketLimits } from "./limits.ts";
import { type Heartbeat, WebSocket } from "./websocket.ts";

export interface UpgradeOptions {
  readonly clock: Clock;
  /**
   * Whether a page of an origin may connect: a browser lets every page try, with the user's cookies (RFC 6455 §10.2).
   * @param origin null from programs that are no browsers
   */
  readonly allows: (origin: string | null, request: Request) => boolean;
  /** Subprotocols, best first; the first that the client knows is taken. */
  readonly protocols?: readonly string[] | undefined;
  readonly limits?: Partial<WebSocketLimits> | undefined;
  readonly heartbeat?: Heartbeat | undefined;
  readonly turn?: FlushTurn | undefined;
}

/**
 * Opens a WebSocket in answer to a request (RFC 6455 §4.2): 101, or 403 for an origin that may not, 400, 405 or 426 for what is
 * no opening handshake.
 * @param take is given the open connection, which is the program's from then on; when its promise rejects the connection is
 *   closed with 1011
 */
export function upgradeWebSocket(
  request: Request,
  info: RequestInfo,
  options: UpgradeOptions,
  take: (socket: WebSocket) => void | Promise<void>,
): Response {
  const opening = readOpening(request);
  if ("status" in opening) return refuse(opening);
  if (!options.allows(request.headers.get("origin"), request)) {
    return refuse({ status: 403, why: "this origin may not connect" });
  }
  const protocol = choose(opening, options.protocols ?? []);
  const headers: Record<string, string> = { Upgrade: "websocket", "Sec-WebSocket-Accept": acceptKey(opening.key) };
  if (protocol !== "") headers["Sec-WebSocket-Protocol"] = protocol;
  const { url } = request;
  const run = async (stream: Socket): Promise<void> => {
    const { clock, limits, heartbeat, turn } = options;
    const socket = new WebSocket(stream, { role: "server", clock, url, protocol, limits, heartbeat, turn });
    try {
      await take(socket);
    } catch (error) {
      socket.closeAsServer(1011);
      throw error;
    } finally {
      await socket.ended;
    }
  };
  try {
    return info.upgrade(headers, run);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return refuse({ status: 426, why: "WebSocket is opened over HTTP/1.1" }); // a client of 1.0 cannot ask for it
  }
}

const choose = ({ protocols }: Opening, ours: readonly string[]): string =>
  ours.find((each) => protocols.includes(each)) ?? "";

function refuse({ status, why }: Refusal): Response {
  const headers: Record<string, string> = { "Content-Type": "text/plain; charset=utf-8" };
  if (status === 405) headers.Allow = "GET";
  if (status === 426) Object.assign(headers, { Upgrade: "websocket", "Sec-WebSocket-Version": VERSION });
  return new Response(`${why}\n`, { status, headers });
}
