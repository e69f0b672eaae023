import { registerActions } from "../frame/actions.ts";
import { registerPanel } from "../frame/panels.ts";
import { connect, useConnection } from "./index.ts";
import { Status } from "./status.tsx";

registerPanel({ id: "status", place: "top", title: "connection.status", order: 0, Component: Status });

registerActions([
  {
    id: "connection.again",
    group: "help",
    text: "connection.again",
    run: connect,
    enabled: () => useConnection.getState().link.kind !== "open",
  },
]);
