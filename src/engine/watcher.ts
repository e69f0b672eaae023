import type { Heard, WatcherChannel } from "./channel.ts";
import type { Course } from "./course.ts";
import type { Handlers } from "./methods/handlers.ts";
import { PacketLists } from "./packet-lists.ts";
import type { DocumentState } from "./protocol/document.ts";
import type { Failure, Push, Request, Welcome } from "./protocol/messages.ts";
import type { NetworkInfo } from "./protocol/network.ts";
import type { Problem } from "./protocol/problem.ts";
import type { EngineState } from "./protocol/state.ts";
import { RequestError } from "./request-error.ts";
import { BUFFERED_LIMIT, LINES_PER_MESSAGE, REQUESTS_LIMIT, TYPED_LIMIT } from "./settings.ts";
import type { TrafficSeen } from "./traffic.ts";

/** What a watcher is shown. */
export interface Watched {
  handlers(): Partial<Handlers>;
  course(): Course;
  welcome(): Welcome;
  state(): EngineState;
  network(): NetworkInfo;
  /** Counts what there was to tell of the document, and how it stands. */
  documentTold(): number;
  document(): DocumentState | undefined;
  /** The watcher has gone. */
  left(watcher: Watcher): void;
}

/** One who watches and steers: is answered, and pushed what has changed since it was told last. */
export class Watcher {
  /** Its lists of packets. */
  readonly lists: PacketLists;
  readonly #channel: WatcherChannel;
  readonly #watched: Watched;
  #underWay = 0;
  /** What it was told last. */
  #state = "";
  #network: NetworkInfo;
  #course: Course;
  #line: number;
  /** Text of terminals that it is still to be told, by their number, and which have closed. */
  readonly #typed = new Map<number, string>();
  #closed: number[] = [];
  #terminalsAnew = false;
  /** Crossings that it wants to be told of each time; undefined for no traffic at all. */
  #crossings: number | undefined;
  /** Whether it is told between whom they go. */
  #flows = false;
  #cablesAnew = false;
  #gone = false;
  /** What of the document it was told last; undefined when it wants to know nothing of it. */
  #document: number | undefined;

