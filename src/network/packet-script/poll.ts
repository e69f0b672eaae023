import { after, type Duration } from "../../time/instant.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import { Timer } from "../../time/timer.ts";
import { CONSTANTS } from "./constants.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Value } from "./script.ts";
import type { Arguments } from "./values.ts";

const bit = (name: string): number => CONSTANTS[name] ?? 0;
const IN = bit("POLLIN") | bit("POLLRDNORM");
const OUT = bit("POLLOUT") | bit("POLLWRNORM");
const PRIORITY = bit("POLLPRI") | bit("POLLRDBAND");
const ALWAYS = bit("POLLERR") | bit("POLLHUP") | bit("POLLNVAL");

interface Entry {
  readonly descriptor: Descriptor | undefined;
  readonly events: number;
  readonly expected: Value | undefined;
}

/**
 * `poll([{fd=3, events=POLLIN, revents=POLLIN}], 1, 1000)`
 * @returns how many are ready, and how that is not what the script expects
 */
export async function poll(
  args: Arguments,
  find: (fd: number) => Descriptor | undefined,
  scheduler: Scheduler,
): Promise<{ result: number; wrong?: string }> {
  const list = args.at(0);
  if (list.kind !== "list") return args.fail("poll takes a list of {fd=…, events=…, revents=…}");
  const entries = list.items.map((item): Entry => {
    const fields = args.fields(item);
    const field = (name: string): Value => fields.get(name) ?? args.fail(`poll needs ${name}`);
    const descriptor = find(args.toNumber(field("fd")));
    return { descriptor, events: args.toNumber(field("events")), expected: fields.get("revents") };
  });
  await wait(entries, args.number(2), scheduler);
  const found = entries.map(eventsOf);
  const index = entries.findIndex(
    ({ expected }, each) =>
      expected !== undefined && expected.kind !== "ellipsis" && args.toNumber(expected) !== found[each],
  );
  const result = found.filter((events) => events !== 0).length;
  return index < 0
    ? { result }
    : { result, wrong: `revents of entry ${index + 1}: came 0x${found[index]?.toString(16)}` };
}

function eventsOf({ descriptor, events }: Entry): number {
  if (descriptor === undefined) return bit("POLLNVAL");
  const { readable, writable, hangup, error, urgent } = descriptor.socket.poll();
  const state =
    (readable ? IN : 0) |
    (writable ? OUT : 0) |
    (hangup ? bit("POLLHUP") : 0) |
    (error ? bit("POLLERR") : 0) |
    (urgent ? PRIORITY : 0);
  return state & (events | ALWAYS);
}

/** Until one is ready, or so many milliseconds have passed; −1 waits for ever. */
async function wait(entries: readonly Entry[], milliseconds: number, scheduler: Scheduler): Promise<void> {
  let late = milliseconds === 0;
  const isReady = (): boolean => late || entries.some((entry) => eventsOf(entry) !== 0);
  let wake = (): void => {};
  const timer = new Timer("poll", () => {
    late = true;
    scheduler.wake();
    wake();
  });
  if (milliseconds > 0) scheduler.arm(timer, after(scheduler.now, (milliseconds * 1e6) as Duration));
  while (!isReady()) {
    await new Promise<void>((resolve) => {
      wake = resolve;
      for (const { descriptor } of entries) if (descriptor !== undefined) descriptor.socket.onReady = resolve;
    });
  }
  for (const { descriptor } of entries) if (descriptor !== undefined) descriptor.socket.onReady = undefined;
  scheduler.disarm(timer);
}
