import {
  formatProblem,
  isWebFile,
  type Permission,
  readNetworkFile,
  readWebFile,
  type WebReadResult,
} from "../src/platform/node/index.ts";
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

/** `netarium check FILE`: a network file, or one for `netarium serve`. @returns the exit code */
export function check(file: string, allow: ReadonlySet<Permission>): number {
  const server = readServer(file);
  if (server !== undefined) return tellServer(file, server);
  const { document, problems } = readChecked(file, allow);
  for (const problem of problems) console.error(printableLines(formatProblem(file, problem)));
  if (document === undefined) return EXIT_USAGE;
  const { devices, cables, doors, faults } = document;
  const things = { device: devices, cable: cables, door: doors, fault: faults };
  const counts = Object.entries(things).map(([thing, list]) => counted(list.length, thing));
  console.log(`${file}: good: ${counts.join(", ")}`);
  return EXIT_DONE;
}

/** @returns undefined when the file is of another kind */
function readServer(file: string): WebReadResult | undefined {
  try {
    return isWebFile(file) ? readWebFile(file) : undefined;
  } catch (error) {
    throw fileError(file, error);
  }
}

function tellServer(file: string, { document, problems }: WebReadResult): number {
  for (const problem of problems) console.error(printableLines(formatProblem(file, problem)));
  if (document === undefined) return EXIT_USAGE;
  console.log(`${file}: good: ${counted(document.sites.length, "site")}`);
  return EXIT_DONE;
}
