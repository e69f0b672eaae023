import { Socket as NetSocket } from "node:net";
import type { Errno } from "../../../base/errno.ts";
import { SocketTable } from "../../../socket/endpoint-socket.ts";
import type { Binding } from "../../../socket/endpoints.ts";
import { DEFAULT_OPTIONS } from "../../../socket/options.ts";
import type { Socket, Sockets } from "../../../socket/socket.ts";
import { StreamSocket } from "../../../socket/stream-socket.ts";
import { EndpointSockets } from "../../../socket/virtual.ts";
import { HIGH_WATER_MARK, OsConnection } from "../os/connection.ts";
import { OsUdp } from "../os/datagram.ts";
import { OsTcp } from "../os/stream.ts";
import { afterWall } from "../wall-timer.ts";

/** What sockets of {@link unixSockets} are told to connect to: there is nothing to choose. */
export const UNIX_PEER = { address: "127.0.0.1", port: 1 };

const waking = { after: afterWall, wake() {} };
/** For pipes to children, of which their owner has few. */
const pipes = new SocketTable(waking, Number.POSITIVE_INFINITY);

/** Stream sockets that connect to one UNIX socket, whatever address they are told. */
export function unixSockets(path: string): Sockets {
  return new EndpointSockets({ tcp: new UnixStreams(path), udp: new OsUdp(), waking });
}

class UnixStreams extends OsTcp {
  readonly #path: string;

  constructor(path: string) {
    super();
    this.#path = path;
  }

  override connect(binding: Binding | undefined): OsConnection | Errno {
    binding?.release();
    const socket = withoutReset(new NetSocket({ allowHalfOpen: true, ...{ highWaterMark: HIGH_WATER_MARK } }));
    socket.connect({ path: this.#path });
    return new OsConnection(socket);
  }
}

/** A pipe that Node has opened to a child, as a connected socket. @param pipe one without listeners that was not read */
export function pipeSocket(pipe: NetSocket): Socket {
  const connection = new OsConnection(withoutReset(pipe));
  return new StreamSocket(pipes, new OsTcp(), { connection, options: DEFAULT_OPTIONS, settings: {} });
}

/** A UNIX socket has no reset; Node throws at who asks for one. */
function withoutReset(socket: NetSocket): NetSocket {
  socket.resetAndDestroy = () => socket.destroy();
  return socket;
}
