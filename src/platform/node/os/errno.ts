import type { Errno } from "../../../base/errno.ts";

/** Every name there is, so that what Node reports can be told from its own codes. */
const NAMES: Readonly<Record<Errno, true>> = {
  EACCES: true,
  EADDRINUSE: true,
  EADDRNOTAVAIL: true,
  EAFNOSUPPORT: true,
  EAGAIN: true,
  EALREADY: true,
  EBADF: true,
  ECANCELED: true,
  ECONNABORTED: true,
  ECONNREFUSED: true,
  ECONNRESET: true,
  EDESTADDRREQ: true,
  EHOSTDOWN: true,
  EHOSTUNREACH: true,
  EINPROGRESS: true,
  EINVAL: true,
  EIO: true,
  EISCONN: true,
  EMFILE: true,
  EMSGSIZE: true,
  ENETDOWN: true,
  ENETUNREACH: true,
  ENOBUFS: true,
  ENONET: true,
  ENOPROTOOPT: true,
  ENOTCONN: true,
  ENOTSUP: true,
  EPERM: true,
  EPIPE: true,
  EPROTO: true,
  EPROTONOSUPPORT: true,
  EPROTOTYPE: true,
  ETIMEDOUT: true,
};

/** Node's own codes that stand for an errno. */
const OF_NODE: Readonly<Record<string, Errno>> = {
  ENFILE: "EMFILE",
  ERR_STREAM_WRITE_AFTER_END: "EPIPE",
  ERR_STREAM_DESTROYED: "EPIPE",
  ERR_SOCKET_CLOSED: "ECONNABORTED",
  ERR_SOCKET_BAD_PORT: "EINVAL",
};

/** The errno that one of Node's errors stands for: EIO when it is none that a socket call has. */
export function errnoOf(error: unknown): Errno {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code !== "string") return "EIO";
  if (Object.hasOwn(NAMES, code)) return code as Errno;
  return Object.hasOwn(OF_NODE, code) ? (OF_NODE[code] as Errno) : "EIO";
}
