import { formatEndpoint } from "../../address/endpoint.ts";
import type { Input, Inputs } from "../input-log.ts";
import type { PublishedClient, PublishOptions, PublishSnapshot } from "./publish.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The virtual half of a published port, as far as it is the same for streams and datagrams: real clients come by numbers,
 * and all that the real half says is an input. So a replay, which has no real half, does the same.
 */
export abstract class PublishedDoor {
  readonly name: string;
  readonly options: PublishOptions;
  /** The name under which its inputs are recorded. */
  readonly door: string;
  abstract readonly protocol: "tcp" | "udp";
  readonly #inputs: Inputs;
  readonly #shut: () => void;

  constructor(options: PublishOptions) {
    this.name = options.name;
    this.options = options;
    this.door = `publish ${options.name}`;
    this.#inputs = options.inputs;
    this.#shut = options.inputs.door(this.door, (input) => {
      if (input.kind === "open") this.come(input.number, decoder.decode(input.bytes));
      else this.input(input);
    });
  }

  /** A client enters the network. */
  protected abstract come(number: number, real: string): void;

  /** Ends it: who came in by it is reset, and nobody comes in any more. */
  close(): void {
    this.#shut();
    this.leave();
  }

  /** All clients leave the network. */
  protected abstract leave(): void;

  /** Anything else that the real half has said. */
  protected abstract input(input: Input): void;

  protected abstract clients(): PublishedClient[];

  /** Whether a record is played: then nothing may come in from outside. */
  get replaying(): boolean {
    return this.#inputs.replaying;
  }

  // What the real half says. Each is an input, and false when it was refused, because too many wait.

  /** A client has come. @param number never used before @param real its endpoint, for the log */
  open(number: number, real: string): boolean {
    return this.say("open", number, encoder.encode(real));
  }

  /** Bytes from a client, handed over: a datagram, or of a stream as many as may be on the way until they are taken. */
  data(number: number, bytes: Uint8Array): boolean {
    return this.say("data", number, bytes);
  }

  protected say(kind: string, number: number, bytes?: Uint8Array, count?: number): boolean {
    return this.#inputs.submit(this.door, kind, bytes, number, count);
  }

  snapshot(): PublishSnapshot {
    const { name, protocol } = this;
    const { host, to } = this.options;
    return { name, protocol, host: host.name, to: formatEndpoint(to.address, to.port), clients: this.clients() };
  }
}
