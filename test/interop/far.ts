/** The other stack's sockets, played by far.py for the kernel and by gvisor/ for the netstack: calls as lines of JSON. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const FAR_PROGRAM = fileURLToPath(new URL("far.py", import.meta.url));

/** What a far socket takes: numbers, as `setsockopt` does. */
export type FarOptions = Readonly<
  Partial<
    Record<
      | "SO_RCVBUF"
      | "SO_SNDBUF"
      | "SO_LINGER"
      | "SO_KEEPALIVE"
      | "TCP_NODELAY"
      | "TCP_KEEPIDLE"
      | "TCP_KEEPINTVL"
      | "TCP_KEEPCNT",
      number
    >
  >
>;

/** What was received: how much, and its SHA-256 in hexadecimal. */
export interface Received {
  readonly count: number;
  readonly hash: string;
}

/** A call that the far stack refused; `code` is the errno's name. */
export class FarError extends Error {
  override name = "FarError";
  readonly code: string;

  constructor(op: string, code: string) {
    super(`the far end's ${op}: ${code}`);
    this.code = code;
  }
}

interface Answer extends Partial<Received> {
  readonly n: number;
  readonly error?: string;
  readonly socket?: number;
  readonly bytes?: string;
  readonly state?: string;
}

/** Hands a promise of something outside to a program of the network. */
export type Work = <T>(promise: Promise<T>, name: string) => Promise<T>;

/** The process that holds the far sockets. */
export class FarStack {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  #last = 0;
  #complaint = "";
  #ended: Error | undefined;

  constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process;
    process.stderr.on("data", (chunk: Buffer) => {
      this.#complaint += chunk;
    });
    createInterface(process.stdout).on("line", (line) => {
      const answer = JSON.parse(line) as Answer;
      this.#waiting.get(answer.n)?.resolve(answer);
      this.#waiting.delete(answer.n);
    });
    process.on("close", (code) => {
      this.#ended = new Error(`the far end ended with ${code}: ${this.#complaint}`);
      for (const { reject } of this.#waiting.values()) reject(this.#ended);
      this.#waiting.clear();
    });
  }

  /** @throws FarError */
  async call(op: string, parameters: object = {}): Promise<Answer> {
    const n = ++this.#last;
    const answer = await new Promise<Answer>((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      this.#waiting.set(n, { resolve, reject });
      this.#process.stdin.write(`${JSON.stringify({ n, op, ...parameters })}\n`);
    });
    if (answer.error !== undefined) throw new FarError(op, answer.error);
    return answer;
  }

  /** Its sockets for one program of the network, which may wait for their calls. */
  sockets(work: Work): FarSockets {
    return new FarSockets(this, work);
  }
}

export class FarSockets {
  readonly #stack: FarStack;
  readonly #work: Work;

  constructor(stack: FarStack, work: Work) {
    this.#stack = stack;
    this.#work = work;
  }

  async listen(port: number, options: FarOptions = {}): Promise<FarSocket> {
    return this.#adopt(await this.call("listen", { port, options }));
  }

  /** @param from a local port; any free one unless given @throws FarError */
  async connect(address: string, port: number, options: FarOptions = {}, from = 0): Promise<FarSocket> {
    return this.#adopt(await this.call("connect", { address, port, options, from }));
  }

  async accept(listener: FarSocket): Promise<FarSocket> {
    return this.#adopt(await listener.call("accept"));
  }

  call(op: string, parameters: object = {}): Promise<Answer> {
    return this.#work(this.#stack.call(op, parameters), `the far ${op}`);
  }

  #adopt(answer: Answer): FarSocket {
    return new FarSocket(this, answer.socket as number);
  }
}

/** One far socket. Each call is refused with a {@link FarError}. */
export class FarSocket {
  readonly #sockets: FarSockets;
  readonly #number: number;

  constructor(sockets: FarSockets, number: number) {
    this.#sockets = sockets;
    this.#number = number;
  }

  call(op: string, parameters: object = {}): Promise<Answer> {
    return this.#sockets.call(op, { socket: this.#number, ...parameters });
  }

  async send(data: string | Uint8Array): Promise<void> {
    await this.call("send", { bytes: Buffer.from(data).toString("hex") });
  }

  /** Sends what is in a file, once and so many times again. */
  async sendFile(file: string, again = 0): Promise<void> {
    await this.call("send", { file, again });
  }

  /** At most so many bytes, as text; nothing at the end. */
  async recv(size = 65_536): Promise<string> {
    const { bytes } = await this.call("recv", { size });
    return Buffer.from(bytes as string, "hex").toString();
  }

  /** Reads so many bytes, or to the end. */
  async drain(limit?: number): Promise<Received> {
    const { count = 0, hash = "" } = await this.call("drain", { limit });
    return { count, hash };
  }

  /** No more is sent. */
  async shutdown(): Promise<void> {
    await this.call("shutdown");
  }

  async close(): Promise<void> {
    await this.call("close");
  }

  /** Closes with a reset. */
  async reset(): Promise<void> {
    await this.set({ SO_LINGER: 0 });
    await this.close();
  }

  async set(options: FarOptions): Promise<void> {
    for (const [name, value] of Object.entries(options)) await this.call("option", { name, value });
  }

  /** Where it stands, as RFC 9293 calls it. */
  async state(): Promise<string> {
    return (await this.call("state")).state as string;
  }
}
