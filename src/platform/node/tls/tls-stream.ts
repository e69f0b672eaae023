import type { SocketTable } from "../../../socket/endpoint-socket.ts";
import type { StreamTransport } from "../../../socket/endpoints.ts";
import { DEFAULT_OPTIONS, isOwn, type OptionName } from "../../../socket/options.ts";
import { type Socket, SocketError, type SocketOptions } from "../../../socket/socket.ts";
import { StreamSocket } from "../../../socket/stream-socket.ts";
import type { TlsError, TlsFacts, TlsSocket } from "../../../socket/tls.ts";
import { DEFAULT_SETTINGS } from "../../../transport/tcp/settings.ts";
import type { TlsConnection } from "./connection.ts";

/** It is connected, and so can neither be bound nor connect again. */
const CONNECTED: StreamTransport = {
  settings: DEFAULT_SETTINGS,
  bind: () => "EINVAL",
  listen: () => "EINVAL",
  connect: () => "EISCONN",
};

/** A socket whose connection is ciphered: the calls are those of any stream socket, the options those of the one beneath. */
export class TlsStream extends StreamSocket implements TlsSocket {
  readonly tls: TlsFacts;
  readonly #inner: Socket;
  readonly #connection: TlsConnection;
  readonly #explain: (error: Error) => TlsError;

  /** @param explain puts what the engine says for people */
  constructor(
    table: SocketTable,
    inner: Socket,
    connection: TlsConnection,
    tls: TlsFacts,
    explain: (error: Error) => TlsError,
  ) {
    super(table, CONNECTED, { connection, options: DEFAULT_OPTIONS, settings: {} });
    this.tls = tls;
    this.#inner = inner;
    this.#connection = connection;
    this.#explain = explain;
  }

  get failure(): TlsError | undefined {
    const { failure } = this.#connection;
    return failure === undefined ? undefined : this.#explain(failure);
  }

  get onSession(): ((session: Uint8Array) => void) | undefined {
    return this.#connection.onSession;
  }

  set onSession(told: ((session: Uint8Array) => void) | undefined) {
    this.#connection.onSession = told;
  }

  /** As {@link TlsConnection.closed}; a reset does not wait. */
  protected override release(): Promise<void> {
    const linger = super.release();
    return linger ?? this.#connection.closed;
  }

  override setsockopt<Name extends OptionName>(name: Name, value: SocketOptions[Name]): void {
    if (this.closed) throw new SocketError("EBADF", "setsockopt");
    if (isOwn(name)) super.setsockopt(name, value);
    if (!isOwn(name) || name === "SO_LINGER") this.#inner.setsockopt(name, value);
  }

  override getsockopt<Name extends OptionName>(name: Name): SocketOptions[Name] {
    if (this.closed) throw new SocketError("EBADF", "getsockopt");
    return isOwn(name) ? super.getsockopt(name) : this.#inner.getsockopt(name);
  }
}
