import { ScriptBusy, ScriptError } from "../../../application/cgi/errors.ts";
import type { Connections, Lent } from "../../../application/fastcgi/connections.ts";
import type { Log } from "../../../application/program.ts";
import type { Clock } from "../../../socket/clock.ts";
import { type Duration, seconds } from "../../../time/instant.ts";
import { Worker, type WorkerOptions } from "./worker.ts";

export interface WorkersOptions extends Omit<WorkerOptions, "said"> {
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly name: string;
  /** Processes: as many requests are answered at once. */
  readonly count: number;
  /** Requests that may wait for one. */
  readonly waiting: number;
}

/** How long an application may take to load. */
const START_TIME = seconds(60);
/** The first pause before a worker is replaced that died young; each next one is twice as long, up to the longest. */
const FIRST_PAUSE = seconds(0.5);
const LONGEST_PAUSE = seconds(30);
/** A worker that lived so long is replaced at once, and the next pause is the first again. */
const GROWN_UP = seconds(60);

interface Waiting {
  take(worker: Worker): void;
  refuse(error: unknown): void;
}

/** The processes of one WSGI application: those that die are replaced. */
export class Workers implements Connections {
  readonly #options: WorkersOptions;
  readonly #alive = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #waiting = new Set<Waiting>();
  readonly #pauses = new Set<() => void>();
  #pause: Duration = FIRST_PAUSE;
  /** Why the last one that died did. */
  #failure = "";
  /** All that were wanted have been ready once: from now on those that die are replaced. */
  #started = false;
  #closed = false;
  #onGone: () => void = () => {};

  constructor(options: WorkersOptions) {
    this.#options = options;
  }

  /** Starts them. @throws ScriptError when the application cannot be loaded; none is left then */
  async start(): Promise<void> {
    try {
      // What cannot be loaded is said by the first alone, not by all at once.
      await this.#start();
      await Promise.all(Array.from({ length: this.#options.count - 1 }, () => this.#start()));
      this.#started = true;
    } catch (error) {
      this.kill();
      throw error;
    }
  }

  async lend(signal?: AbortSignal): Promise<Lent> {
    signal?.throwIfAborted();
    const idle = this.#takeIdle();
    return this.#lent(idle ?? (await this.#next(signal)));
  }

  /** Ends them when each has done what it does, at the latest after a time. */
  async close(time: Duration): Promise<void> {
    this.#end();
    for (const worker of this.#idle.splice(0)) worker.close();
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(time, resolve);
      this.#onGone = () => {
        if (this.#alive.size > 0) return;
        cancel();
        resolve();
      };
      this.#onGone();
    });
    this.kill();
  }

  /** Ends them now. */
  kill(): void {
    this.#end();
    for (const worker of this.#alive) worker.kill();
  }

  #end(): void {
    this.#closed = true;
    for (const cancel of this.#pauses) cancel();
    for (const waiting of this.#waiting) waiting.refuse(new ScriptBusy("the server is closing"));
    this.#waiting.clear();
  }

  /** One that lives, as far as can be seen. */
  #takeIdle(): Worker | undefined {
    for (;;) {
      const worker = this.#idle.shift();
      if (worker === undefined) return undefined;
      const { readable, hangup, error } = worker.socket.poll();
      if (!readable && !hangup && !error) return worker;
      worker.kill();
    }
  }

  #next(signal?: AbortSignal): Promise<Worker> {
    if (this.#closed) throw new ScriptBusy("the server is closing");
    if (this.#alive.size === 0) throw new ScriptBusy(`no worker is left: ${this.#failure}`);
    if (this.#waiting.size >= this.#options.waiting) throw new ScriptBusy("too many requests wait for a worker");
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#waiting.delete(waiting);
        signal?.removeEventListener("abort", gone);
      };
      const waiting: Waiting = {
        take(worker) {
          done();
          resolve(worker);
        },
        refuse(error) {
          done();
          reject(error);
        },
      };
      const gone = (): void => waiting.refuse(signal?.reason);
      signal?.addEventListener("abort", gone, { once: true });
      this.#waiting.add(waiting);
    });
  }

  #lent(worker: Worker): Lent {
    const giveBack = (reusable: boolean): void => {
      // One that does not answer is replaced.
      if (reusable) this.#free(worker);
      else worker.kill();
    };
    // It may have died just now: then another is asked.
    return { socket: worker.socket, used: true, giveBack };
  }

  #free(worker: Worker): void {
    if (!this.#alive.has(worker)) return;
    const [next] = this.#waiting;
    if (next !== undefined) next.take(worker);
    else if (this.#closed) worker.close();
    else this.#idle.push(worker);
  }

  async #start(): Promise<void> {
    const { clock, log, name } = this.#options;
    const said = (line: string): void => log("script-said", { gateway: name, line });
    const worker = new Worker({ ...this.#options, said });
    const began = clock.now();
    this.#alive.add(worker);
    void worker.ended.then((why) => this.#died(worker, why, clock.now() - began));
    await worker.ready(START_TIME);
    log("worker-ready", { gateway: name, pid: worker.pid });
    this.#free(worker);
  }

  #died(worker: Worker, why: string, age: number): void {
    this.#alive.delete(worker);
    const index = this.#idle.indexOf(worker);
    if (index >= 0) this.#idle.splice(index, 1);
    worker.close();
    this.#onGone();
    if (this.#started && !this.#closed) this.#replace(worker.pid, why, age);
  }

  #replace(pid: number, why: string, age: number): void {
    const { clock, log, name } = this.#options;
    this.#failure = why;
    if (this.#alive.size === 0) {
      for (const each of [...this.#waiting]) each.refuse(new ScriptBusy(`no worker is left: ${why}`));
    }
    const pause = age >= GROWN_UP ? (0 as Duration) : this.#pause;
    this.#pause = age >= GROWN_UP ? FIRST_PAUSE : (Math.min(2 * this.#pause, LONGEST_PAUSE) as Duration);
    log("worker-died", { gateway: name, pid, why, pause: pause / 1e9 });
    const cancel = clock.after(pause, () => {
      this.#pauses.delete(cancel);
      this.#start().catch((error: unknown) => {
        // A worker that has died said why already; here there was not even one.
        if (!(error instanceof ScriptError)) this.#replace(0, String(error), 0);
      });
    });
    this.#pauses.add(cancel);
  }
}
