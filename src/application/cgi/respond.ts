import { SocketError } from "../../socket/socket.ts";
import type { AnyResponse, Handler, RequestInfo } from "../http/handler.ts";
import { Headers } from "../http/headers.ts";
import { plain } from "../http/plain.ts";
import { Request } from "../http/request.ts";
import { Response } from "../http/response.ts";
import type { Log } from "../program.ts";
import { ScriptBusy, ScriptError, ScriptTimeout } from "./errors.ts";
import type { ScriptHead } from "./head.ts";

/** Local redirects that follow one another, at most. */
const REDIRECTS_LIMIT = 10;
/** Bytes of a body that nobody gets which are read so that the script can end by itself. */
const UNWANTED_LIMIT = 1024 * 1024;

/** English for what gateways log. */
export const GATEWAY_MESSAGES: Readonly<Record<string, string>> = {
  "script-said": "{gateway}: {line}",
  "script-failed": "{gateway}: no answer to {method} {target}: {why}",
  "worker-ready": "{gateway}: worker {pid} is ready",
  "worker-died": "{gateway}: worker {pid} has died: {why}; another starts in {pause} s",
  "script-cut": "{gateway}: the answer to {method} {target} was cut off: {why}",
};

/** What a script answered. */
export interface ScriptAnswer {
  readonly head: ScriptHead;
  /** To be read to its end or given up by `return`; fails when the answer ends before it is whole. */
  readonly body: AsyncIterableIterator<Uint8Array>;
}

export interface RespondOptions {
  /** For the log. */
  readonly gateway: string;
  readonly log: Log;
  /** Answers local redirects (RFC 3875 §6.2.2): all of the site that the script is in. */
  readonly site: Handler;
}

/** Asks a script. @throws ScriptError, SocketError when there is no answer */
export type AskScript = (request: Request, info: RequestInfo) => Promise<ScriptAnswer>;

/** The redirects behind a request that a script's answer made. */
const redirects = new WeakMap<Request, number>();

/** A handler that lets a script answer: 502 when it cannot, 503 when too many wait, 504 when it takes too long. */
export function respondBy(ask: AskScript, { gateway, log, site }: RespondOptions): Handler {
  return async (request, info) => {
    const { method, target } = request;
    const tell = (code: string, error: unknown): void =>
      log(code, { gateway, method, target, why: error instanceof Error ? error.message : String(error) });
    try {
      const { head, body } = await ask(request, info);
      if (head.localRedirect === undefined) return toResponse(request, info, head, watched(body, tell));
      info.waitUntil(discard(body));
      return await redirect(request, info, head.localRedirect, site);
    } catch (error) {
      // The client has gone, and nobody is to be answered.
      if (info.signal.aborted) return plain(502, "502 Bad Gateway");
      if (!(error instanceof ScriptError || error instanceof SocketError)) throw error;
      tell("script-failed", error);
      return failure(error);
    }
  };
}

/** The answer that the client gets when the script gave none. */
function failure(error: ScriptError | SocketError): Response {
  if (error instanceof ScriptBusy) return plain(503, "503 Service Unavailable", { "Retry-After": "1" });
  return error instanceof ScriptTimeout ? plain(504, "504 Gateway Timeout") : plain(502, "502 Bad Gateway");
}

function toResponse(
  request: Request,
  info: RequestInfo,
  head: ScriptHead,
  body: AsyncIterableIterator<Uint8Array>,
): Response {
  const { status, reason: statusText, fields: headers } = head;
  const isBodiless = request.method === "HEAD" || status === 204 || status === 205 || status === 304;
  if (isBodiless) info.waitUntil(discard(body));
  return new Response(isBodiless ? null : body, { status, statusText, headers });
}

/** Logs why a body ends too early; the server cuts the connection then. No generator, whose `return` before `next` is not told. */
function watched(
  body: AsyncIterableIterator<Uint8Array>,
  tell: (code: string, error: unknown) => void,
): AsyncIterableIterator<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () =>
      body.next().catch((error: unknown) => {
        tell("script-cut", error);
        throw error;
      }),
    return: () => body.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
}

async function discard(body: AsyncIterableIterator<Uint8Array>): Promise<void> {
  let length = 0;
  try {
    for await (const piece of body) {
      length += piece.length;
      if (length > UNWANTED_LIMIT) return;
    }
  } catch {
    // It failed where nobody looks.
  }
}

function redirect(request: Request, info: RequestInfo, to: string, site: Handler): AnyResponse | Promise<AnyResponse> {
  const count = (redirects.get(request) ?? 0) + 1;
  if (count > REDIRECTS_LIMIT) throw new ScriptError(`more than ${REDIRECTS_LIMIT} local redirects`);
  const headers = new Headers(request.headers);
  for (const name of ["content-length", "content-type", "content-encoding", "transfer-encoding", "expect"]) {
    headers.delete(name);
  }
  const next = new Request(new URL(to, request.url), { headers, signal: request.signal });
  redirects.set(next, count);
  return site(next, info);
}
