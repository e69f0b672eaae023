import type { Compression } from "../application/compression.ts";
import type { Ciphers } from "../application/tls/dissect/ciphers.ts";
import { KeyLog } from "../application/tls/dissect/key-log.ts";
import { DEFAULT_SEED } from "../network/build.ts";
import type { NetworkDocument } from "../network/document.ts";
import type { Input } from "../network/input-log.ts";
import type { Network } from "../network/network.ts";
import type { Platform } from "../network/platform.ts";
import type { SlowHold, Speed } from "../network/run.ts";
import type { ScriptMaker } from "../network/script-maker.ts";
import type { TlsMaker } from "../network/tls-maker.ts";
import { NEVER } from "../time/instant.ts";
import { Background, type Share } from "./background.ts";
import { Branches } from "./branches.ts";
import type { WatcherChannel } from "./channel.ts";
import { Clockwork } from "./clockwork.ts";
import { Course } from "./course.ts";
import { Desk, type Opened } from "./document/desk.ts";
import type { DocumentRead, DocumentTools } from "./document/tools.ts";
import { type EngineDoors, ShutDoors } from "./doors.ts";
import { documentMethods } from "./methods/document.ts";
import { faultMethods } from "./methods/fault.ts";
import type { Handlers } from "./methods/handlers.ts";
import { lookMethods } from "./methods/look.ts";
import { filterMethods, packetMethods } from "./methods/packets.ts";
import { programMethods } from "./methods/programs.ts";
import { terminalMethods } from "./methods/terminals.ts";
import { timeMethods } from "./methods/time.ts";
import { trafficMethods } from "./methods/traffic.ts";
import { addressChanges, networkInfo } from "./network-info.ts";
import { NotedTls } from "./noted-tls.ts";
import { type Hello, PROTOCOL_VERSION, type Refusal, type Welcome } from "./protocol/messages.ts";
import type { NetworkInfo } from "./protocol/network.ts";
import type { Problem } from "./protocol/problem.ts";
import type { EngineState } from "./protocol/state.ts";
import { Rewind } from "./rewind.ts";
import {
  CROSSINGS_LIMIT,
  PUSH_INTERVAL,
  SECRETS_LIMIT,
  UNPACED_CROSSINGS_LIMIT,
  UNPACED_LISTS_INTERVAL,
  UNPACED_PUSH_INTERVAL,
  UNPACED_TRAFFIC_INTERVAL,
  WATCHERS_LIMIT,
} from "./settings.ts";
import { Ticker } from "./ticker.ts";
import { Watcher } from "./watcher.ts";

export interface EngineOptions {
  readonly document: NetworkDocument;
  /** The document as it was read, and where from. */
  readonly text: string;
  readonly file: string;
  /** In place of the document's. */
  readonly seed?: number | undefined;
  readonly platform: Platform;
  readonly compression?: Compression | undefined;
  readonly tls?: TlsMaker | undefined;
  /** With which TLS is shown deciphered, once {@link Engine.keepSecret} is told its secrets; it stays ciphered unless given. */
  readonly ciphers?: Ciphers | undefined;
  readonly scripts?: ScriptMaker | undefined;
  /** Unless given the document cannot be edited. */
  readonly documents?: DocumentTools | undefined;
  /** All shut unless given. */
  readonly doors?: EngineDoors | undefined;
  /** What a document asks for that is not to be had where the engine runs; nothing unless given. */
  readonly lacks?: ((document: NetworkDocument) => readonly Problem[]) | undefined;
  /** Whether time stands at first. */
  readonly paused?: boolean | undefined;
  /** Netarium's version. */
  readonly netarium: string;
  /** Drawn at each start. */
  readonly id: string;
  readonly kind: Welcome["platform"];
  /** Of the beginning; 1 unless told, since people watch. */
  readonly speed?: Speed | undefined;
  /** Called when time has stood still for over 5 s. */
  readonly onSlowHold?: ((hold: SlowHold) => void) | undefined;
  /** Octets of inputs that are kept. */
  readonly inputLimit?: number | undefined;
}

interface Source {
  readonly document: NetworkDocument;
  readonly text: string;
  /** In place of the document's. */
  readonly seed: number | undefined;
}

