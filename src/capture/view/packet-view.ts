import type { DatagramDissector, StreamDissector } from "../dissect/dissector.ts";
import { escaped } from "../dissect/field-text.ts";
import { CaptureDissection } from "../dissect/index.ts";
import { type DisplayFilter, readFilter } from "../filter/display-filter.ts";
import { FieldTable } from "../filter/fields.ts";
import type { FilterProblem } from "../filter/problem.ts";
import type { EventLog } from "../log/event-log.ts";
import { endText } from "./datagram.ts";
import { detailOf } from "./detail.ts";
import { Matches } from "./matches.ts";
import type { NicPlaces } from "./nic-places.ts";
import { type QuickFacts, quickFacts } from "./quick-facts.ts";
import type { ConversationInfo, PacketDetail, PacketRow, Vantage, ViewState } from "./types.ts";
import { VantageFrames } from "./vantage-frames.ts";

/** Frames of a view: past it, the view begins anew with what the log still has. */
export const FRAME_LIMIT = 8_000_000;
/** Where a view begins anew that cannot follow: so many events before the newest. */
const NEWEST = 4096;
/** Rows that are given at a time. */
export const ROWS_LIMIT = 500;
/** Conversations that are told. */
export const CONVERSATION_LIMIT = 10_000;
/** To dissect a frame costs as much as to take so many into the first pass. */
const DISSECTION_COST = 16;
/** As much as one frame's first pass costs to go through so many events. */
const EVENTS_PER_FRAME = 16;

const NO_PORTS: ReadonlyMap<number, string> = new Map();

export interface PacketViewOptions {
  readonly log: EventLog;
  readonly nics: NicPlaces;
  readonly vantage: Vantage;
  /** Nanoseconds since 1970 at virtual 0. */
  readonly epoch: bigint;
  readonly datagrams: readonly DatagramDissector[];
  readonly streams: readonly StreamDissector[];
  /** Colour groups of TCP ports whose bytes are shown as data and no more. */
  readonly plain?: ReadonlyMap<number, string>;
  /** {@link FRAME_LIMIT} unless told, and no fewer than the log keeps events. */
  readonly frameLimit?: number;
}

/** The rows of a moment, which stay what they are when another filter is set. */
export interface RowList {
  readonly count: number;
  /** The number of the frame at an index below the count. */
  at(index: number): number;
}

/**
 * A list of what one vantage sees, through a display filter. It grows as the log does, in slices of {@link work}: a first pass
 * over new frames, then the filter. What is asked of single rows is dissected when it is asked for.
 */
export class PacketView {
  readonly options: PacketViewOptions;
  frames!: VantageFrames;
  dissection!: CaptureDissection;
  #facts!: (number: number) => QuickFacts;
  readonly table: FieldTable;
  #filter: DisplayFilter = ALL;
  #matches = new Matches();
  /** The last frame that the filter has judged. */
  #judged = 0;
  #renewed = 0;
  /** It has begun anew at the newest frames, so that older ones that are kept are not listed. */
  #skipped = false;

  constructor(options: PacketViewOptions) {
    this.options = options;
    this.#begin(options.log.first);
    this.table = new FieldTable(this.dissection.fields.values());
  }

  /** Lets another filter judge all frames from the beginning, unless it is none: then nothing changes. */
  setFilter(text: string): FilterProblem | undefined {
    const read = readFilter(text, this.table);
    if ("problem" in read) return read.problem;
    this.#filter = read.filter;
    this.#matches = new Matches();
    this.#judged = 0;
    return undefined;
  }

  get filter(): string {
    return this.#filter.text;
  }

  /** Something is left to {@link work} on. */
  get isBehind(): boolean {
    const { frames, dissection } = this;
    if (frames.isBehind || dissection.examined < frames.count) return true;
    return this.#judged < dissection.examined || dissection.isOutdated || this.#skipped;
  }

