import type { Instant } from "../../time/instant.ts";
import type { TcpSettings } from "../../transport/tcp/settings.ts";
import { SYN } from "../../wire/tcp.ts";
import { wrongResult } from "./call-result.ts";
import { Calls, type Outcome } from "./calls.ts";
import { difference, join } from "./compare.ts";
import { FarEnd } from "./far-end.ts";
import { Flows } from "./flow.ts";
import { formatPacket, formatTime } from "./format.ts";
import type { Seen } from "./frame.ts";
import type { Numbering } from "./numbering.ts";
import { applyOption, defaultSettings, type ScriptSettings } from "./options.ts";
import { parseScript } from "./parse.ts";
import type { Call, Script, ScriptEvent, ScriptPacket } from "./script.ts";
import { ScriptError } from "./script-error.ts";
import { readSysctl } from "./sysctl.ts";
import type { TcpOption } from "./tcp-option.ts";

/** A remark that changes nothing: what was passed over, and where. */
export interface ScriptNote {
  readonly line: number;
  readonly text: string;
}

export interface ScriptResult {
  readonly ok: boolean;
  /** Where the script failed. */
  readonly line: number | undefined;
  /** What was expected and what came; perhaps several lines, the first the most telling. */
  readonly message: string | undefined;
  readonly notes: readonly ScriptNote[];
  /** How long it took, in virtual nanoseconds. */
  readonly duration: number;
}

export interface RunScriptOptions {
  /** Names for which `#ifdef` holds. */
  readonly defined?: ReadonlySet<string>;
  readonly tcpSettings?: Partial<TcpSettings>;
  /** Options as of a script (`tolerance_usecs`), which the script's own come after. */
  readonly options?: Readonly<Record<string, string>>;
}

/** Runs a script in packetdrill's notation against the sockets of one host, in virtual time. */
export async function runPacketScript(text: string, options: RunScriptOptions = {}): Promise<ScriptResult> {
  const notes: ScriptNote[] = [];
  const note = (line: number, remark: string): void => void notes.push({ line, text: remark });
  let duration = 0;
  try {
    const script = parseScript(text, options.defined);
    const run = new Run(script, options, note);
    try {
      await run.play();
    } finally {
      duration = run.now;
    }
    return { ok: true, line: undefined, message: undefined, notes, duration };
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return { ok: false, line: error.line, message: error.message, notes, duration };
  }
}

/** A call that has begun. */
interface Begun {
  readonly event: ScriptEvent;
  readonly call: Call;
  /** When it must have returned, with the tolerance. */
  readonly latest: number;
  outcome: Outcome | undefined;
  failure: unknown;
  at: number;
}

/** How long a packet that is `*` may be awaited, and one that is late is looked out for to tell when it came. */
const PATIENCE = 3600e9;

class Run {
  readonly #script: Script;
  readonly #settings: ScriptSettings = defaultSettings();
  readonly #note: (line: number, text: string) => void;
  readonly #far: FarEnd;
  readonly #flows: Flows;
  readonly #calls: Calls;
  #begun: Begun[] = [];
  /** The time of the last event, from which a relative one counts. */
  #base = 0;

