/** A reporter that writes docs/long-tests.md: each test file with its counts, its time and what its tests noted. */
import { arch, cpus, release, type } from "node:os";
import { relative } from "node:path";
import type { TestEvent } from "node:test/reporters";

interface Counts {
  tests: number;
  passed: number;
  failed: number;
  skipped: number;
}

class FileReport {
  readonly counts: Counts = { tests: 0, passed: 0, failed: 0, skipped: 0 };
  readonly notes: string[] = [];
  readonly failures: string[] = [];
  milliseconds = 0;
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
const row = (...cells: (string | number)[]): string => `| ${cells.join(" | ")} |\n`;
const inLine = (text: string): string => text.replace(/\s+/g, " ").trim();

function take(report: FileReport, event: TestEvent): void {
  if (event.type === "test:diagnostic") report.notes.push(inLine(event.data.message));
  if (event.type !== "test:pass" && event.type !== "test:fail") return;
  const { name, nesting, details, skip } = event.data;
  if (nesting === 0) report.milliseconds += details.duration_ms;
  if (details.type === "suite") return;
  report.counts.tests++;
  if (skip) report.counts.skipped++;
  else if (event.type === "test:pass") report.counts.passed++;
  else {
    report.counts.failed++;
    report.failures.push(inLine(name));
  }
}

function render(reports: ReadonlyMap<string, FileReport>): string {
  const [cpu] = cpus();
  const files = [...reports].sort(([a], [b]) => (a < b ? -1 : 1));
  const failed = files.reduce((sum, [, report]) => sum + report.counts.failed, 0);
  let text = "# Long tests\n\nThe last `npm run test:long`: the tests of `npm test`, with their larger counts.\n\n";
  text += `- Result: **${failed === 0 ? "all passed" : `${failed} failed`}**\n`;
  text += `- Node ${process.versions.node}, ${type()} ${release().split("-")[0]} ${arch()}, ${cpus().length} × ${cpu?.model ?? "?"}\n\n`;
  text += row("file", "tests", "passed", "failed", "skipped", "seconds");
  text += row("---", "---:", "---:", "---:", "---:", "---:");
  for (const [file, { counts, milliseconds }] of files) {
    text += row(`\`${file}\``, counts.tests, counts.passed, counts.failed, counts.skipped, seconds(milliseconds));
  }
  for (const [file, { notes, failures }] of files) {
    if (notes.length + failures.length === 0) continue;
    text += `\n## ${file}\n\n`;
    for (const failure of failures) text += `- **failed:** ${failure}\n`;
    for (const note of notes) text += `- ${note}\n`;
  }
  return text;
}

export default async function* long(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const reports = new Map<string, FileReport>();
  for await (const event of source) {
    const file = event.data !== undefined && "file" in event.data ? event.data.file : undefined;
    if (typeof file !== "string") continue;
    const path = relative(process.cwd(), file).replaceAll("\\", "/");
    let report = reports.get(path);
    if (report === undefined) {
      report = new FileReport();
      reports.set(path, report);
    }
    take(report, event);
  }
  yield render(reports);
}