  get state(): Omit<ViewState, "view"> {
    const { matched, first } = this;
    const renewed = this.#renewed > 0 && { renewed: this.#renewed };
    const skipped = this.#skipped && { skipped: true as const };
    return { total: this.frames.count, matched, examined: this.#judged, first, ...renewed, ...skipped };
  }

  /** How many frames the filter has let through so far. */
  get matched(): number {
    return this.#filter.isEmpty ? this.#judged : this.#matches.count;
  }

  /** The first row that is still kept, as an index among the matched. */
  get first(): number {
    return Math.min(this.matched, this.indexFrom(this.frames.first));
  }

  /**
   * Octets that the view holds beside the log, without what the dissection keeps (about 40 a frame): 9 a frame and 4 for each that was
   * let through; 10 MiB for a million frames, the rows of packets that are remembered included.
   */
  get memory(): number {
    return this.frames.memory + this.#matches.memory;
  }

  /**
   * Goes on a little.
   * @param budget in frames of the first pass, each of which takes about a microsecond
   * @param hurried whether the log grows faster than there is time for it: then what is listed are the newest frames, where otherwise
   *   there would be none that are still kept @returns whether the state is another
   */
  work(budget: number, hurried = false): boolean {
    this.#beginAnew(hurried);
    const { frames, dissection } = this;
    const before = this.#judged + frames.count;
    const renewed = this.#renew();
    frames.gather(budget * EVENTS_PER_FRAME);
    const examined = dissection.examined;
    dissection.examine(Math.min(frames.count, examined + budget));
    this.#judge(Math.max(DISSECTION_COST, budget - (dissection.examined - examined)));
    return renewed || this.#judged + this.frames.count !== before;
  }

  /** Begins anew where going on has no sense: with too many frames, or behind what is kept, or once there is time for all again. */
  #beginAnew(hurried: boolean): void {
    const { frames, dissection } = this;
    const { log, frameLimit = FRAME_LIMIT } = this.options;
    const isOvertaken = dissection.examined < frames.count && frames.event(dissection.examined + 1) < log.first;
    const skips = hurried && isOvertaken;
    if (frames.count <= Math.max(frameLimit, log.eventLimit) && !skips && (hurried || !this.#skipped)) return;
    this.#skipped = skips;
    this.#begin(skips ? log.next - NEWEST : log.first);
    this.#renewed++;
  }

  /** Looks again at what would be shown otherwise now. @returns whether there was something */
  #renew(): boolean {
    const first = this.dissection.renew();
    if (first === 0) return false;
    this.#renewed++;
    if (!this.#filter.isEmpty && first <= this.#judged) {
      this.#matches.forgetFrom(first);
      this.#judged = first - 1;
    }
    return true;
  }

  /** The frame that a row shows: its number; undefined for none. */
  numberAt(index: number): number | undefined {
    if (index < 0 || index >= this.matched) return undefined;
    return this.#filter.isEmpty ? index + 1 : this.#matches.at(index);
  }

  /** What is matched now. */
  rowList(): RowList {
    const matches = this.#matches;
    const { isEmpty } = this.#filter;
    return { count: this.matched, at: (index) => (isEmpty ? index + 1 : (matches.at(index) as number)) };
  }

  /** The first row of a frame or a later one, as an index among the matched; their count for none. */
  indexFrom(number: number): number {
    return this.#filter.isEmpty ? Math.max(0, number - 1) : this.#matches.indexFrom(number);
  }

  /** Rows that are still kept, from an index on. @returns which index the first one has */
  rows(from: number, count: number): { from: number; rows: PacketRow[] } {
    const begin = Math.max(from, this.first);
    const end = Math.min(this.matched, begin + Math.min(count, ROWS_LIMIT));
    const rows: PacketRow[] = [];
    for (let index = begin; index < end; index++) rows.push(this.row(this.numberAt(index) as number));
    return { from: begin, rows };
  }

  /** What the list shows of a frame, which must be examined and still kept. */
  row(number: number): PacketRow {
    const { frames, dissection } = this;
    const event = frames.event(number);
    const { at, nic, direction, corrupted, length } = frames.log.event(event);
    const fate = frames.fate(number);
    const columns = dissection.columns(number);
    return {
      number,
      event,
      time: at,
      ...columns,
      info: escaped(columns.info),
      length,
      nic: frames.nics[nic]?.name ?? "",
      direction,
      ...(fate !== undefined && { dropped: fate }),
      ...((corrupted || fate === "fcs-error") && { corrupted: true }),
      group: dissection.group(number),
      notes: dissection.notes(number),
    };
  }

  /** The row of an event, or of the same packet where it was before; or the first row at a time or later. −1 for none. */
  locate(what: { readonly event?: number; readonly time?: number }): number {
    const { frames } = this;
    const number = what.event === undefined ? frames.firstAt(what.time ?? 0) : frames.of(what.event);
    const index = number < 1 ? -1 : this.indexFrom(number);
    const found = this.numberAt(index);
    if (found === undefined || (what.event !== undefined && found !== number)) return -1;
    return index;
  }

  /** The number of the frame that an event is or stands for, when it is examined; −1 for none. */
  numberOf(event: number): number {
    const number = this.frames.of(event);
    return number <= this.dissection.examined ? number : -1;
  }

  /** All of a packet: undefined when it is not kept any more, or not examined yet. */
  detail(event: number): PacketDetail | undefined {
    const number = this.numberOf(event);
    return number < 1 || !this.frames.log.has(this.frames.event(number)) ? undefined : detailOf(this, number);
  }

  conversations(): ConversationInfo[] {
    return this.dissection.conversations.slice(0, CONVERSATION_LIMIT).map((each) => {
      const { protocol, stream, begins, ends, bytes } = each;
      const [a, b] = [endText(each.address, each.port), endText(each.peerAddress, each.peerPort)];
      return { protocol, stream, a, b, packets: each.frames.length, bytes, begins, ends };
    });
  }

  /** @param event the first */
  #begin(event: number): void {
    const { log, nics, vantage, epoch, datagrams, streams, plain = NO_PORTS } = this.options;
    this.frames = new VantageFrames(log, nics, vantage, epoch, event);
    this.dissection = new CaptureDissection({
      ...{ frames: this.frames, datagrams, streams, plain },
      perLink: this.frames.seesForwarding,
    });
    this.#facts = quickFacts(this.dissection);
    this.#matches = new Matches();
    this.#judged = 0;
  }

  #judge(budget: number): void {
    const { dissection } = this;
    const { examined } = dissection;
    const filter = this.#filter;
    if (filter.isEmpty) {
      this.#judged = examined;
      return;
    }
    for (let left = budget; left > 0 && this.#judged < examined; ) {
      const number = ++this.#judged;
      const facts = this.#facts(number);
      let verdict = filter.quick(facts);
      left -= facts.cost;
      if (verdict === undefined) {
        left -= DISSECTION_COST;
        verdict = filter.matches(dissection.dissect(number));
      }
      if (verdict) this.#matches.add(number);
    }
  }
}

const ALL: DisplayFilter = { text: "", isEmpty: true, matches: () => true, quick: () => true };
