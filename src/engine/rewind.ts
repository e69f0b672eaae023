import type { Platform } from "../network/platform.ts";
import type { Instant } from "../time/instant.ts";
import type { Branch, Branches } from "./branches.ts";
import type { Clockwork } from "./clockwork.ts";
import { problemOf } from "./clockwork.ts";
import type { Course } from "./course.ts";
import { compare, type Difference, repeat } from "./replay.ts";
import { RequestError } from "./request-error.ts";

export interface RewindOptions {
  readonly clockwork: Clockwork;
  readonly branches: Branches;
  readonly platform: Platform;
  /** Makes a course at its beginning. */
  readonly make: () => Course;
  /** Whether something was ciphered: its bytes differ each time. */
  readonly ciphered: () => boolean;
  /** Called when a replay begins. */
  readonly onStart: () => void;
  /** Called when a course has come to its time, before it takes the place of the current one. */
  readonly onCome: (course: Course) => Promise<void>;
}

/**
 * Goes back: a fresh course is fed what came in and run to the moment. Until it is there the course that is current stays as
 * it was, with all who are connected, and stays for good when the replay is interrupted or fails.
 */
export class Rewind {
  readonly #options: RewindOptions;
  #replaying: Course | undefined;
  #target: Instant = 0 as Instant;
  #differs: Difference | undefined;

  constructor(options: RewindOptions) {
    this.#options = options;
  }

  /** How far a rewind has come, 0 to 1; undefined when none is under way. */
  get progress(): number | undefined {
    if (this.#replaying === undefined) return undefined;
    return this.#target === 0 ? 1 : Math.min(1, this.#replaying.network.now / this.#target);
  }

  /** Where the last replay differed from what it repeats. */
  get differs(): Difference | undefined {
    return this.#differs;
  }

  /** Another network has begun: of what was before there is nothing to tell. */
  forget(): void {
    this.#differs = undefined;
  }

  /** @throws RequestError when that cannot be repeated @returns the branch that is current then */
  async to(branch: Branch, at: Instant): Promise<Branch> {
    const { clockwork, branches } = this.#options;
    await clockwork.replace(async () => {
      // Only now does time stand, and it is known how far the branch has come.
      branches.current.to = clockwork.course.network.now;
      const reach = branches.reach(branch);
      if (at > reach) {
        const why =
          branch.lost === undefined ? "the branch has not come so far" : "what came in later was too much to keep";
        const code = branch.lost === undefined ? "not-reached" : "not-kept";
        throw new RequestError(code, `${at} ns cannot be gone back to: ${why}`, { at, reach });
      }
      const course = await this.#repeat(branch, at);
      await this.#check(course, branch, at);
      clockwork.course.leave();
      branches.goOn(branch, at);
      await this.#options.onCome(course);
      return course;
    });
    return branches.current;
  }

  async #repeat(branch: Branch, at: Instant): Promise<Course> {
    const { clockwork, branches, make, onStart } = this.#options;
    const course = make();
    this.#replaying = course;
    this.#target = at;
    clockwork.onInterrupt = () => course.loop.stop();
    onStart();
    try {
      if (await repeat(course, branches.inputsUntil(branch, at), at)) return course;
      course.leave();
    } catch (error) {
      course.leave();
      const { code, text, params } = problemOf(error);
      throw new RequestError(code, text, params);
    } finally {
      this.#replaying = undefined;
      clockwork.onInterrupt = undefined;
    }
    throw new RequestError("interrupted", "the rewind was interrupted: everything is as it was before");
  }

  async #check(course: Course, branch: Branch, at: Instant): Promise<void> {
    const { clockwork, branches, platform, ciphered } = this.#options;
    const until = Math.min(at, branches.common(branches.current, branch)) as Instant;
    this.#differs = await compare(clockwork.course.log, course.log, { platform, until, ciphered: ciphered() });
  }
}
