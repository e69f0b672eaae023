import type { Errno } from "./errno.ts";

const TEXTS: Partial<Readonly<Record<Errno, string>>> = {
  EACCES: "Permission denied",
  EADDRINUSE: "Address already in use",
  EADDRNOTAVAIL: "Cannot assign requested address",
  EAFNOSUPPORT: "Address family not supported by protocol",
  EAGAIN: "Resource temporarily unavailable",
  ECONNABORTED: "Software caused connection abort",
  ECONNREFUSED: "Connection refused",
  ECONNRESET: "Connection reset by peer",
  EHOSTDOWN: "Host is down",
  EHOSTUNREACH: "No route to host",
  EINPROGRESS: "Operation now in progress",
  EINVAL: "Invalid argument",
  EMFILE: "Too many open files",
  EMSGSIZE: "Message too long",
  ENETDOWN: "Network is down",
  ENETUNREACH: "Network is unreachable",
  ENOBUFS: "No buffer space available",
  EPERM: "Operation not permitted",
  EPIPE: "Broken pipe",
  EPROTONOSUPPORT: "Protocol not supported",
  ETIMEDOUT: "Connection timed out",
};

/** An error as Linux's `strerror` words it, for tools whose messages people know; its name where it has no words here. */
export const errnoText = (code: Errno): string => TEXTS[code] ?? code;
