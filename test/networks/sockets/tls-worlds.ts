import { VirtualAuthority } from "../../../src/platform/node/certificates/virtual-authority.ts";
import { OsClock } from "../../../src/platform/node/os-clock.ts";
import { osSockets } from "../../../src/platform/node/os-sockets.ts";
import { NetworkTls } from "../../../src/platform/node/tls/network-tls.ts";
import { osTls } from "../../../src/platform/node/tls/os-tls.ts";
import type { Socket } from "../../../src/socket/socket.ts";
import type { Tls } from "../../../src/socket/tls.ts";
import { VirtualWaking } from "../../../src/socket/virtual-waking.ts";
import { TwoHosts } from "./two-hosts.ts";
import type { World } from "./world.ts";

const authority = await VirtualAuthority.open();
const identity = await authority.certify(["server.test"]);
const authorities = [authority.certificate];

/** Both ends of a connection ciphered. */
async function cipher(tls: Tls, client: Socket, server: Socket): Promise<[Socket, Socket]> {
  return Promise.all([
    tls.wrap(client, { role: "client", serverName: "server.test", authorities }),
    tls.wrap(server, { role: "server", identity }),
  ]);
}

/** Sockets of both makers, whose connections are ciphered: what holds of a connection holds of them. */
export const TLS_WORLDS: readonly World[] = [
  {
    name: "TLS on a virtual host",
    virtual: true,
    run: (body) => {
      const hosts = new TwoHosts();
      const tls = new NetworkTls().make({
        waking: new VirtualWaking(hosts.scheduler),
        work: (promise, name) => hosts.works.work(promise, name),
      });
      return hosts.run(() => body({ ...hosts.net, cover: (client, server) => cipher(tls, client, server) }));
    },
  },
  {
    name: "TLS on the operating system",
    virtual: false,
    run: (body) =>
      body({
        server: osSockets(),
        client: osSockets(),
        at: "127.0.0.1",
        broadcast: "127.255.255.255",
        clock: new OsClock(),
        cover: (client, server) => cipher(osTls, client, server),
      }),
  },
];