/**
 * A network that runs, is watched and steered by messages: everything the lab's page shows and does. It knows neither what
 * carries the messages nor where it runs.
 */
export class Engine {
  readonly #options: EngineOptions;
  /** What runs: from the beginning of the course, which edits have not changed. */
  #source: Source;
  /** Where its document is edited. */
  readonly #desk: Desk | undefined;
  readonly #doors: EngineDoors;
  readonly #tls: NotedTls | undefined;
  readonly #branches: Branches;
  readonly #clockwork: Clockwork;
  readonly #rewind: Rewind;
  readonly #handlers: Handlers;
  readonly #watchers = new Set<Watcher>();
  readonly #ticker: Ticker;
  readonly #background: Background;
  readonly #secrets: string[] = [];
  readonly #keyLog = new KeyLog();
  /** What was forgiven when it was last asked whether the network keeps up. */
  #forgiven = 0;
  /** What was told of the network last: of which one, and how many changes of addresses there had been. */
  #info: NetworkInfo | undefined;
  #infoOf: Network | undefined;
  #changes = 0;
  /** When watchers were told last of traffic, and of how far their lists have come, on the wall's clock. */
  #trafficTold = Number.NEGATIVE_INFINITY;
  #listsTold = Number.NEGATIVE_INFINITY;
  /** Time has stood still for long; it may go on by now. */
  #slow = false;

