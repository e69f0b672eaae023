import { X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Errno } from "../../../base/errno.ts";
import { SocketTable } from "../../../socket/endpoint-socket.ts";
import type { Waking } from "../../../socket/endpoints.ts";
import { type Socket, SocketError } from "../../../socket/socket.ts";
import { type Tls, TlsError, type TlsIdentity, type TlsOptions, type TlsSocket } from "../../../socket/tls.ts";
import { OPEN_SOCKETS_LIMIT } from "../../../socket/virtual.ts";
import { type ConnectionParts, TlsConnection } from "./connection.ts";
import { Contexts } from "./contexts.ts";
import { TlsEngine } from "./engine.ts";
import { explain } from "./explain.ts";
import { certificateOf, factsOf } from "./facts.ts";
import { type ClientSession, packSession, unpackSession } from "./session.ts";
import { TlsStream } from "./tls-stream.ts";
import { verify } from "./verify.ts";
import { clientSocket, serverSocket } from "./wire-sockets.ts";

export interface NodeTlsOptions {
  /** What they are, or a promise of it, asked for when TLS is first used. */
  readonly contexts: Contexts | (() => Promise<Contexts>);
  readonly waking: Waking;
  /** As a program's context has it. */
  readonly work: ConnectionParts["work"];
  /** As {@link ConnectionParts.patient}. */
  readonly patient: boolean;
  /** Takes each line of the key log (NSS's format, without its end): with them a capture can be read. */
  readonly onSecret?: ((line: string) => void) | undefined;
  /** Of the network's own authority. */
  readonly certify?: ((names: readonly string[]) => Promise<TlsIdentity>) | undefined;
}

/** Ciphers connections by `node:tls`, whatever sockets they are made of. */
export class NodeTls implements Tls {
  readonly certify: Tls["certify"];
  readonly #options: NodeTlsOptions;
  readonly #table: SocketTable;
  #contexts: Contexts | undefined;

  constructor(options: NodeTlsOptions) {
    this.#options = options;
    this.#table = new SocketTable(options.waking, OPEN_SOCKETS_LIMIT);
    const { certify, work } = options;
    this.certify = certify && ((names) => work(certify(names), "certificate"));
  }

  async wrap(socket: Socket, options: TlsOptions): Promise<TlsSocket> {
    try {
      options.signal?.throwIfAborted();
      const { contexts, work } = this.#options;
      this.#contexts ??= contexts instanceof Contexts ? contexts : await work(contexts(), "TLS authority");
      return await this.#shakeHands(socket, options, this.#contexts);
    } catch (error) {
      await socket.close();
      throw error;
    }
  }

  async #shakeHands(inner: Socket, options: TlsOptions, contexts: Contexts): Promise<TlsSocket> {
    const { waking, work, patient } = this.#options;
    const session = usableSession(options);
    const engine = this.#engine(options, contexts, session);
    const connection = new TlsConnection({ inner, engine, waking, work, patient });
    try {
      await this.#handshake(connection, options);
      const isResumed = session?.certificate !== undefined && engine.socket.isSessionReused();
      const peer = isResumed ? new X509Certificate(session.certificate) : certificateOf(engine.socket);
      const unverified = verify(engine.socket, options, peer);
      if (unverified !== undefined && insists(options)) throw new TlsError(unverified.code, unverified.message);
      const [certificate, verified] = [peer?.raw, unverified === undefined];
      connection.packSession = (session) => packSession({ certificate, verified, session });
      const facts = factsOf(engine.socket, options, peer, unverified?.message);
      return new TlsStream(this.#table, inner, connection, facts, (error) => explain(error, options.role));
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  #handshake(connection: TlsConnection, { role, signal, timeout }: TlsOptions): Promise<void> {
    const { waking } = this.#options;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        cancel?.();
        signal?.removeEventListener("abort", aborted);
        connection.onHandshake = undefined;
        waking.wake();
      };
      const give = (error: unknown): void => {
        end();
        connection.abort();
        reject(error);
      };
      const aborted = (): void => give(signal?.reason);
      signal?.addEventListener("abort", aborted);
      const late = (): void => give(new SocketError("ETIMEDOUT", "wrap"));
      const cancel = timeout === undefined ? undefined : waking.after(timeout, late);
      connection.onHandshake = (failure) => {
        end();
        if (failure === undefined) resolve();
        else reject(handshakeError(failure, role));
      };
      connection.start();
    });
  }

  #engine(options: TlsOptions, contexts: Contexts, session: ClientSession | undefined): TlsEngine {
    const { onSecret } = this.#options;
    const secureContext = contexts.of(options);
    const make =
      options.role === "client"
        ? (wire: Duplex) => clientSocket(wire, options, secureContext, session?.session)
        : (wire: Duplex) => serverSocket(wire, options, secureContext, contexts);
    const engine = new TlsEngine(make, options.role === "client" ? "secureConnect" : "secure");
    if (onSecret !== undefined)
      engine.socket.on("keylog", (line: Buffer) => onSecret(line.toString("latin1").trimEnd()));
    return engine;
  }
}

/** The session that the options name, unless it is one of a server that nobody has verified, and now somebody wants that. */
function usableSession(options: TlsOptions): ClientSession | undefined {
  if (options.role === "server" || options.session === undefined) return undefined;
  const session = unpackSession(options.session);
  return session?.verified || options.insecure ? session : undefined;
}

/** Whether a peer that cannot be verified is refused. */
const insists = (options: TlsOptions): boolean =>
  options.role === "client" ? options.insecure !== true : options.clientCertificate === "require";

function handshakeError(failure: Errno | Error, role: TlsOptions["role"]): Error {
  if (failure instanceof Error) return explain(failure, role);
  const other = role === "client" ? "server" : "client";
  if (failure !== "ECONNRESET") return new SocketError(failure, "wrap");
  return new TlsError(failure, `the ${other} ended the connection in the middle of the TLS handshake`);
}
