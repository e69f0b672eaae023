import type { Instant } from "../../time/instant.ts";
import type { Branches } from "../branches.ts";
import type { Clockwork } from "../clockwork.ts";
import { RequestError } from "../request-error.ts";
import type { Rewind } from "../rewind.ts";
import { SPEED_RANGE } from "../settings.ts";
import { slowMotion } from "../slow-motion.ts";
import type { Handlers, MethodsOf } from "./handlers.ts";

export interface TimeParts {
  readonly clockwork: Clockwork;
  readonly branches: Branches;
  readonly rewind: Rewind;
}

/** Play, pause, speed, steps, runs to a time, and going back. */
export function timeMethods({ clockwork, branches, rewind }: TimeParts): Handlers<MethodsOf<"time">> {
  return {
    "time.play": async () => {
      await clockwork.play();
      return {};
    },
    "time.pause": async () => {
      await clockwork.pause();
      return {};
    },
    "time.speed": ({ speed }) => {
      const [slowest, fastest] = SPEED_RANGE;
      if (speed !== "max" && !(speed >= slowest && speed <= fastest)) {
        throw new RequestError("speed", `a speed is ${slowest} to ${fastest}, or max`, { slowest, fastest });
      }
      clockwork.speed = speed;
      return {};
    },
    "time.slowMotion": () => {
      const { network, log } = clockwork.course;
      const speed = slowMotion(network, log);
      clockwork.speed = speed;
      return { speed };
    },
    "time.step": async () => ({ done: await clockwork.step() }),
    "time.stepPacket": async () => {
      const event = await clockwork.stepPacket();
      return event === undefined ? {} : { event };
    },
    "time.runUntil": async ({ at }) => ({ now: await clockwork.runUntil(at as Instant) }),
    "time.interrupt": () => {
      clockwork.interrupt();
      return {};
    },
    "time.branch": async ({ at, branch: id }) => {
      const branch = id === undefined ? branches.current : branches.find(id);
      if (branch === undefined) throw new RequestError("no-branch", `there is no branch ${id}`, { branch: id ?? 0 });
      return { branch: (await rewind.to(branch, at as Instant)).id };
    },
  };
}
