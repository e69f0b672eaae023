import type { SocketAddress } from "../../../address/endpoint.ts";
import type { Clock } from "../../../socket/clock.ts";
import type { TlsFacts } from "../../../socket/tls.ts";
import type { Instant } from "../../../time/instant.ts";
import type { Handler } from "../handler.ts";
import type { MessageParser } from "../message/parser.ts";
import type { Deadlines } from "./deadlines.ts";
import type { ServerLimits } from "./limits.ts";

/** Who is at both ends of a connection, and what ciphers it. */
export interface ConnectionEnds {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  readonly tls?: TlsFacts | undefined;
}

/** What the connections of a server have in common. */
export interface ConnectionHost<Connection> {
  readonly handler: Handler;
  readonly limits: ServerLimits;
  readonly clock: Clock;
  /** Deadlines by the limits' names for them. */
  readonly idle: Deadlines;
  readonly head: Deadlines;
  readonly rate: Deadlines;
  readonly linger: Deadlines;
  /** The server ends: each answer is the last of its connection. */
  readonly closing: boolean;
  /** A parser at the beginning of a request: one that reads for all in turn is sooner at hand than one of each. */
  takeParser(): MessageParser;
  /** @param parser that is between two requests */
  giveBackParser(parser: MessageParser): undefined;
  /** The line of a head that tells the date. */
  dateLine(now: Instant): string;
  waitUntil(work: Promise<unknown>): void;
  /** A handler, or what it gave, has failed. */
  failed(error: unknown, method: string, target: string): void;
  /** A request was answered before any handler could see it. */
  refused(client: SocketAddress, status: number): void;
  connectionEnded(connection: Connection): void;
}
