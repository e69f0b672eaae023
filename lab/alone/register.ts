import { useConnection } from "../connection/index.ts";
import { registerActions } from "../frame/actions.ts";
import { openOverlay } from "../frame/overlays.ts";

registerActions([
  {
    id: "help.alone",
    group: "help",
    text: "alone.more",
    run: () => openOverlay("alone"),
    enabled: () => useConnection.getState().welcome?.platform === "worker",
  },
]);
