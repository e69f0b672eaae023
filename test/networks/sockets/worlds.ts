import { OsClock } from "../../../src/platform/node/os-clock.ts";
import { osSockets } from "../../../src/platform/node/os-sockets.ts";
import { TwoHosts } from "./two-hosts.ts";
import type { World } from "./world.ts";

/** Both makers of sockets. */
export const WORLDS: readonly World[] = [
  {
    name: "a virtual host",
    virtual: true,
    run: (body) => {
      const hosts = new TwoHosts();
      return hosts.run(() => body(hosts.net));
    },
  },
  {
    name: "the operating system",
    virtual: false,
    run: (body) =>
      body({
        server: osSockets(),
        client: osSockets(),
        at: "127.0.0.1",
        broadcast: "127.255.255.255",
        clock: new OsClock(),
      }),
  },
];
