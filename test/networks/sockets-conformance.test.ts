/** One suite, two makers: a program cannot tell a virtual host's sockets from the operating system's. */
import { OsClock } from "../../src/platform/node/os-clock.ts";
import { osSockets } from "../../src/platform/node/os-sockets.ts";
import { datagramSuite } from "./sockets/datagram-suite.ts";
import { errorSuite } from "./sockets/error-suite.ts";
import { optionSuite } from "./sockets/option-suite.ts";
import { streamSuite } from "./sockets/stream-suite.ts";
import { virtual } from "./sockets/virtual-world.ts";
import type { World } from "./sockets/world.ts";

const os: World = {
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
};

for (const world of [virtual, os]) {
  streamSuite(world);
  errorSuite(world);
  datagramSuite(world);
  optionSuite(world);
}
