import { useConnection } from "../connection/index.ts";
import { type Action, registerActions } from "../frame/actions.ts";
import { registerPanel } from "../frame/panels.ts";
import { useSelection } from "../selection.ts";
import {
  askToGoOnFromHere,
  changeSpeed,
  interrupt,
  playOrPause,
  setSpeed,
  showNow,
  stepEvent,
  stepPacket,
  toggleSlowMotion,
} from "./commands.ts";
import { openRunUntil } from "./run-until.tsx";
import { TimePanel } from "./time-panel.tsx";

registerPanel({ id: "time", place: "time", title: "time.line", order: 0, Component: TimePanel });

const isThere = (): boolean => useConnection.getState().link.kind === "open";
const isPast = (): boolean => useSelection.getState().time !== undefined;
const action = (id: string, text: Action["text"], run: () => void, more: Partial<Action> = {}): Action => ({
  id: `time.${id}`,
  group: "time",
  text,
  run,
  enabled: isThere,
  ...more,
});

registerActions([
  action("playPause", "time.playPause", playOrPause, { shortcut: "Space" }),
  action("stepPacket", "time.stepPacket", () => void stepPacket(), { shortcut: "." }),
  action("stepEvent", "time.stepEvent", stepEvent, { shortcut: "," }),
  action("slowMotion", "time.slowMotion", () => void toggleSlowMotion(), { shortcut: "S" }),
  action("slower", "time.slower", () => changeSpeed(false), { shortcut: "-" }),
  action("faster", "time.faster", () => changeSpeed(true), { shortcut: "+" }),
  action("realTime", "time.realTime", () => setSpeed(1), { shortcut: "1" }),
  action("runUntil", "time.runUntil", openRunUntil, { shortcut: "U" }),
  action("stop", "time.stop", interrupt),
  action("live", "time.live", showNow, { shortcut: "L", enabled: isPast }),
  action("goOn", "time.goOn", askToGoOnFromHere, { shortcut: "G", enabled: () => isThere() && isPast() }),
]);
