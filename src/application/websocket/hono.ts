import type { Clock } from "../../socket/clock.ts";
import type { RequestInfo } from "../http/handler.ts";
import type { Request } from "../http/request.ts";
import type { Response } from "../http/response.ts";
import { type UpgradeOptions, upgradeWebSocket } from "./server.ts";
import type { CloseFacts, WebSocket } from "./websocket.ts";

/**
 * As much of a context of Hono's as an upgrade needs. What the server tells beside the request comes with the environment:
 * `handler: (request, info) => app.fetch(request, { info })`.
 */
export interface HonoContext {
  readonly req: { readonly raw: object };
  readonly env?: object | undefined;
}

/** What an app hears of a connection; the events have what Hono's apps read of them. */
export interface HonoSocketEvents {
  readonly onOpen?: ((event: { readonly type: "open" }, socket: HonoSocket) => void) | undefined;
  readonly onMessage?:
    | ((event: { readonly type: "message"; readonly data: string | ArrayBuffer }, socket: HonoSocket) => void)
    | undefined;
  readonly onClose?: ((event: CloseFacts & { readonly type: "close" }, socket: HonoSocket) => void) | undefined;
  readonly onError?:
    | ((event: { readonly type: "error"; readonly error: unknown }, socket: HonoSocket) => void)
    | undefined;
}

export interface HonoSocketOptions extends Partial<Omit<UpgradeOptions, "clock" | "allows">> {
  readonly clock: Clock;
  /** Which origins may connect; that of the page itself, and programs that are no browsers, unless given. */
  readonly allows?: UpgradeOptions["allows"] | undefined;
}

/** A connection in the shape of Hono's WSContext. */
export class HonoSocket {
  readonly raw: WebSocket;
  readonly url: URL;
  readonly protocol: string | null;
  binaryType = "arraybuffer";

  constructor(raw: WebSocket) {
    this.raw = raw;
    this.url = new URL(raw.url);
    this.protocol = raw.protocol === "" ? null : raw.protocol;
  }

  get readyState(): 1 | 2 | 3 {
    return this.raw.readyState;
  }

  send(data: string | ArrayBuffer | Uint8Array): void {
    this.raw.send(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
  }

  close(code?: number, reason?: string): void {
    this.raw.close(code, reason);
  }
}

/**
 * Makes what Hono's apps know as `upgradeWebSocket`: `app.get("/ws", upgrade(() => ({ onMessage(event, socket) { … } })))`. A
 * request that asks for no upgrade goes on to the next handler.
 */
export function honoWebSocket(
  options: HonoSocketOptions,
): (
  events: (context: HonoContext) => HonoSocketEvents | Promise<HonoSocketEvents>,
) => (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined> {
  const all: UpgradeOptions = { ...options, allows: options.allows ?? isOwnPage };
  return (makeEvents) => async (context, next) => {
    const request = context.req.raw as Request;
    const info = (context.env as { readonly info?: RequestInfo } | undefined)?.info;
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      await next();
      return undefined;
    }
    if (info === undefined) throw new TypeError("give the server's info to the app: app.fetch(request, { info })");
    const events = await makeEvents(context);
    return upgradeWebSocket(request, info, all, (socket) => listen(socket, events));
  };
}

const isOwnPage: UpgradeOptions["allows"] = (origin, request) =>
  origin === null || origin === new URL(request.url).origin;

function listen(raw: WebSocket, events: HonoSocketEvents): void {
  const socket = new HonoSocket(raw);
  const tell = (call: () => void): void => {
    try {
      call();
    } catch (error) {
      events.onError?.({ type: "error", error }, socket);
    }
  };
  raw.onmessage = ({ data }) => {
    const given = typeof data === "string" ? data : new Uint8Array(data).buffer;
    tell(() => events.onMessage?.({ type: "message", data: given }, socket));
  };
  raw.onclose = (facts) => tell(() => events.onClose?.({ ...facts, type: "close" }, socket));
  tell(() => events.onOpen?.({ type: "open" }, socket));
}
