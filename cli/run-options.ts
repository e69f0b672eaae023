import { InvalidArgumentError } from "commander";
import type { Duration, Speed } from "../src/index.ts";
import { parseDuration } from "../src/index.ts";
import { PERMISSIONS, type Permission } from "../src/platform/node/index.ts";

/** What `netarium run` was told. */
export interface RunOptions {
  readonly seed?: number;
  /** Virtual time after which it ends. */
  readonly for?: Duration;
  readonly speed?: Speed;
  /** A file, or `-` for standard output. */
  readonly pcap?: string;
  /** Whether the capture holds what opens its TLS. */
  readonly secrets?: boolean;
  readonly record?: string;
  readonly replay?: string;
  readonly allow: ReadonlySet<Permission>;
  /** Real ports by the name of the door. */
  readonly port: ReadonlyMap<string, number>;
  readonly json?: boolean;
}

export function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError("A seed is a whole number, 0 or more.");
}

export function parseFor(text: string): Duration {
  const duration = parseDuration(text);
  if (duration !== undefined && duration > 0) return duration;
  throw new InvalidArgumentError('A duration is written as "10s", "5m" or "1h30m".');
}

export function parseSpeed(text: string): Speed {
  if (text === "max") return "max";
  const speed = Number(text.replace(/x$/i, ""));
  if (text !== "" && speed > 0 && speed <= 1e6) return speed;
  throw new InvalidArgumentError('A speed is virtual seconds in a real second, such as 1 or 0.1 or 10, or "max".');
}

export function parsePermission(text: string, before: ReadonlySet<Permission>): Set<Permission> {
  const found = PERMISSIONS.find((each) => each === text);
  if (found !== undefined) return new Set([...before, found]);
  throw new InvalidArgumentError(`What can be allowed is ${PERMISSIONS.join(" or ")}.`);
}

export function parsePort(text: string, before: ReadonlyMap<string, number>): Map<string, number> {
  const [, name = "", port = ""] = /^([^=]+)=(\d{1,5})$/.exec(text) ?? [];
  if (name !== "" && Number(port) <= 65_535) return new Map([...before, [name, Number(port)]]);
  throw new InvalidArgumentError("A port is written as the door's name and a number: chat=9999.");
}
