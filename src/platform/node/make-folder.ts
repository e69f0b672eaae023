import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it. Node's own `recursive` never ends where a folder is there in which none can be made, as
 * in /proc.
 * @param mode of those that are made
 * @throws an error of the file system
 */
export function makeFolder(path: string, mode = 0o777): void {
  const whole = resolve(path);
  if (existsSync(whole)) return;
  makeFolder(dirname(whole), mode);
  mkdirSync(whole, { mode });
}