  constructor(script: Script, options: RunScriptOptions, note: (line: number, text: string) => void) {
    this.#script = script;
    this.#note = note;
    const given = Object.entries(options.options ?? {}).map(([name, value]) => ({ line: 0, name, value }));
    for (const option of [...given, ...script.options]) {
      if (!applyOption(this.#settings, option)) note(option.line, `--${option.name} is passed over`);
    }
    this.#far = new FarEnd(this.#settings, { ...options.tcpSettings, ...this.#shellSettings() });
    this.#flows = new Flows(this.#settings);
    this.#calls = new Calls(this.#far.host, this.#settings, this.#flows, note);
  }

  get now(): number {
    return this.#far.scheduler.now;
  }

  /** What lines of shell before the first packet or call set, as far as it is a setting of ours. */
  #shellSettings(): Partial<TcpSettings> {
    let settings: Partial<TcpSettings> = {};
    for (const { line, action } of this.#script.events) {
      if (action.kind === "packet" || action.kind === "call") break;
      if (action.kind === "shell") settings = { ...settings, ...this.#readShell(line, action.text) };
    }
    return settings;
  }

  #readShell(line: number, text: string): Partial<TcpSettings> | undefined {
    const changes = readSysctl(text);
    if (changes === undefined) this.#note(line, `the line of shell is passed over: ${text.split("\n")[0]}`);
    return changes;
  }

  async play(): Promise<void> {
    let early = true;
    for (const event of this.#script.events) {
      const { kind } = event.action;
      const at = this.#timeOf(event);
      if (kind === "shell" || kind === "code") {
        if (kind === "code") this.#note(event.line, "a block of code is passed over");
        else if (!early) this.#far.configure(this.#readShell(event.line, event.action.text));
        this.#base = at;
        continue;
      }
      early = false;
      if (kind === "packet" && event.action.direction === "out") {
        await this.#expect(event, this.#relaxed(event.action.packet), at);
        continue;
      }
      await this.#runTo(at);
      this.#checkBegun();
      this.#base = event.time.kind === "any" ? this.now : at;
      if (event.action.kind === "packet") this.#inject(event.action.packet);
      else if (event.action.kind === "call") await this.#call(event, event.action.call);
    }
    for (const { latest } of [...this.#begun]) await this.#runTo(latest);
    this.#checkBegun();
    await this.#tellUnread();
  }

  /** What the host has sent by the last event and the script does not mention. */
  async #tellUnread(): Promise<void> {
    await this.#runTo(this.now);
    if (!this.#isSeen()) return;
    const [first] = this.#far.seen;
    const what = typeof first === "object" ? formatPacket({ ...this.#inScript(first.packet), ip: {} }) : first;
    this.#note(this.#script.events.at(-1)?.line ?? 0, `the script ends before > ${what}`);
  }

  #inScript(packet: ScriptPacket): ScriptPacket {
    return toScript(packet, undefined, this.#flows.current.numbering);
  }

  #timeOf({ line, time }: ScriptEvent): number {
    if (time.kind === "any") return this.now;
    const at = time.kind === "relative" ? this.#base + time.at : time.at;
    if (at < this.#base)
      throw new ScriptError(line, `time goes back: ${formatTime(at)} after ${formatTime(this.#base)}`);
    return at;
  }

  /** Lets virtual time pass, programs included, until then or until something holds. */
  async #runTo(limit: number, until: () => boolean = () => false): Promise<void> {
    const { scheduler } = this.#far;
    if (until()) return;
    for (;;) {
      const pause = scheduler.runUntil(Math.max(limit, scheduler.now) as Instant);
      await settle();
      if (until()) return;
      if (pause !== "woken") return;
    }
  }

  #inject(packet: ScriptPacket): void {
    const { ends, numbering } = this.#flows.current;
    this.#far.send(packet, ends, numbering);
  }

  // Calls

  async #call(event: ScriptEvent, call: Call): Promise<void> {
    const { tolerance } = this.#settings;
    const end = event.end === undefined ? undefined : this.#endOf(event, event.end);
    const begun: Begun = {
      event,
      call,
      latest: (end ?? this.now) + tolerance,
      outcome: undefined,
      failure: undefined,
      at: 0,
    };
    this.#begun.push(begun);
    this.#calls.start(event.line, call).then(
      (outcome) => {
        begun.outcome = outcome;
        begun.at = this.now;
      },
      (error: unknown) => {
        begun.failure = error;
      },
    );
    await settle();
    this.#checkBegun(true);
    if (end === undefined && this.#begun.includes(begun)) {
      // A packet that arrives at this very instant may still be what it waits for.
      await this.#runTo(this.now, () => begun.outcome !== undefined);
      this.#checkBegun(true);
      if (this.#begun.includes(begun)) {
        throw new ScriptError(event.line, `${call.name} waits, and the script does not say until when (0.1...0.2)`);
      }
    }
  }

  #endOf({ time }: ScriptEvent, end: number): number {
    if (time.kind === "absolute") return end;
    return this.#base - (time.kind === "relative" ? time.at : 0) + end;
  }

  /** Looks at the calls that have returned. @param early whether those that go on too long are left alone */
  #checkBegun(early = false): void {
    for (const begun of [...this.#begun]) {
      const { event, call, outcome, failure, latest } = begun;
      if (failure !== undefined) throw failure;
      if (outcome === undefined) {
        if (early || this.now < latest) continue;
        throw new ScriptError(
          event.line,
          `${call.name} should have returned by ${formatTime(latest - this.#settings.tolerance)} and still waits`,
        );
      }
      this.#begun = this.#begun.filter((other) => other !== begun);
      const wrong = wrongResult(call, outcome) ?? this.#wrongEnd(begun);
      if (wrong === undefined) continue;
      if (!this.#settings.callsMayFail) throw new ScriptError(event.line, `${call.name}: ${wrong}`);
      this.#note(event.line, `${call.name}: ${wrong}`);
    }
  }

  #wrongEnd({ event, latest, at }: Begun): string | undefined {
    const { tolerance } = this.#settings;
    const end = latest - tolerance;
    if (event.end === undefined || Math.abs(at - end) <= tolerance) return undefined;
    return `it should have returned at ${formatTime(end)} and did at ${formatTime(at)}`;
  }

  // Packets of the host

