import { formatProblem, type Permission, readNetworkFile } from "../src/platform/node/index.ts";
import { EXIT_DONE, EXIT_USAGE, fileError } from "./usage-error.ts";

/** Reads a file and says what is wrong with it, and nothing else. @throws UsageError when it cannot be read */
export function readChecked(file: string, allow: ReadonlySet<Permission>): ReturnType<typeof readNetworkFile> {
  try {
    return readNetworkFile(file, { allow });
  } catch (error) {
    throw fileError(file, error);
  }
}

/** `netarium check FILE`. @returns the exit code */
export function check(file: string, allow: ReadonlySet<Permission>): number {
  const { document, problems } = readChecked(file, allow);
  for (const problem of problems) console.error(formatProblem(file, problem));
  if (document === undefined) return EXIT_USAGE;
  const { devices, cables, doors, faults } = document;
  const counts = [devices, cables, doors, faults].map(({ length }) => length);
  console.log(`${file}: good: ${counts[0]} devices, ${counts[1]} cables, ${counts[2]} doors, ${counts[3]} faults`);
  return EXIT_DONE;
}
