import type { NetworkInfo } from "../../src/engine/protocol/index.ts";
import { useConnection } from "../connection/index.ts";
import { type Action, registerActions } from "../frame/actions.ts";
import { openPanel, registerPanel } from "../frame/panels.ts";
import { selectDevice } from "../selection.ts";
import HostPanel from "./host.tsx";

registerPanel({ id: "host", place: "side", title: "frame.host", order: 1, Component: HostPanel });

/** An action for each device: `host.show.pc1`. */
let offered: NetworkInfo["devices"] | undefined;
let withdraw = (): void => {};
function offer(): void {
  const devices = useConnection.getState().network?.devices;
  if (devices === offered) return;
  offered = devices;
  withdraw();
  const actions = devices?.map(
    ({ name }): Action => ({
      id: `host.show.${name}`,
      group: "canvas",
      text: "host.show",
      params: { device: name },
      run: () => {
        selectDevice(name);
        openPanel("host");
      },
    }),
  );
  withdraw = registerActions(actions ?? []);
}
useConnection.subscribe(offer);
offer();
