import { Host, type HostOptions } from "./host.ts";

/** A host that passes on what is for others (RFC 1812). */
export class Router extends Host {
  constructor(options: Omit<HostOptions, "forwarding">) {
    super({ ...options, forwarding: true });
  }
}
