import type { SocketAddress } from "../../../address/endpoint.ts";
import type { Clock } from "../../../socket/clock.ts";
import { piecesOf } from "../body.ts";
import type { Middleware, RequestInfo } from "../handler.ts";
import type { Request } from "../request.ts";
import type { Response } from "../response.ts";
import { StatusError } from "../status-error.ts";
import { basicCredentials } from "./basic-auth.ts";
import { inPlaceOf, lengthOf, ownResponse, withContent } from "./response.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** What one line of an access log tells. */
export interface Access {
  readonly address: string;
  readonly user: string | undefined;
  readonly date: Date;
  /** Undefined for a request that was refused before it was understood. */
  readonly request: { readonly method: string; readonly target: string; readonly version: string } | undefined;
  readonly status: number;
  /** Bytes of the body that were sent. */
  readonly bytes: number;
  readonly referrer: string | null;
  readonly userAgent: string | null;
}

/** A line in Apache's combined format. What clients wrote is escaped, so that nobody can forge a line or move a cursor. */
export function formatAccess(access: Access): string {
  const { address, user, date, request, status, bytes, referrer, userAgent } = access;
  const line = request === undefined ? "-" : `${escaped(request.method)} ${escaped(request.target)} ${request.version}`;
  const fields = `"${escaped(referrer ?? "-")}" "${escaped(userAgent ?? "-")}"`;
  return `${address} - ${user === undefined || user === "" ? "-" : escapeUser(user)} [${logDate(date)}] "${line}" ${status} ${bytes || "-"} ${fields}`;
}

const pad = (value: number): string => String(value).padStart(2, "0");

function logDate(date: Date): string {
  const day = `${pad(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  return `${day}:${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())} +0000`;
}

const escaped = (text: string): string =>
  text.replaceAll(/["\\\p{Cc}]/gu, (character) =>
    character === '"' || character === "\\"
      ? `\\${character}`
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );

/** A user's name stands bare between spaces. */
const escapeUser = (user: string): string => escaped(user).replaceAll(" ", "\\x20");

/** Writes a line for each request that no handler has seen: a server's {@link ServeOptions.onRefused}. */
export const refusalLog =
  ({ clock }: { readonly clock: Clock }, write: (line: string) => void) =>
  ({ address }: SocketAddress, status: number): void => {
    const nothing = { user: undefined, request: undefined, bytes: 0, referrer: null, userAgent: null };
    write(formatAccess({ address, date: clock.date(), status, ...nothing }));
  };

/** Writes a line for each request, when its answer has been sent or given up. */
export function accessLog({ clock }: { readonly clock: Clock }, write: (line: string) => void): Middleware {
  return (next) => async (request, info) => {
    const date = clock.date();
    const log = (status: number, bytes: number): void =>
      write(formatAccess(accessOf(request, info, date, status, bytes)));
    let response: Response;
    try {
      response = ownResponse(await next(request, info));
    } catch (error) {
      log(error instanceof StatusError ? error.status : 500, 0);
      throw error;
    }
    const { status, headers } = response;
    let hasBody = false;
    const logged = withContent(response, (content) => {
      hasBody = true;
      if (request.method === "HEAD" || typeof content === "string" || content instanceof Uint8Array) {
        log(status, request.method === "HEAD" ? 0 : (lengthOf(content, headers) ?? 0));
        return content;
      }
      const pieces = piecesOf(content);
      const done = (bytes: number): void => log(status, bytes);
      return inPlaceOf(pieces, counting(pieces, done));
    });
    if (!hasBody) log(status, 0);
    return logged;
  };
}

function accessOf(request: Request, info: RequestInfo, date: Date, status: number, bytes: number): Access {
  const { method, target, headers } = request;
  const user = headers.has("authorization") ? basicCredentials(request)?.user : undefined;
  const [referrer, userAgent] = [headers.get("referer"), headers.get("user-agent")];
  const { remote, version = "HTTP/1.1" } = info;
  const line = { method, target, version };
  return { address: remote.address, user, date, request: line, status, bytes, referrer, userAgent };
}

async function* counting(pieces: AsyncIterable<Uint8Array>, done: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      yield piece;
      bytes += piece.length;
    }
  } finally {
    done(bytes);
  }
}
