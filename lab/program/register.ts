import "./program.css";
import { lazy } from "react";
import { useConnection } from "../connection/index.ts";
import { registerActions } from "../frame/actions.ts";
import { alsoDecidedBy } from "../frame/enabled.ts";
import { openPanel, registerPanel } from "../frame/panels.ts";
import { beginPrograms, hostOf, isRunning, runProgram, stopProgram, useProgram } from "./store.ts";

registerPanel({
  id: "program",
  place: "side",
  title: "program.title",
  order: 1,
  Component: lazy(() => import("./program-panel.tsx")),
});

const isConnected = (): boolean => useConnection.getState().link.kind === "open";

registerActions([
  {
    id: "go.program",
    group: "go",
    text: "program.show",
    shortcut: "Alt+8",
    run: () => openPanel("program"),
  },
  {
    id: "program.run",
    group: "terminal",
    text: "program.run",
    run: () => {
      openPanel("program", false);
      void runProgram();
    },
    enabled: () => isConnected() && useProgram.getState().source !== "" && hostOf(useProgram.getState()) !== undefined,
  },
  {
    id: "program.stop",
    group: "terminal",
    text: "program.stop",
    run: () => void stopProgram(),
    enabled: () => isConnected() && isRunning(useProgram.getState()),
  },
]);
alsoDecidedBy((changed) => useProgram.subscribe(changed));
beginPrograms();
