import { IN } from "../capture/log/event-chunk.ts";
import type { Platform } from "../network/platform.ts";
import type { RunLoop, Speed } from "../network/run.ts";
import type { Instant } from "../time/instant.ts";
import { LivelockError } from "../time/scheduler.ts";
import type { Course } from "./course.ts";
import type { Problem } from "./protocol/problem.ts";
import { RequestError } from "./request-error.ts";

/** Events that are stepped, on the way to the next packet, between two turns of the runtime. */
const STEPS_PER_TURN = 256;

/**
 * Plays, pauses and steps the course that is current. Whatever is asked of it is done one after the other; what runs
 * unpaced to a time gives way to what is asked next.
 */
export class Clockwork {
  readonly #platform: Platform;
  readonly #onChange: () => void;
  #course: Course;
  #speed: Speed = 1;
  #run: Promise<void> | undefined;
  #until: Instant | undefined;
  #failed: Problem | undefined;
  /** What was asked last is done when this resolves. */
  #last: Promise<unknown> = Promise.resolve();
  #asked = 0;
  #interrupted = false;
  #busy = false;

  /** Called when somebody interrupts: what else there is to stop, such as a replay. */
  onInterrupt: (() => void) | undefined;

  /** @param onChange called when people are to be told at once */
  constructor(course: Course, platform: Platform, onChange: () => void) {
    this.#course = course;
    this.#platform = platform;
    this.#onChange = onChange;
  }

  get course(): Course {
    return this.#course;
  }

  get running(): boolean {
    return this.#run !== undefined || this.#until !== undefined;
  }

  /** To which time it runs unpaced. */
  get until(): Instant | undefined {
    return this.#until;
  }

  /** Whether another course is about to take the place of this one. */
  get replacing(): boolean {
    return this.#busy;
  }

  get failed(): Problem | undefined {
    return this.#failed;
  }

  get speed(): Speed {
    return this.#speed;
  }