  /** Welcomes one whose hello was heard. */
  constructor(channel: WatcherChannel, watched: Watched) {
    this.#channel = channel;
    this.#watched = watched;
    const welcome = watched.welcome();
    this.#network = welcome.network;
    this.#course = watched.course();
    this.lists = new PacketLists(this.#course);
    this.#line = watched.course().lines.next;
    channel.onMessage = (message) => this.#hear(message);
    channel.onClose = () => this.#leave();
    channel.send(welcome);
  }

  /** A terminal has shown a text. Where too much waits, all that stands on it is told later. */
  shows(terminal: number, text: string): void {
    const typed = (this.#typed.get(terminal) ?? "") + text;
    if (typed.length > TYPED_LIMIT) this.#terminalsAnew = true;
    else this.#typed.set(terminal, typed);
  }

  /** Another course has taken the place of the one that it watched. Its lists begin anew at once: what it asks next is of it. */
  begins(course: Course): void {
    this.lists.anew(course);
  }

  /** It has asked for the document, and is told when it has changed. */
  watchDocument(): void {
    this.#document = this.#watched.documentTold();
  }

  closes(terminal: number): void {
    this.#closed.push(terminal);
  }

  /** It is about to be told all that stands on terminals. */
  forgetTerminals(): void {
    this.#typed.clear();
    this.#terminalsAnew = false;
  }

  /** @param crossings at most, each time @param flows whether also between whom they go */
  watchTraffic(crossings: number, flows: boolean): void {
    this.#crossings = crossings;
    this.#flows = flows;
    this.#cablesAnew = true;
  }

  get watchesTraffic(): boolean {
    return this.#crossings !== undefined;
  }

  /**
   * Tells what has changed, unless so much waits to be sent already; then it is told later.
   * @param traffic of since the last time @param withLists also how far lists have come, and lines of the log
   * @param crossings at most, also of who wants more
   */
  push(traffic: TrafficSeen | undefined, withLists: boolean, crossings: number): void {
    if (this.#gone || this.#channel.buffered > BUFFERED_LIMIT) return;
    this.#pushCourse();
    this.#pushDocument();
    this.pushState();
    if (withLists) this.#pushLines();
    this.#pushTerminals();
    if (withLists) for (const state of this.lists.changed()) this.#say({ type: "view", state });
    this.#pushTraffic(traffic, crossings);
  }

  /** There are lines of the log that it is still to be told. */
  get isOwedLines(): boolean {
    return this.#line < this.#course.lines.next;
  }

  /** Tells the state at once, if it has changed. */
  pushState(): void {
    if (this.#gone || this.#channel.buffered > BUFFERED_LIMIT) return;
    const state = this.#watched.state();
    const text = JSON.stringify(state);
    if (text === this.#state) return;
    this.#state = text;
    this.#say({ type: "state", state });
  }

  close(): void {
    this.#leave();
    this.#channel.close();
  }

  #pushCourse(): void {
    const course = this.#watched.course();
    if (course !== this.#course) {
      this.#course = course;
      this.#line = course.lines.next;
      this.#typed.clear();
      this.#closed = [];
      this.#terminalsAnew = true;
      this.#cablesAnew = true;
      this.#say({ type: "branch", branch: this.#watched.state().branch });
    }
    const network = this.#watched.network();
    if (network === this.#network) return;
    this.#network = network;
    this.#say({ type: "network", network });
  }

  #pushDocument(): void {
    const told = this.#watched.documentTold();
    if (this.#document === undefined || this.#document === told) return;
    const document = this.#watched.document();
    this.#document = told;
    if (document !== undefined) this.#say({ type: "document", document });
  }

  #pushLines(): void {
    const lines = this.#course.lines.from(this.#line, LINES_PER_MESSAGE);
    const last = lines.at(-1);
    if (last === undefined) return;
    this.#line = last.n + 1;
    this.#say({ type: "log", lines });
  }

  #pushTerminals(): void {
    if (this.#terminalsAnew) {
      this.forgetTerminals();
      this.#closed = [];
      this.#say({ type: "terminals", terminals: this.#course.terminals.list() });
    }
    for (const [terminal, text] of this.#typed) this.#say({ type: "terminal", terminal, text });
    this.#typed.clear();
    for (const terminal of this.#closed) this.#say({ type: "terminal-closed", terminal });
    this.#closed = [];
  }

  #pushTraffic(seen: TrafficSeen | undefined, most: number): void {
    if (this.#crossings === undefined || seen === undefined) return;
    const push = this.#course.traffic.push(seen, Math.min(this.#crossings, most), this.#cablesAnew, this.#flows);
    this.#cablesAnew = false;
    if (push !== undefined) this.#say(push);
  }

  #say(push: Push): void {
    this.#channel.send(push);
  }

  #hear(message: Heard): void {
    if (this.#gone) return;
    if (message.type === "request") void this.#answer(message);
    else if (message.type === "failure") this.#channel.send(message);
    // A second hello says nothing new.
  }

  async #answer({ id, method, params }: Request): Promise<void> {
    this.#underWay++;
    try {
      if (this.#underWay > REQUESTS_LIMIT) {
        throw new RequestError("too-many-requests", `more than ${REQUESTS_LIMIT} requests are under way`);
      }
      const handler = this.#watched.handlers()[method] as ((params: unknown, watcher: Watcher) => unknown) | undefined;
      if (handler === undefined) throw new RequestError("unknown-method", `there is no method ${method}`, { method });
      const result = await handler(params, this);
      if (!this.#gone) this.#channel.send({ type: "result", id, result });
    } catch (error) {
      const failure: Failure = { type: "failure", id, error: problemOf(error, method) };
      if (!this.#gone) this.#channel.send(failure);
    } finally {
      this.#underWay--;
    }
  }

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.lists.end();
    this.#watched.left(this);
  }
}

/** What a request failed with. Anything but a RequestError is a bug of Netarium's. */
function problemOf(error: unknown, method: string): Problem {
  if (error instanceof RequestError) return error.problem;
  const why = error instanceof Error ? error.message : String(error);
  return { code: "request-failed", params: { method, why }, text: `Netarium has failed to do ${method}: ${why}` };
}
