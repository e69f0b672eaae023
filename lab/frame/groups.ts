import type { TextKey } from "../i18n/index.ts";
import type { ActionGroup } from "./actions.ts";

export const GROUP_NAMES: Readonly<Record<ActionGroup, TextKey>> = {
  go: "frame.groupGo",
  time: "frame.groupTime",
  canvas: "frame.groupCanvas",
  edit: "frame.groupEdit",
  packets: "frame.groupPackets",
  terminal: "frame.groupTerminal",
  view: "frame.groupView",
  help: "frame.groupHelp",
};