  /** Without what the options say is not looked at. */
  #relaxed(packet: ScriptPacket): ScriptPacket {
    if (packet.kind !== "tcp") return packet;
    const { checksWindows, checksSynOptions } = this.#settings;
    const window = checksWindows ? packet.window : undefined;
    const options = checksSynOptions || !(packet.flags & SYN) ? packet.options : undefined;
    return { ...packet, window, options };
  }

  async #expect(event: ScriptEvent, expected: ScriptPacket, at: number): Promise<void> {
    const { tolerance } = this.#settings;
    const { time } = event;
    const latest = time.kind === "any" ? this.now + PATIENCE : at + ((time.latest ?? time.at) - time.at);
    await this.#runTo(latest + tolerance, () => this.#isSeen());
    const line = `expected: > ${formatPacket(expected)}`;
    if (!this.#isSeen()) await this.#failLate(event, latest, line);
    const seen = this.#far.seen.shift() as Seen | string;
    if (typeof seen === "string") {
      throw new ScriptError(event.line, `a packet came that cannot be read: ${seen}\n${line}`);
    }
    if (seen.packet.kind === "tcp" && expected.kind === "tcp" && seen.packet.flags & expected.flags & SYN) {
      this.#flows.current.numbering.begin(seen.packet.sequence, expected.sequence);
    }
    const whole = await this.#joined(seen.packet, expected, latest + tolerance);
    const came = toScript(whole, expected, this.#flows.current.numbering);
    const wrong = this.#wrongTime(event, at, latest, seen.at) ?? difference(expected, came, this.#stampTolerance);
    this.#base = time.kind === "any" || time.latest !== undefined ? seen.at : at;
    if (wrong === undefined) return;
    const message = `${wrong}\n${line}\ncame:     > ${formatPacket({ ...came, ip: shownIp(expected, came) })} at ${formatTime(seen.at)}`;
    if (!this.#settings.packetsMayFail) throw new ScriptError(event.line, message);
    this.#note(event.line, message);
  }

  /**
   * A segment and those right behind it, as far as the script has them in one: it was written for a host that leaves the
   * cutting to its network card.
   */
  async #joined(first: ScriptPacket, expected: ScriptPacket, latest: number): Promise<ScriptPacket> {
    let whole = first;
    while (whole.kind === "tcp" && expected.kind === "tcp" && whole.length > 0 && whole.length < expected.length) {
      await this.#runTo(latest, () => this.#isSeen());
      const [next] = this.#far.seen;
      const longer = typeof next === "object" ? join(whole, next.packet) : undefined;
      if (longer === undefined || longer.length > expected.length) break;
      this.#far.seen.shift();
      whole = longer;
    }
    return whole;
  }

  get #stampTolerance(): number | undefined {
    const { timestampTick, tolerance } = this.#settings;
    return timestampTick === 0 ? undefined : Math.ceil(tolerance / timestampTick);
  }

  /** Whether a packet waits to be looked at. Those of connections that the script has left behind are passed over. */
  #isSeen(): boolean {
    const { seen } = this.#far;
    for (let first = seen[0]; first !== undefined; first = seen[0]) {
      if (typeof first === "string" || this.#flows.owns(first)) return true;
      seen.shift();
    }
    return false;
  }

  #wrongTime({ time }: ScriptEvent, earliest: number, latest: number, at: number): string | undefined {
    const { tolerance } = this.#settings;
    if (time.kind === "any" || (at >= earliest - tolerance && at <= latest + tolerance)) return undefined;
    const range = latest > earliest ? `${formatTime(earliest)} to ${formatTime(latest)}` : formatTime(earliest);
    return `the packet should have come at ${range} and came at ${formatTime(at)}`;
  }

  async #failLate(event: ScriptEvent, latest: number, line: string): Promise<never> {
    await this.#runTo(this.now + PATIENCE, () => this.#isSeen());
    const [next] = this.#far.seen;
    const when = event.time.kind === "any" ? "came" : `came by ${formatTime(latest)}`;
    const later =
      typeof next === "object"
        ? `came:     > ${formatPacket({ ...this.#inScript(next.packet), ip: {} })} at ${formatTime(next.at)}`
        : "came:     nothing, then or later";
    throw new ScriptError(event.line, `no packet ${when}\n${line}\n${later}`);
  }
}

/** Lets promises go on. Ours settle within a few steps of each other. */
async function settle(): Promise<void> {
  for (let step = 0; step < SETTLING_STEPS; step++) await undefined;
}

const SETTLING_STEPS = 24;

/** A packet of the host with the script's numbers. */
function toScript(packet: ScriptPacket, expected: ScriptPacket | undefined, numbering: Numbering): ScriptPacket {
  if (packet.kind !== "tcp") return packet;
  const wanted = expected?.kind === "tcp" ? expected.options?.find((option) => option.kind === "TS") : undefined;
  const options = packet.options?.map((option): TcpOption => {
    if (option.kind !== "TS") return option;
    if (wanted?.kind === "TS") numbering.stamp(option.value, wanted.value);
    return { ...option, value: numbering.stampToScript(option.value) };
  });
  const absolute = expected?.kind === "tcp" && expected.absolute === true;
  return { ...packet, sequence: absolute ? packet.sequence : numbering.toScript(packet.sequence), options };
}

/** Of the IP header only what the script asks for is worth showing. */
function shownIp({ ip: wanted }: ScriptPacket, { ip }: ScriptPacket): ScriptPacket["ip"] {
  return {
    ...(wanted.ecn === undefined ? {} : { ecn: ip.ecn }),
    ...(wanted.tos === undefined ? {} : { tos: ip.tos }),
    ...(wanted.ttl === undefined ? {} : { ttl: ip.ttl }),
  };
}
