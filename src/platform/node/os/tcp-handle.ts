import { type OnReadOpts, Socket, type SocketConstructorOpts } from "node:net";
import { getSystemErrorName } from "node:util";

/**
 * Beneath Node's streams. A `net.Socket` stands on a handle of libuv; what a stream does for each piece (buffers, callbacks,
 * a turn of `nextTick`) costs more than a short request is worth, and our sockets do it all themselves. Reading has a
 * documented way past it, `onread`, which an accepted socket gets by being made again on its handle. For writing the handle
 * is asked itself: it gives the system what it takes at once, and needs the request object only for the rest, which it sends
 * in order and before an end. This is Node's inside, so each shape is looked at first, and where one is another
 * (another Node, Bun, Windows, where nothing tells that a request is still in use), the stream does the work.
 */

/** What a stream's handle can do, as Node's own stream uses it. */
interface Handle {
  /** @returns 0, or the negative errno of libuv */
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
  useUserBuffer(bytes: Uint8Array): void;
}

interface WriteRequest {
  /** {@link UNUSED} unless the handle works on it. */
  getAsyncId(): number;
  oncomplete?: (status: number) => void;
  /** Keeps the memory while the system has not taken it. */
  buffer?: Uint8Array;
}

const UNUSED = -1;

type WithHandle = { _handle?: Handle | null };
type MakesRequest = new () => WriteRequest;

/** What Node makes its requests with: told by the request that a socket gives to a handle of ours. */
function requestMaker(): MakesRequest | undefined {
  if (process.platform === "win32") return undefined;
  let given: WriteRequest | undefined;
  const take = (request: WriteRequest): number => {
    given = request;
    return 0;
  };
  const nothing = (): number => 0;
  const handle = { writeBuffer: take, readStart: nothing, readStop: nothing, close: nothing, getAsyncId: nothing };
  try {
    const socket = new Socket({ handle, writable: true } as object);
    socket.on("error", nothing);
    socket.write(Buffer.of(0));
    const maker = given?.constructor as MakesRequest | undefined;
    if (maker?.name !== "WriteWrap") return undefined;
    return new maker().getAsyncId() === UNUSED ? maker : undefined;
  } catch {
    return undefined; // this Node is made otherwise
  }
}

const Request = requestMaker();
/** The request for all writes until one is in need of it. */
let spare = Request && new Request();

/** The handle of a socket, if it can do what we want of it. */
function handleOf(socket: Socket): Handle | undefined {
  const handle = (socket as Socket & WithHandle)._handle;
  if (typeof handle?.writeBuffer !== "function" || typeof handle.useUserBuffer !== "function") return undefined;
  return handle;
}

/**
 * A socket that reads by `onread`, in the place of one that was accepted and has not read; or that one itself.
 * @param onread as for `new Socket`
 */
export function readingBy(onread: OnReadOpts, accepted: Socket, highWaterMark: number): Socket {
  const handle = handleOf(accepted);
  if (handle === undefined) return accepted;
  (accepted as Socket & WithHandle)._handle = null;
  accepted.destroy(); // the server counts it no longer
  const options = { handle, allowHalfOpen: true, highWaterMark, onread };
  return new Socket(options as object as SocketConstructorOpts);
}

/** Writes to the handle of a connected socket. One piece at most waits for the system to take it. */
export class HandleWriter {
  /** Bytes that were written and that the system has not taken; nothing may be written meanwhile. */
  waiting = 0;
  readonly #socket: Socket;
  readonly #handle: Handle;
  readonly #onDrain: () => void;

  private constructor(socket: Socket, handle: Handle, onDrain: () => void) {
    this.#socket = socket;
    this.#handle = handle;
    this.#onDrain = onDrain;
  }

  /** @returns undefined where the socket itself must write */
  static on(socket: Socket, onDrain: () => void): HandleWriter | undefined {
    const handle = Request && handleOf(socket);
    return handle && new HandleWriter(socket, handle, onDrain);
  }

  /**
   * A failure destroys the socket, which tells it.
   * @returns whether the bytes must stay as they are until nothing waits
   */
  write(bytes: Uint8Array): boolean {
    if (this.#socket.destroyed) return false;
    const request = spare as WriteRequest;
    const errno = this.#handle.writeBuffer(request, bytes);
    if (errno === 0 && request.getAsyncId() === UNUSED) return false;
    spare = new (Request as MakesRequest)();
    if (errno !== 0) {
      this.#fail(errno);
      return false;
    }
    this.waiting = bytes.length;
    request.buffer = bytes;
    request.oncomplete = (status) => {
      this.waiting = 0;
      if (status < 0) this.#fail(status);
      else this.#onDrain();
    };
    return true;
  }

  #fail(errno: number): void {
    if (this.#socket.destroyed) return;
    const code = getSystemErrorName(errno);
    this.#socket.destroy(Object.assign(new Error(`write ${code}`), { code, errno, syscall: "write" }));
  }
}
