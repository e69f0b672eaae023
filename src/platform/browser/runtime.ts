import type { Platform, Sleep } from "../../network/platform.ts";

/** A MessageChannel as a browser has it; Node's types, which this folder is checked with, name its port's events otherwise. */
interface Doorbell {
  readonly port1: { onmessage: (() => void) | null };
  readonly port2: { postMessage(message: unknown): void };
}

/** The longest that timers take; who sleeps longer sleeps again. */
const LONGEST_SLEEP = 2 ** 31 - 1;

/** A browser as the run loop needs it, in a page or a Worker. Its setTimeout is clamped to 4 ms, a message is not. */
export function browserPlatform(): Platform {
  const channel = new MessageChannel() as unknown as Doorbell;
  const waiters: (() => void)[] = [];
  channel.port1.onmessage = () => waiters.shift()?.();
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      waiters.push(resolve);
      channel.port2.postMessage(undefined);
    });
  return { settle: turn, turn, wall: () => performance.now(), sleep };
}

function sleep(milliseconds: number): Sleep {
  let end = (): void => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  const timer = setTimeout(end, Math.min(milliseconds, LONGEST_SLEEP));
  const wake = (): void => {
    clearTimeout(timer);
    end();
  };
  return { done, wake };
}
