import {
  type Ended,
  type FromEngine,
  type Method,
  type Methods,
  PROTOCOL_VERSION,
  type Push,
  type Refusal,
  type Request,
  type Welcome,
} from "../../src/engine/protocol/index.ts";
import { type Backoff, wait } from "./backoff.ts";
import { disconnected, RequestError } from "./problem.ts";
import { type ConnectionState, type Link, NO_CONNECTION } from "./store.ts";
import type { OpenTransport, Transport } from "./transport.ts";

type PushType = Push["type"];
type PushOf<T extends PushType> = Extract<Push, { type: T }>;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: RequestError) => void;
}

export interface ConnectionOptions {
  readonly open: OpenTransport;
  /** Milliseconds: an engine that says nothing for so long is taken for gone. */
  readonly patience: number;
  readonly token?: string | undefined;
  readonly update: (change: Partial<ConnectionState>) => void;
  /** Calls a function later. @returns what cancels it */
  readonly later: (milliseconds: number, call: () => void) => () => void;
  /** 0 to 1: spreads the tries of many tabs. */
  readonly chance: () => number;
  readonly backoff?: Backoff;
}

/** The page's end of the engine's protocol: requests and their answers, pushes, and coming back after a break. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<PushType, Set<(push: Push) => void>>();
  #transport: Transport | undefined;
  #known: ConnectionState = NO_CONNECTION;
  #tries = 0;
  #ids = 0;
  #cancel: () => void = () => {};

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Connects, at once and again whenever the connection breaks, until {@link close} or a refusal. */
  connect(): void {
    this.#drop();
    const { open, token, later, patience } = this.#options;
    const transport = open({
      onOpen: () => {
        if (transport !== this.#transport) return;
        transport.send({ type: "hello", version: PROTOCOL_VERSION, ...(token === undefined ? {} : { token }) });
      },
      onMessage: (message) => {
        if (transport === this.#transport) this.#take(message as FromEngine);
      },
      onClose: () => {
        if (transport === this.#transport) this.#lost();
      },
    });
    this.#transport = transport;
    this.#cancel = later(patience, () => this.#lost());
  }

  close(): void {
    this.#drop();
  }

  /** @throws RequestError (as a rejection) for what the engine cannot do, `disconnected` when it is not there */
  request<M extends Method>(method: M, params: Methods[M]["params"]): Promise<Methods[M]["result"]> {
    const transport = this.#transport;
    if (transport === undefined || this.#known.link.kind !== "open") return Promise.reject(disconnected());
    const id = ++this.#ids;
    const request: Request<M> = { type: "request", id, method, params };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      transport.send(request);
    });
  }

  /** Hears what the engine says unasked. @returns what ends it */
  on<T extends PushType>(type: T, listener: (push: PushOf<T>) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    const heard = listener as (push: Push) => void;
    listeners.add(heard);
    return () => void listeners.delete(heard);
  }

  #take(message: FromEngine): void {
    if (message.type === "welcome") this.#welcomed(message);
    else if (message.type === "refusal") this.#refused(message);
    else if (message.type === "ended") this.#ended(message);
    else if (message.type === "result") this.#answered(message.id)?.resolve(message.result);
    else if (message.type === "failure") this.#answered(message.id)?.reject(new RequestError(message.error));
    else this.#pushed(message);
  }

  #answered(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #pushed(push: Push): void {
    if (push.type === "state") this.#update({ state: push.state });
    if (push.type === "network") this.#update({ network: push.network });
    for (const listener of this.#listeners.get(push.type) ?? []) listener(push);
  }

  #welcomed({ network, state, ...welcome }: Welcome): void {
    this.#cancel();
    this.#tries = 0;
    const before = this.#known.welcome;
    const engineChanged = before !== undefined && before.engine !== welcome.engine;
    const session = this.#known.session + 1;
    this.#update({ link: { kind: "open" }, session, welcome, network, state, engineChanged });
  }

  #refused({ code, version }: Refusal): void {
    this.#drop();
    this.#update({ link: { kind: "refused", code, version } });
  }

  /** Trying again by itself might end the same way again and again: who watches says when. */
  #ended({ problem }: Ended): void {
    this.#drop();
    this.#update({ link: { kind: "ended", problem } });
  }

  #lost(): void {
    this.#drop();
    this.#tries++;
    const link: Link = { kind: "gone", tries: this.#tries };
    this.#update({ link });
    const { later, chance, backoff } = this.#options;
    this.#cancel = later(wait(this.#tries, chance(), backoff), () => this.connect());
  }

  #drop(): void {
    this.#cancel();
    this.#cancel = () => {};
    this.#transport?.close();
    this.#transport = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(disconnected());
  }

  #update(change: Partial<ConnectionState>): void {
    this.#known = { ...this.#known, ...change };
    this.#options.update(change);
  }
}
