import type { RequestInfo } from "../../../application/http/handler.ts";
import { type HttpServer, type Request, Response, serveHttp } from "../../../application/http/index.ts";
import { upgradeWebSocket, type WebSocketLimits } from "../../../application/websocket/index.ts";
import type { WatcherChannel } from "../../../engine/channel.ts";
import type { Hello } from "../../../engine/protocol/index.ts";
import { seconds } from "../../../time/instant.ts";
import { osContext } from "../os-context.ts";
import { isOwnHost, isOwnOrigin, makeToken, SECURITY_HEADERS } from "./guard.ts";
import { INVITATION_PATH, Invitation } from "./invitation.ts";
import { type PageFiles, pageResponse } from "./page-files.ts";
import { hearOut, type ReadMessage } from "./watcher-socket.ts";

const LOOPBACK = "127.0.0.1";
/** Where on the server the engine is spoken to. */
export const ENGINE_PATH = "/engine";

/** Pages that may watch at once; one more is told that the engine is busy. */
export const WATCHERS_LIMIT = 32;
/** Connections that have not yet shown the token; one more is answered 503. */
export const UNKNOWN_LIMIT = 32;
/** Connections at once: those of pages that load, and of watchers. */
const CONNECTIONS_LIMIT = 256;

/** What a page may say: more than people and their keyboards do, less than what would hold the engine up. */
export const WATCHER_LIMITS: Partial<WebSocketLimits> = {
  // A document of 1 MiB, escaped.
  messageBytes: 2_162_688,
  messageRate: 500,
  messageBurst: 2_000,
  queueBytes: 33_554_432,
};
const HEARTBEAT = { interval: seconds(20), timeout: seconds(20) } as const;

export interface LabServerOptions {
  /** 0 chooses one. */
  readonly port: number;
  readonly page: PageFiles;
  readonly read: ReadMessage;
  /** Is given each watcher that has shown the token, with its hello. */
  readonly admit: (channel: WatcherChannel, hello: Hello) => void;
}

export interface LabServer {
  readonly port: number;
  /** The page's address, with the token in its fragment. */
  readonly url: string;
  readonly token: string;
  /** @returns an address that leads to the page and its token once, for a command's arguments, which others can read */
  invite(): string;
  /** Resolves when it has ended; rejects when it cannot accept connections any more. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Serves the page and its engine to browsers on this machine alone, on our own HTTP and WebSocket. @throws SocketError as listening does */
export async function serveLab(options: LabServerOptions): Promise<LabServer> {
  const lab = new Lab(options);
  const { handler } = lab;
  const limits = { connections: CONNECTIONS_LIMIT, connectionsPerAddress: CONNECTIONS_LIMIT };
  const server = await serveHttp(lab.context, { address: LOOPBACK, port: options.port, handler, limits });
  lab.listens(server);
  return lab;
}

class Lab implements LabServer {
  readonly token = makeToken();
  readonly #end = new AbortController();
  readonly context = osContext({ signal: this.#end.signal });
  readonly #invitation = new Invitation(this.token, this.context.clock);
  readonly #options: LabServerOptions;
  #server: HttpServer | undefined;
  #unknown = 0;
  #watchers = 0;

  constructor(options: LabServerOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#server?.address.port ?? 0;
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.port}/#token=${this.token}`;
  }

  invite(): string {
    return `http://${LOOPBACK}:${this.port}${this.#invitation.make()}`;
  }

  get ended(): Promise<void> {
    return this.#server?.ended ?? Promise.resolve();
  }

  listens(server: HttpServer): void {
    this.#server = server;
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#end.abort();
  }

  readonly handler = (request: Request, info: RequestInfo): Response => {
    const response = this.#answer(request, info);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
    return response;
  };

  #answer(request: Request, info: RequestInfo): Response {
    if (!isOwnHost(request, this.port)) return refuse(421, "This is not the server of that host.");
    const [path = ""] = request.target.split("?");
    if (path === ENGINE_PATH) return this.#upgrade(request, info);
    if (path.startsWith(INVITATION_PATH)) return this.#invitation.answer(request.method, path);
    const bytes = this.#options.page.get(path);
    if (bytes === undefined) return refuse(404, "There is no such file.");
    if (request.method !== "GET" && request.method !== "HEAD") {
      return refuse(405, "Files are read, no more.", { Allow: "GET, HEAD" });
    }
    return pageResponse(path, bytes, request.headers.get("host") ?? "");
  }

  #upgrade(request: Request, info: RequestInfo): Response {
    if (this.#unknown >= UNKNOWN_LIMIT) return refuse(503, "Too many connections have not said who they are.");
    const { clock } = this.context;
    const { read, admit } = this.#options;
    const allows = (): boolean => isOwnOrigin(request);
    return upgradeWebSocket(
      request,
      info,
      { clock, allows, limits: WATCHER_LIMITS, heartbeat: HEARTBEAT },
      (socket) => {
        let isKnown = false;
        this.#unknown++;
        const hasRoom = (): boolean => this.#watchers < WATCHERS_LIMIT;
        const heard = hearOut(socket, {
          token: this.token,
          clock,
          read,
          hasRoom,
          admit: (channel, hello) => {
            isKnown = true;
            this.#unknown--;
            this.#watchers++;
            admit(channel, hello);
          },
        });
        return heard.finally(() => {
          if (isKnown) this.#watchers--;
          else this.#unknown--;
        });
      },
    );
  }
}

const refuse = (status: number, why: string, headers: Record<string, string> = {}): Response =>
  new Response(`${why}\n`, { status, headers: { "Content-Type": "text/plain; charset=utf-8", ...headers } });
