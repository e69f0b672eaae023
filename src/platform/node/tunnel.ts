import { closeSync, constants, openSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import type { FrameDoor, FrameOutside } from "../../network/doors/frame-door.ts";
import { type Intake, takeIn } from "./intake.ts";

const DEVICE = "/dev/net/tun";
/** `_IOW('T', 202, int)` of linux/if_tun.h, on all that Node runs on. */
const TUNSETIFF = 0x400454ca;
const IFF_TAP = 0x0002;
/** Frames come bare, without four bytes of flags in front. */
const IFF_NO_PI = 0x1000;
/** struct ifreq: the name, 16 bytes, then the flags. */
const IFREQ_LENGTH = 40;
const IFREQ_FLAGS_AT = 16;
/** Linux: IFNAMSIZ with the NUL at its end, no `/`, no white space, no pattern. */
const INTERFACE_NAME = /^[^\s/:%]{1,15}$/;
/** Frames that wait while the kernel takes none. */
const QUEUE_LIMIT = 1000;

// Taken when the module is loaded, so that a test with false timers does not stop the tunnel.
const { setImmediate, setTimeout } = globalThis;

/** A tunnel that cannot be opened: `code` says why. */
export class TunnelError extends Error {
  override name = "TunnelError";
  /** `"unsupported"`: not here; `"bad-name"`; else the errno's name. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * A Linux TAP device whose far end is a door of the network, so that the kernel is a host on the virtual Ethernet. It is made
 * in the network namespace of this process, needs CAP_NET_ADMIN there, and goes with this process. Bring up its near end
 * as any interface: `ip link set NAME up`, `ip address add … dev NAME`.
 */
export class Tunnel implements FrameOutside {
  #door: FrameDoor;
  readonly #fd: number;
  readonly #socket: Socket;
  readonly #intake: Intake;
  readonly #queue: Uint8Array[] = [];
  #closed = false;

  /**
   * Opens the tunnel and lets frames through.
   * @param name of the TAP device: `"nt0"`
   * @param onEnd called when the tunnel ends by itself, as when its device was deleted
   * @throws TunnelError
   */
  static async open(name: string, door: FrameDoor, onEnd: (error: Error) => void = () => {}): Promise<Tunnel> {
    if (!INTERFACE_NAME.test(name)) throw new TunnelError("bad-name", `"${name}" is no name for a network interface`);
    const fd = await openTap(name);
    return new Tunnel(fd, door, onEnd);
  }

  private constructor(fd: number, door: FrameDoor, onEnd: (error: Error) => void) {
    this.#fd = fd;
    this.#door = door;
    this.#socket = new Socket({ handle: pipeHandle(fd) } as object); // Node itself would not know what kind of file it is
    this.#intake = takeIn(this.#socket, this, (chunk) => this.#door.enter(chunk)); // each read of a TAP is one frame
    this.#socket.on("error", (error) => {
      this.close();
      onEnd(error);
    });
    this.#socket.on("close", () => this.close());
    door.open(this);
  }

  /** Whether the door has no room for more. */
  get isBusy(): boolean {
    return this.#door.isBusy;
  }

  /** Joins it to the same door of another network, in place of the one before; its device stays. */
  join(door: FrameDoor): void {
    if (this.#closed) {
      door.close();
      return;
    }
    this.#queue.length = 0;
    this.#door.close();
    this.#door = door;
    door.open(this);
  }

  output(frame: Uint8Array): void {
    if (this.#queue.length === 0 && this.#write(frame)) return;
    if (this.#queue.length >= QUEUE_LIMIT) this.#door.refused(frame);
    else if (this.#queue.push(frame.slice()) === 1) setImmediate(() => this.#retry());
  }

  /** Closes the tunnel; its device goes. Closing again does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.length = 0;
    this.#intake.stop();
    this.#door.close();
    this.#socket.destroy();
  }

  #retry(): void {
    while (this.#queue.length > 0) {
      if (this.#closed) return;
      if (!this.#write(this.#queue[0] as Uint8Array)) {
        setTimeout(() => this.#retry(), 1);
        return;
      }
      this.#queue.shift();
    }
  }

  /** @returns false when the kernel takes none now */
  #write(frame: Uint8Array): boolean {
    if (this.#closed) return true;
    try {
      writeSync(this.#fd, frame);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN" || code === "ENOBUFS") return false;
      this.#door.refused(frame); // EIO: the interface is down, as a cable in a box that is switched off
    }
    return true;
  }
}

/**
 * Makes a TAP device in the network namespace of this thread, for who reads and writes it by itself.
 * @returns its file, which does not block. Rejects with {@link TunnelError}
 */
export async function openTap(name: string): Promise<number> {
  if (process.platform !== "linux") throw new TunnelError("unsupported", "tunnels need Linux: use a stream door here");
  const koffi = await loadKoffi();
  const ioctl = koffi.load(null).func("int ioctl(int fd, unsigned long request, ...)");
  let fd: number;
  try {
    fd = openSync(DEVICE, constants.O_RDWR | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "EIO";
    throw new TunnelError(code, `${DEVICE} cannot be opened: ${reasonOf(code)}`);
  }
  const request = Buffer.alloc(IFREQ_LENGTH);
  request.write(name);
  request.writeUInt16LE(IFF_TAP | IFF_NO_PI, IFREQ_FLAGS_AT);
  if (ioctl(fd, TUNSETIFF, "void *", request) === 0) return fd;
  const errno = koffi.errno();
  closeSync(fd);
  const code = Object.entries(koffi.os.errno).find(([, value]) => value === errno)?.[0] ?? `errno ${errno}`;
  throw new TunnelError(code, `the TAP device "${name}" cannot be made: ${reasonOf(code)}`);
}

function reasonOf(code: string): string {
  if (code === "EACCES" || code === "EPERM") return "it needs root or CAP_NET_ADMIN";
  return code === "EBUSY" ? "it is in use" : code;
}

async function loadKoffi() {
  try {
    return (await import("koffi")).default;
  } catch {
    throw new TunnelError("unsupported", 'tunnels need the optional package "koffi": npm install koffi');
  }
}

interface PipeHandle {
  open(fd: number): number;
}

/**
 * Node's own handle for pipes, opened on a file of a kind that Node does not know. Its class has no public name; a socket
 * that begins to connect to a path has one.
 */
function pipeHandle(fd: number): PipeHandle {
  const probe = new Socket();
  probe.on("error", () => {});
  probe.connect({ path: `${DEVICE}/none` });
  const { _handle: handle } = probe as unknown as { _handle: { constructor: new (type: number) => PipeHandle } };
  probe.destroy();
  const pipe = new handle.constructor(0);
  const failed = pipe.open(fd);
  if (failed === 0) return pipe;
  closeSync(fd);
  throw new TunnelError("EIO", `the TAP device cannot be read: error ${failed}`);
}
