import { InvalidArgumentError } from "commander";
import type { Permission } from "../src/platform/node/index.ts";
import { parsePort } from "./run-options.ts";

/** The page's port and doors' ports, as `--port` gives both. */
export interface LabPorts {
  /** Undefined when any near the usual one will do. */
  readonly page: number | undefined;
  readonly doors: ReadonlyMap<string, number>;
}

export const NO_PORTS: LabPorts = { page: undefined, doors: new Map() };

/** What `netarium lab` was told. */
export interface LabOptions {
  readonly port: LabPorts;
  readonly open: boolean;
  readonly seed?: number;
  readonly allow: ReadonlySet<Permission>;
}

/** `4680` is the page's port, `join=9999` that of a door. */
export function parseLabPort(text: string, before: LabPorts): LabPorts {
  if (text.includes("=")) return { ...before, doors: parsePort(text, before.doors) };
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return { ...before, page: port };
  throw new InvalidArgumentError(
    "A port is a number from 0 to 65535; a door's is written as its name and a number: chat=9999.",
  );
}
