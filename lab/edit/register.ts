import { useConnection } from "../connection/index.ts";
import "./text/text.css";
import { lazy } from "react";
import type { Action } from "../frame/actions.ts";
import { registerActions } from "../frame/actions.ts";
import { alsoDecidedBy } from "../frame/enabled.ts";
import { openPanel, registerPanel } from "../frame/panels.ts";
import { useSelection } from "../selection.ts";
import { canPaste, copy, cut, paste } from "./clipboard.ts";
import { canRemove, layOutAll, numberAll, place, remove, selectAll } from "./commands.ts";
import { begin, canRedo, canUndo, redo, undo, useDocument } from "./document.ts";
import { EditOverlays } from "./edit-layer.tsx";
import { ask, beginEditing, isEditing, KINDS, setTool, toggleEditing, useMode } from "./mode.ts";

registerPanel({ id: "editing", place: "top", title: "edit.edit", order: 2, Component: EditOverlays });
registerPanel({
  id: "text",
  place: "side",
  title: "frame.text",
  order: 2,
  Component: lazy(() => import("./text/text-panel.tsx")),
});

/** Whether there is an engine, and a document that it lets edit. */
const isThere = (): boolean =>
  useConnection.getState().link.kind === "open" && useDocument.getState().document !== undefined;
const device = (): string | undefined => useSelection.getState().device;
const hasDevice = (): boolean => device() !== undefined;

/** Where panels take turns, it is the network's when it is to be edited. */
function toggle(): void {
  toggleEditing();
  if (isEditing()) openPanel("canvas", false);
}

const action = (id: string, run: () => void, rest: Partial<Action> & Pick<Action, "text">): Action => ({
  id: `edit.${id}`,
  group: "edit",
  run,
  enabled: isThere,
  ...rest,
});

registerActions([
  action("toggle", toggle, { text: "edit.toggle", shortcut: "E" }),
  ...KINDS.map((kind) =>
    action(
      `add.${kind}`,
      () => {
        beginEditing();
        void place(kind);
      },
      { text: `edit.add_${kind}` },
    ),
  ),
  action("undo", undo, { text: "edit.undo", shortcut: "Mod+Z", enabled: canUndo, leavesText: true }),
  action("redo", redo, { text: "edit.redo", shortcut: "Mod+Shift+Z", enabled: canRedo, leavesText: true }),
  action(
    "cableTool",
    () => {
      beginEditing();
      setTool(useMode.getState().tool === "cable" ? "move" : "cable");
    },
    { text: "edit.cableTool" },
  ),
  action("connect", () => ask({ what: "connect", from: device() as string }), {
    text: "edit.connectFrom",
    shortcut: "C",
    enabled: hasDevice,
  }),
  action("rename", () => ask({ what: "rename", device: device() as string }), {
    text: "edit.rename",
    shortcut: "F2",
    enabled: hasDevice,
  }),
  action("remove", () => void remove(), {
    text: "edit.remove",
    shortcut: "Delete",
    keyWithin: ".canvas",
    enabled: () => isEditing() && canRemove(),
  }),
  action("conditions", () => ask({ what: "conditions", cable: useSelection.getState().cable as number }), {
    text: "edit.conditions",
    enabled: () => useSelection.getState().cable !== undefined,
  }),
  action("selectAll", selectAll, {
    text: "edit.selectAll",
    shortcut: "Mod+A",
    keyWithin: ".canvas",
    leavesText: true,
    enabled: isEditing,
  }),
  action("number", () => void numberAll(), { text: "edit.number" }),
  action("copy", () => void copy(), {
    text: "edit.copy",
    shortcut: "Mod+C",
    keyWithin: ".canvas",
    leavesText: true,
    enabled: hasDevice,
  }),
  action("cut", () => void cut(), {
    text: "edit.cutDevices",
    shortcut: "Mod+X",
    keyWithin: ".canvas",
    leavesText: true,
    enabled: () => isEditing() && hasDevice(),
  }),
  action("paste", () => void paste(), {
    text: "edit.paste",
    shortcut: "Mod+V",
    keyWithin: ".canvas",
    leavesText: true,
    enabled: () => isEditing() && canPaste(),
  }),
  action("layout", () => void layOutAll(), { text: "edit.layout" }),
]);
alsoDecidedBy(useDocument.subscribe);
alsoDecidedBy(useMode.subscribe);
begin();
