import { create } from "zustand";
import type { Method, Methods, Problem } from "../../src/engine/protocol/index.ts";
import { RequestError, request, useConnection } from "../connection/index.ts";
import { lookAt, useSelection } from "../selection.ts";
import { nextSpeed, type Speed } from "./speed.ts";

/** What the bar of time knows beside the engine's state. */
interface TimeBar {
  /** Why the last command could not be done. */
  readonly problem: Problem | undefined;
  /** The speed that slow motion last came to. */
  readonly slow: number | undefined;
  /** How much the time line shows; undefined for all. */
  readonly span: number | undefined;
  /** Where the line ends while the past is looked at, so that it does not run away under the hand. */
  readonly heldEnd: number | undefined;
  /** A run to a time is under way. */
  readonly until: boolean;
  /** Where there is little room, the field for it is shown only when it is asked for. */
  readonly untilShown: boolean;
  /** What was said of the capture's limit, or of a slow machine, has been read. */
  readonly limitsRead: boolean;
  /** From where a new branch would begin, while that is asked. */
  readonly goOn: { readonly at: number; readonly branch: number } | undefined;
}

export const useTimeBar = create<TimeBar>(() => ({
  problem: undefined,
  slow: undefined,
  span: undefined,
  heldEnd: undefined,
  until: false,
  untilShown: false,
  limitsRead: false,
  goOn: undefined,
}));

/** Asks the engine; what it cannot do is shown in the bar. @returns undefined then */
async function command<M extends Method>(
  method: M,
  params: Methods[M]["params"],
): Promise<Methods[M]["result"] | undefined> {
  try {
    const result = await request(method, params);
    useTimeBar.setState({ problem: undefined });
    return result;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    if (error.problem.code !== "disconnected") useTimeBar.setState({ problem: error.problem });
    return undefined;
  }
}

const engine = (): ReturnType<typeof useConnection.getState>["state"] => useConnection.getState().state;

export const isRunning = (): boolean => engine()?.running === true;

/** What was asked for and is not answered yet: a key that is pressed again at once goes on from there. */
const asked: { speed?: Speed | undefined; running?: boolean | undefined } = {};

export async function playOrPause(): Promise<void> {
  const running = !(asked.running ?? isRunning());
  asked.running = running;
  await command(running ? "time.play" : "time.pause", {});
  if (asked.running === running) asked.running = undefined;
}

export const stepEvent = (): void => void command("time.step", {});

/** Shows the packet that was stepped to, wherever packets are shown. */
export async function stepPacket(): Promise<void> {
  showNow();
  const result = await command("time.stepPacket", {});
  if (result?.event !== undefined) useSelection.setState({ event: result.event });
}

export async function setSpeed(speed: Speed): Promise<void> {
  asked.speed = speed;
  await command("time.speed", { speed });
  if (asked.speed === speed) asked.speed = undefined;
}

export function changeSpeed(faster: boolean): void {
  const speed = asked.speed ?? engine()?.speed;
  if (speed !== undefined) void setSpeed(nextSpeed(speed, faster));
}

export const isSlow = (speed: Speed | undefined, slow: number | undefined): boolean =>
  slow !== undefined && speed === slow;

/** To the speed at which hops can be watched, and back to real time. */
export async function toggleSlowMotion(): Promise<void> {
  if (isSlow(engine()?.speed, useTimeBar.getState().slow)) return setSpeed(1);
  const result = await command("time.slowMotion", {});
  if (result !== undefined) useTimeBar.setState({ slow: result.speed });
}

export async function runUntil(at: number): Promise<void> {
  showNow();
  useTimeBar.setState({ until: true });
  await command("time.runUntil", { at });
  useTimeBar.setState({ until: false });
}

export const interrupt = (): void => void command("time.interrupt", {});

/** Looks at the past: the event log is read, and nothing else happens. */
export function lookBack(at: number): void {
  const now = engine()?.now ?? at;
  if (useTimeBar.getState().heldEnd === undefined) useTimeBar.setState({ heldEnd: now });
  lookAt(at);
}

export function showNow(): void {
  useTimeBar.setState({ heldEnd: undefined });
  lookAt(undefined);
}

/** Asks whether to go on from a time of a branch, since that resets connections. */
export const askToGoOn = (at: number, branch: number): void => useTimeBar.setState({ goOn: { at, branch } });

/** The same from what is looked at. */
export function askToGoOnFromHere(): void {
  const { time } = useSelection.getState();
  const branch = engine()?.branch;
  if (time !== undefined && branch !== undefined) askToGoOn(time, branch);
}

export const cancelGoOn = (): void => useTimeBar.setState({ goOn: undefined });

export async function goOn(): Promise<void> {
  const from = useTimeBar.getState().goOn;
  cancelGoOn();
  if (from === undefined) return;
  const result = await command("time.branch", from);
  if (result !== undefined) showNow();
}
