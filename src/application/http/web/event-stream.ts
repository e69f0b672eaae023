import { concatenate } from "../../../base/concatenate.ts";
import type { Clock } from "../../../socket/clock.ts";
import { type Duration, seconds } from "../../../time/instant.ts";
import type { Request } from "../request.ts";
import { Response } from "../response.ts";

/** One event of a stream (HTML standard §9.2). */
export interface ServerEvent {
  /** Of several lines, if need be. */
  readonly data: string;
  /** `message` unless given. */
  readonly event?: string | undefined;
  /** What a client sends as Last-Event-ID when it comes back. */
  readonly id?: string | undefined;
}

export interface EventStreamOptions {
  /** Milliseconds that a client waits before it comes back. */
  readonly retry?: number | undefined;
  /** When nothing was sent for so long a comment is, so that what stands between does not give up; 15 s unless given. */
  readonly heartbeat?: Duration | undefined;
}

/** Bytes that wait for a client before {@link EventWriter.send} waits. */
const QUEUE_LIMIT = 65_536;

const encoder = new TextEncoder();

/** The bytes of an event. @throws TypeError for an event type or id of more than one line */
export function formatEvent({ data, event, id }: ServerEvent): string {
  for (const text of [event, id]) {
    if (text !== undefined && /[\r\n\0]/.test(text)) throw new TypeError("an event's type and id are one line");
  }
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${id === undefined ? "" : `id: ${id}\n`}${event === undefined ? "" : `event: ${event}\n`}${lines.join("")}\n`;
}

/** The last event that a client has seen, when it comes back. */
export const lastEventId = ({ headers }: Pick<Request, "headers">): string | undefined =>
  headers.get("last-event-id") ?? undefined;

/** Sends events to one client. */
export class EventWriter {
  readonly #clock: Clock;
  readonly #heartbeat: Duration;
  readonly #gone = new AbortController();
  #queue: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;
  #error: unknown;
  #wakeReader: (() => void) | undefined;
  #wakeWriters: (() => void)[] = [];

  constructor(clock: Clock, heartbeat: Duration) {
    this.#clock = clock;
    this.#heartbeat = heartbeat;
  }

  /** Aborts when the client has gone. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** Sends an event. Resolves when there is room for the next; once the client has gone, at once. */
  send(event: ServerEvent): Promise<void> {
    return this.#put(formatEvent(event));
  }

  /** Sends what clients skip. */
  comment(text: string): Promise<void> {
    return this.#put(
      `${text
        .split(/\r\n|\r|\n/)
        .map((line) => `: ${line}\n`)
        .join("")}\n`,
    );
  }

  /** Tells how many milliseconds to wait before coming back. */
  retry(milliseconds: number): Promise<void> {
    return this.#put(`retry: ${Math.round(milliseconds)}\n\n`);
  }

  async #put(text: string): Promise<void> {
    if (this.signal.aborted || this.#ended) return;
    const bytes = encoder.encode(text);
    this.#queue.push(bytes);
    this.#bytes += bytes.length;
    this.#wake();
    while (this.#bytes > QUEUE_LIMIT && !this.signal.aborted) {
      await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
    }
  }

  /** Ends the stream, with an error if there was one. */
  end(error?: unknown): void {
    this.#ended = true;
    this.#error = error;
    this.#wake();
  }

  /** What goes out. Who stops reading has gone. */
  body(): AsyncIterable<Uint8Array> {
    const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
      while (this.#queue.length === 0) {
        if (this.signal.aborted || (this.#ended && this.#error === undefined)) return { done: true, value: undefined };
        if (this.#ended) throw this.#error;
        await this.#wait();
      }
      return { done: false, value: this.#take() };
    };
    const leave = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
      this.#leave();
      return { done: true, value: undefined };
    };
    return { [Symbol.asyncIterator]: () => ({ next, return: leave }) };
  }

  /** Ends it as the client's going does. */
  #leave(): void {
    this.#gone.abort(new Error("the client has gone"));
    for (const wake of this.#wakeWriters.splice(0)) wake();
    this.#wake();
  }

  /** All that waits goes out in one write. */
  #take(): Uint8Array {
    const pieces = this.#queue;
    this.#queue = [];
    this.#bytes = 0;
    for (const wake of this.#wakeWriters.splice(0)) wake();
    return concatenate(pieces);
  }

  async #wait(): Promise<void> {
    let cancel = (): void => {};
    await new Promise<void>((resolve) => {
      this.#wakeReader = resolve;
      cancel = this.#clock.after(this.#heartbeat, () => void this.comment(""));
    });
    cancel();
  }

  #wake(): void {
    const wake = this.#wakeReader;
    this.#wakeReader = undefined;
    wake?.();
  }
}

/**
 * Answers by a stream of events (HTML standard §9.2).
 * @param run sends them; the stream ends when it resolves. What it waits for should end with the writer's signal
 */
export function eventStream(
  { clock }: { readonly clock: Clock },
  run: (events: EventWriter) => Promise<void>,
  { retry, heartbeat = seconds(15) }: EventStreamOptions = {},
): Response {
  const writer = new EventWriter(clock, heartbeat);
  const begin = async (): Promise<void> => {
    try {
      if (retry !== undefined) await writer.retry(retry);
      await run(writer);
      writer.end();
    } catch (error) {
      writer.end(writer.signal.aborted ? undefined : error);
    }
  };
  const body: AsyncIterable<Uint8Array> = {
    // It begins when it is read: an answer that is never sent sends no events.
    [Symbol.asyncIterator]: () => {
      void begin();
      return writer.body()[Symbol.asyncIterator]();
    },
  };
  return new Response(body, {
    headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Accel-Buffering": "no" },
  });
}
