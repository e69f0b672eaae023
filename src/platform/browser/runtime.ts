import type { Platform } from "../../network/platform.ts";
import { sleep } from "../timer-sleep.ts";

/** A MessageChannel as a browser has it; Node's types, which this folder is checked with, name its port's events otherwise. */
interface Doorbell {
  readonly port1: { onmessage: (() => void) | null };
  readonly port2: { postMessage(message: unknown): void };
}

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
