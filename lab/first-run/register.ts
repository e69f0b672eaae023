import { useConnection } from "../connection/index.ts";
import { registerActions } from "../frame/actions.ts";
import { registerPanel } from "../frame/panels.ts";
import { Guide } from "./guide.tsx";
import { showGuide } from "./guide-store.ts";
import { entranceOf } from "./progress.ts";

registerPanel({ id: "guide", place: "guide", title: "firstRun.title", order: 0, Component: Guide });

registerActions([
  {
    id: "help.firstSteps",
    group: "help",
    text: "firstRun.title",
    run: showGuide,
    enabled: () => entranceOf(useConnection.getState().network) !== undefined,
  },
]);
