import { lookup } from "node:dns/promises";
import { NameError, type Names } from "../../socket/names.ts";

/** The operating system's resolver: its hosts file, its name servers, its cache. */
export const osNames: Names = {
  async lookup(name, { signal } = {}) {
    signal?.throwIfAborted();
    try {
      const found = await lookup(name, { all: true, family: 4 });
      signal?.throwIfAborted();
      if (found.length > 0) return found.map(({ address }) => address);
    } catch (error) {
      signal?.throwIfAborted();
      if ((error as NodeJS.ErrnoException).code === "EAI_AGAIN") throw new NameError("EAI_AGAIN", name);
    }
    throw new NameError("ENOTFOUND", name);
  },
};
