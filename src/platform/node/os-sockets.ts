import type { Waking } from "../../socket/endpoints.ts";
import type { Sockets } from "../../socket/socket.ts";
import { EndpointSockets } from "../../socket/virtual.ts";
import { OsUdp } from "./os/datagram.ts";
import { OsTcp } from "./os/stream.ts";
import { afterWall } from "./wall-timer.ts";

/** The operating system runs programs when it likes. */
export const osWaking: Waking = { after: afterWall, wake() {} };

/**
 * Makes sockets of the operating system, through `node:net` and `node:dgram`. The calls are those of a virtual host's;
 * what Node cannot do is refused with an errno (docs/sockets.md).
 */
export function osSockets(): Sockets {
  return new EndpointSockets({ tcp: new OsTcp(), udp: new OsUdp(), waking: osWaking });
}
