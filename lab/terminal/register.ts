import "@xterm/xterm/css/xterm.css";
import "./terminal.css";
import { lazy } from "react";
import { useConnection } from "../connection/index.ts";
import { type Action, registerActions } from "../frame/actions.ts";
import { registerPanel } from "../frame/panels.ts";
import {
  beginTerminals,
  closeTerminal,
  focusTerminal,
  goToTerminal,
  hostsOf,
  setScreenReader,
  useTerminals,
} from "./terminals.ts";

registerPanel({
  id: "terminal",
  place: "side",
  title: "frame.terminal",
  order: 0,
  Component: lazy(() => import("./terminal-panel.tsx")),
});

const isOne = (): boolean => useTerminals.getState().active !== undefined;

registerActions([
  {
    id: "terminal.focus",
    group: "terminal",
    text: "terminal.focus",
    shortcut: "T",
    run: focusTerminal,
    enabled: isOne,
  },
  {
    id: "terminal.close",
    group: "terminal",
    text: "terminal.close",
    run: () => {
      const { active } = useTerminals.getState();
      if (active !== undefined) closeTerminal(active);
    },
    enabled: isOne,
  },
  {
    id: "terminal.screenReader",
    group: "terminal",
    text: "terminal.screenReader",
    run: () => setScreenReader(!useTerminals.getState().screenReader),
  },
]);

/** An action for each host: `terminal.open.pc1`. */
let offered: readonly string[] = [];
let withdraw = (): void => {};
function offer(): void {
  const hosts = hostsOf(useConnection.getState());
  if (hosts.length === offered.length && hosts.every((host, index) => host === offered[index])) return;
  offered = hosts;
  withdraw();
  withdraw = registerActions(
    hosts.map(
      (host): Action => ({
        id: `terminal.open.${host}`,
        group: "terminal",
        text: "terminal.open",
        params: { host },
        run: () => goToTerminal(host),
        enabled: () => useConnection.getState().link.kind === "open",
      }),
    ),
  );
}
useConnection.subscribe(offer);
offer();
beginTerminals();
