import { constants } from "node:os";

/**
 * Lets a signal end this process as a return does: with what stands on its exit, such as servers that end and folders that go. By
 * itself a signal ends it at once.
 */
export function endInOrder(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