  set speed(speed: Speed) {
    this.#speed = speed;
    if (this.#until === undefined) this.#loop.speed = speed;
    this.#onChange();
  }

  play(): Promise<void> {
    return this.#exclusive(async () => {
      this.#refuseIfFailed();
      this.#start();
    });
  }

  /** Pauses when the instant that has begun is done. */
  pause(): Promise<void> {
    return this.#exclusive(() => this.#halt());
  }

  /** One event, paused. @returns false when there is none */
  step(): Promise<boolean> {
    return this.#exclusive(async () => {
      await this.#halt();
      return this.#guarded(() => this.#loop.step());
    });
  }

  /** Until a frame leaves or dies somewhere, paused. @returns its event, undefined when none came or it was interrupted */
  stepPacket(): Promise<number | undefined> {
    return this.#exclusive(async () => {
      await this.#halt();
      return this.#guarded(() => this.#stepToPacket());
    });
  }

  /**
   * Runs unpaced to a time that is to come, and pauses there, or where something else is asked.
   * @returns the time that it is then
   */
  runUntil(at: Instant): Promise<Instant> {
    const mine = this.#asked + 1;
    return this.#exclusive(async () => {
      await this.#halt();
      const { now } = this.#course.network;
      if (at <= now) throw new RequestError("not-ahead", `it is ${now} ns already`, { at, now });
      if (mine === this.#asked) await this.#guarded(() => this.#runTo(at));
      return this.#course.network.now;
    });
  }

  /** Ends what runs unpaced. */
  interrupt(): void {
    this.#interrupted = true;
    if (this.#until !== undefined) this.#loop.stop();
    this.onInterrupt?.();
  }

  /**
   * Lets an input come at once, whether or not time goes on: when the instant that has begun is done. What runs unpaced to a time gives
   * way, and time goes on afterwards if it did before.
   * @param submit gives the input to the course; false when it was refused
   */
  change(submit: (course: Course) => boolean): Promise<void> {
    return this.#exclusive(async () => {
      const runs = this.#run !== undefined;
      await this.#halt();
      const { network, loop } = this.#course;
      await this.#guarded(async () => {
        loop.speed = "max";
        loop.resume();
        try {
          await loop.run(network.now);
          if (!submit(this.#course)) throw new RequestError("too-many-inputs", "too much waits to come in");
          await loop.run(network.inputs.lastAt);
        } finally {
          loop.pause();
          loop.speed = this.#speed;
        }
      });
      if (runs) this.#start();
    });
  }

  /**
   * Pauses and lets something put another course in the place of the current one. Until that is done, whatever else is asked is
   * refused.
   * @param make gives the course that is current from then on, undefined for the same
   */
  replace(make: () => Promise<Course | undefined>): Promise<void> {
    return this.#exclusive(async () => {
      await this.#halt();
      this.#busy = true;
      this.#onChange();
      try {
        const course = await make();
        if (course === undefined) return;
        this.#course = course;
        this.#failed = undefined;
        course.loop.pause();
        course.loop.speed = this.#speed;
      } finally {
        this.#busy = false;
        this.#onChange();
      }
    });
  }

  /** Ends for good. */
  async close(): Promise<void> {
    this.interrupt();
    await this.#halt();
  }

  get #loop(): RunLoop {
    return this.#course.loop;
  }

  async #exclusive<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new RequestError("replaying", "a rewind is under way: wait for it, or interrupt it");
    if (this.#until !== undefined) this.interrupt();
    this.#asked++;
    const done = this.#last.then(() => {
      this.#interrupted = false;
      return work();
    });
    this.#last = done.catch(() => {});
    return done;
  }

  #start(): void {
    if (this.#run !== undefined) return;
    this.#loop.speed = this.#speed;
    this.#loop.resume();
    const run = this.#loop.run();
    this.#run = run.then(
      () => {},
      (error) => this.#fail(error),
    );
    void this.#run.then(() => {
      this.#run = undefined;
      this.#loop.pause();
      this.#onChange();
    });
    this.#onChange();
  }

  async #halt(): Promise<void> {
    if (this.#run === undefined) return;
    this.#loop.pause();
    this.#loop.stop();
    while (this.#run !== undefined) await this.#run;
  }

  async #runTo(at: Instant): Promise<void> {
    const loop = this.#loop;
    this.#until = at;
    loop.speed = "max";
    loop.resume();
    this.#onChange();
    try {
      await loop.run(at);
    } finally {
      this.#until = undefined;
      loop.pause();
      loop.speed = this.#speed;
      this.#onChange();
    }
  }

  async #stepToPacket(): Promise<number | undefined> {
    const { log } = this.#course;
    let seen = log.next;
    for (let steps = 1; !this.#interrupted; steps++) {
      if (!(await this.#loop.step())) return undefined;
      for (; seen < log.next; seen++) if (log.direction(seen) !== IN) return seen;
      if (steps % STEPS_PER_TURN === 0) await this.#platform.turn();
    }
    return undefined;
  }

  /** Does something that runs events; what they throw is the end of the course. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseIfFailed();
    try {
      return await work();
    } catch (error) {
      if (error instanceof RequestError) throw error;
      this.#fail(error);
      return this.#refuseIfFailed() as never;
    } finally {
      this.#onChange();
    }
  }

  #fail(error: unknown): void {
    this.#failed = problemOf(error);
    this.#onChange();
  }

  #refuseIfFailed(): void {
    if (this.#failed !== undefined) throw new RequestError(this.#failed.code, this.#failed.text, this.#failed.params);
  }
}

/** Why a run cannot go on, and what can be done. */
export function problemOf(error: unknown): Problem {
  if (error instanceof LivelockError) {
    const { at, owners } = error;
    return { code: "livelock", params: { at, owners: owners.join(", ") }, text: error.message };
  }
  const why = error instanceof Error ? error.message : String(error);
  const text = `Netarium has failed: ${why}. What has happened so far can still be looked at; go back to an earlier time to go on.`;
  return { code: "engine-failed", params: { why }, text };
}
