import { formatProblem, type Permission, readNetworkFile } from "../src/platform/node/index.ts";
import { counted, printableLines } from "./output.ts";
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
  for (const problem of problems) console.error(printableLines(formatProblem(file, problem)));
  if (document === undefined) return EXIT_USAGE;
  const { devices, cables, doors, faults } = document;
  const things = { device: devices, cable: cables, door: doors, fault: faults };
  const counts = Object.entries(things).map(([thing, list]) => counted(list.length, thing));
  console.log(`${file}: good: ${counts.join(", ")}`);
  return EXIT_DONE;
}