  private constructor(options: EngineOptions) {
    this.#options = options;
    const { document, text, file, seed, documents, platform } = options;
    this.#source = { document, text, seed };
    this.#doors = options.doors ?? new ShutDoors(document);
    this.#tls = options.tls && new NotedTls(options.tls);
    this.#branches = new Branches(options.inputLimit);
    this.#clockwork = new Clockwork(this.#make(), platform, () => this.#changed());
    this.#clockwork.speed = options.speed ?? 1;
    this.#rewind = new Rewind({
      clockwork: this.#clockwork,
      branches: this.#branches,
      platform,
      make: () => this.#make(),
      ciphered: () => this.#tls?.used ?? false,
      onStart: () => this.#changed(),
      onCome: async (course) => {
        await this.#adopt(course);
        this.#desk?.cameTo(course);
      },
    });
    this.#desk =
      documents &&
      new Desk({
        ...{ tools: documents, text, file, clockwork: this.#clockwork },
        seed: () => this.#source.seed,
        begin: (read, opened) => this.#begin(read, opened),
        onEdit: (edited) => this.#doors.attach(this.#clockwork.course.network, edited),
        onChange: () => this.#documentChanged(),
      });
    this.#background = new Background({
      platform,
      share: () => this.#share(),
      pieces: () => [...this.#watchers].flatMap(({ lists }) => [...lists.pieces()]),
      onProgress: () => this.#stirred(),
    });
    const interval = (): number => (this.#isUnpaced ? UNPACED_PUSH_INTERVAL : PUSH_INTERVAL);
    this.#ticker = new Ticker(platform, interval, () => this.#push());
    this.#handlers = {
      ...timeMethods({ clockwork: this.#clockwork, branches: this.#branches, rewind: this.#rewind }),
      ...lookMethods(() => this.#clockwork.course),
      ...trafficMethods(() => this.#clockwork.course),
      ...terminalMethods(this.#clockwork),
      ...programMethods(this.#clockwork, options.scripts !== undefined),
      ...packetMethods({
        course: () => this.#clockwork.course,
        platform,
        wake: () => this.#background.wake(),
        secrets: () => this.#secrets,
      }),
      ...filterMethods(() => this.#clockwork.course),
      ...documentMethods(() => this.#desk),
      ...faultMethods(this.#clockwork),
    };
  }

  /** Builds the network, opens its doors and, unless told otherwise, lets time go. @throws RangeError for a document that names what is not there */
  static async start(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    await engine.#adopt(engine.#clockwork.course);
    engine.#doors.onChange = () => engine.#networkChanged();
    if (options.paused !== true) await engine.#clockwork.play();
    return engine;
  }

  /** Takes in one whose hello was heard, and who may watch. */
  admit(channel: WatcherChannel, hello: Hello): void {
    const code = hello.version !== PROTOCOL_VERSION ? "version" : this.#watchers.size >= WATCHERS_LIMIT ? "busy" : "";
    if (code !== "") {
      const refusal: Refusal = { type: "refusal", code, version: PROTOCOL_VERSION };
      channel.send(refusal);
      channel.close();
      return;
    }
    this.#watchers.add(new Watcher(channel, this.#watched));
    this.#stirred();
  }

  /** The network that is current, with all that is kept of it. */
  get course(): Course {
    return this.#clockwork.course;
  }

  /** What has come in from outside in the current branch, from its beginning: document, seed and these give it again. */
  get inputs(): Input[] {
    return this.#branches.inputsUntil(this.#branches.current, NEVER);
  }

  /** Keeps a line of the key log of TLS: by it lists of packets, and others in exports, can read what was ciphered. */
  keepSecret(line: string): void {
    this.#secrets.push(line);
    if (this.#secrets.length > SECRETS_LIMIT) this.#secrets.shift();
    this.#keyLog.add(line);
    this.#background.wake();
  }

  /** How it stands. */
  get state(): EngineState {
    const { course, speed, running, until, failed } = this.#clockwork;
    const { network, loop, log } = course;
    const { current, limit } = this.#branches;
    const { progress, differs } = this.#rewind;
    const { last, lost } = current;
    current.to = network.now;
    const { first, next, bytes, byteLimit, eventLimit, earliest } = log;
    return {
      now: loop.now,
      running,
      speed,
      idle: network.scheduler.next === NEVER && !this.#doors.info.some(({ problem }) => problem === undefined),
      forgiven: loop.forgiven.milliseconds,
      watchers: this.#watchers.size,
      capture: { first, next, bytes, limit: byteLimit, eventLimit, earliest },
      branch: current.id,
      branches: this.#branches.info(),
      inputs: {
        count: last?.count ?? 0,
        bytes: last?.bytes ?? 0,
        limit,
        ...(lost !== undefined && { reach: lost - 1 }),
      },
      ...(until !== undefined && { until }),
      ...(progress !== undefined && { replaying: progress }),
      ...(differs && { differs }),
      ...(this.#slow && network.works.heldFor.length > 0 && { waitsFor: network.works.heldFor }),
      ...(failed && { failed }),
    };
  }

  /** Ends it: its watchers are let go, its doors closed. */
  async close(): Promise<void> {
    this.#ticker.close();
    this.#background.close();
    for (const watcher of this.#watchers) watcher.close();
    await this.#clockwork.close();
    this.#doors.close();
    this.#clockwork.course.leave();
  }

  readonly #watched = {
    handlers: () => this.#handlers,
    course: () => this.#clockwork.course,
    welcome: () => this.#welcome(),
    state: () => this.state,
    network: () => this.#network,
    documentTold: () => this.#desk?.told ?? 0,
    document: () => this.#desk?.state,
    left: (watcher: Watcher) => {
      this.#watchers.delete(watcher);
      this.#stirred();
    },
  };

  #welcome(): Welcome {
    const { netarium, id, kind } = this.#options;
    return {
      type: "welcome",
      version: PROTOCOL_VERSION,
      netarium,
      engine: id,
      platform: kind,
      network: this.#network,
      state: this.state,
    };
  }

  get #network(): NetworkInfo {
    const { lacks } = this.#options;
    const { network, live } = this.#clockwork.course;
    const { document } = live;
    const text = this.#desk?.text ?? this.#options.text;
    const file = this.#desk?.file ?? this.#options.file;
    // A command such as ifconfig may have changed an address; another course begins with the document's.
    const changes = addressChanges(network);
    if (this.#infoOf !== network || this.#changes !== changes) {
      const info = networkInfo({
        ...{ network, written: live.cables, document, text, file, doors: this.#doors.info },
        lacks: lacks?.(document) ?? [],
      });
      // What is said anew is drawn anew.
      if (JSON.stringify(info) !== JSON.stringify(this.#info)) this.#info = info;
      this.#infoOf = network;
      this.#changes = changes;
    }
    return this.#info as NetworkInfo;
  }

  #make(): Course {
    const { platform, compression, ciphers, scripts } = this.#options;
    const { document, text, seed = document.seed ?? DEFAULT_SEED } = this.#source;
    const secrets = ciphers && { ciphers, keyLog: this.#keyLog };
    const onSlowHold = (hold: SlowHold): void => {
      this.#slow = true;
      this.#options.onSlowHold?.(hold);
      this.#changed();
    };
    const read = (each: string): NetworkDocument | undefined => this.#desk?.network(each);
    return new Course({
      ...{ document, text, read, seed, platform },
      compression,
      tls: this.#tls,
      secrets,
      scripts,
      onSlowHold,
    });
  }

  /** Runs a document from its beginning: another one, or, unless it is opened, the same with something that cannot change while it runs. */
  async #begin({ document, text }: DocumentRead, opened: Opened | undefined): Promise<void> {
    const clockwork = this.#clockwork;
    const plays = opened?.play ?? clockwork.running;
    await clockwork.replace(async () => {
      const before = this.#source;
      this.#source = { document, text, seed: opened === undefined ? before.seed : undefined };
      let course: Course;
      try {
        course = this.#make();
      } catch (error) {
        this.#source = before;
        throw error;
      }
      clockwork.course.leave();
      this.#branches.begin();
      this.#rewind.forget();
      await this.#adopt(course);
      return course;
    });
    if (plays) await clockwork.play();
  }

  /** Joins a course to what is outside: its inputs are kept from now on, and its doors lead out. */
  async #adopt(course: Course): Promise<void> {
    course.network.inputs.onInput = (input) => this.#branches.keep(input);
    course.lines.onLine = () => this.#stirred();
    course.onEdited = () => this.#networkChanged();
    course.terminals.onOutput = (terminal, text) => {
      for (const watcher of this.#watchers) watcher.shows(terminal, text);
      this.#stirred();
    };
    course.terminals.onClosed = (terminal) => {
      for (const watcher of this.#watchers) watcher.closes(terminal);
      this.#stirred();
    };
    await this.#doors.attach(course.network, course.live.document);
    for (const watcher of this.#watchers) watcher.begins(course);
  }

  /** What of the machine the network leaves. */
  #share(): Share {
    const { running, course } = this.#clockwork;
    if (!running && !this.#isUnpaced) return "all";
    // Until something comes from outside, however fast it may run.
    if (this.#rewind.progress === undefined && course.network.scheduler.next === NEVER) return "half";
    if (this.#isUnpaced) return "little";
    const { milliseconds } = course.loop.forgiven;
    const keepsUp = milliseconds === this.#forgiven;
    this.#forgiven = milliseconds;
    return keepsUp ? "half" : "little";
  }

  /** The network, or a replay, takes what it can get of the machine. */
  get #isUnpaced(): boolean {
    const { running, speed, until } = this.#clockwork;
    return this.#rewind.progress !== undefined || until !== undefined || (running && speed === "max");
  }

  /** Its doors, its devices or its document are others: watchers are told of it anew. */
  #networkChanged(): void {
    this.#infoOf = undefined;
    this.#stirred();
  }

  #documentChanged(): void {
    this.#networkChanged();
    this.#changed();
  }

  /** Something has come of the run: who watches is told soon. */
  #stirred(): void {
    if (this.#watchers.size > 0) this.#ticker.soon();
  }

  /** People have changed something: who watches is told at once. */
  #changed(): void {
    for (const watcher of this.#watchers) watcher.pushState();
    this.#stirred();
  }

  #push(): void {
    const { course } = this.#clockwork;
    const unpaced = this.#isUnpaced;
    const now = this.#options.platform.wall();
    const withTraffic = !unpaced || now - this.#trafficTold >= UNPACED_TRAFFIC_INTERVAL;
    const withLists = !unpaced || now - this.#listsTold >= UNPACED_LISTS_INTERVAL;
    if (withTraffic) this.#trafficTold = now;
    if (withLists) this.#listsTold = now;
    const watched = withTraffic && [...this.#watchers].some((watcher) => watcher.watchesTraffic);
    const traffic = watched ? course.traffic.look(course.loop.now) : undefined;
    const crossings = unpaced ? UNPACED_CROSSINGS_LIMIT : CROSSINGS_LIMIT;
    for (const watcher of this.#watchers) watcher.push(traffic, withLists, crossings);
    this.#background.wake();
    const isOwed = [...this.#watchers].some((watcher) => watcher.isOwedLines);
    if (this.#clockwork.running || this.#rewind.progress !== undefined || isOwed) this.#stirred();
  }
}
