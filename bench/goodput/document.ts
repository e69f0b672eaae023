/**
 * `node --conditions=netarium:source bench/goodput/document.ts`: writes the tables into docs/tcp.md, between the lines that
 * mark them, from kernel-table.json and ours-table.json.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LOSSES, QUEUES, queueLimit, RATES, ROUND_TRIPS, RUN_SECONDS } from "./cells.ts";
import { type Comparison, compare, compareFairness, geometricMean } from "./compare.ts";
import { goodputsOf, type KernelRun, type KernelTable, OUR_TABLE, type OurTable, TABLE } from "./tables.ts";

const DOCUMENT = join(import.meta.dirname, "../../docs/tcp.md");

const kernel: KernelTable = JSON.parse(readFileSync(TABLE, "utf8"));
const ours: OurTable = JSON.parse(readFileSync(OUR_TABLE, "utf8"));
const rows = compare(goodputsOf(kernel.cells), ours.cells);

const sections: Record<string, string> = {
  goodput: [summary(), ...QUEUES.map(goodputTable)].join("\n\n"),
  fairness: fairnessTable(),
  kernel: settings(),
};
let text = readFileSync(DOCUMENT, "utf8");
for (const [name, content] of Object.entries(sections)) {
  const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/tcp.md has no place for ${name}`);
  text = text.slice(0, from) + begin + content + text.slice(to);
}
writeFileSync(DOCUMENT, text);

function summary(): string {
  const ratios = rows.map(({ ratio }) => ratio);
  const least = rows.reduce((lowest, row) => (row.ratio < lowest.ratio ? row : lowest));
  const { rate, roundTrip, loss, queue } = least.cell;
  return [
    `Over ${rows.length} cells ours reaches **${percent(geometricMean(ratios))}** of the kernel's goodput in the geometric`,
    `mean; least, ${percent(least.ratio)}, at ${rate} Mbit/s, ${roundTrip} ms, ${loss} % and a ${queue} queue.`,
  ].join("\n");
}

function goodputTable(queue: (typeof QUEUES)[number]): string {
  const head = `| ${queue} queue | ${LOSSES.map((loss) => `${loss} % loss`).join(" | ")} |`;
  const lines = RATES.flatMap((rate) =>
    ROUND_TRIPS.map((roundTrip) => {
      const frames = queueLimit({ rate, roundTrip, loss: 0, queue });
      const cells = LOSSES.map((loss) =>
        cellOf(
          rows.find(
            ({ cell }) =>
              cell.queue === queue && cell.rate === rate && cell.roundTrip === roundTrip && cell.loss === loss,
          ),
        ),
      );
      return `| ${rate} Mbit/s, ${roundTrip} ms, ${frames} frames | ${cells.join(" | ")} |`;
    }),
  );
  return [head, `|---|${LOSSES.map(() => "---").join("|")}|`, ...lines].join("\n");
}

function cellOf(row: Comparison | undefined): string {
  if (row === undefined) return "not measured";
  return `${row.kernel.toPrecision(3)} → ${row.ours.toPrecision(3)} · ${percent(row.ratio)}`;
}

function fairnessTable(): string {
  const lines = compareFairness(goodputsOf(kernel.shared), ours.shared).map(
    ({ cell, kernel: theirs, ours: own }) =>
      `| ${cell.rate} Mbit/s, ${cell.roundTrip} ms, ${cell.queue} queue | ${theirs.toFixed(3)} | ${own.toFixed(3)} |`,
  );
  return ["| two flows | Linux | Netarium |", "|---|---|---|", ...lines].join("\n");
}

function settings(): string {
  const runs = [...Object.values(kernel.cells), ...Object.values(kernel.shared)].flat();
  const said = Object.entries(kernel.settings).map(([name, value]) => `${name.replace("net.ipv4.", "")} = ${value}`);
  const late = (index: 0 | 1 | 2): string => Math.max(...runs.map((run) => run.late[index])).toFixed(2);
  const typical = (index: 0 | 1 | 2): string => middle(runs.map((run) => run.late[index])).toFixed(2);
  return [
    `${kernel.kernel}, ${kernel.processor}; CUBIC, and else its defaults but that it remembers no path:`,
    `\`${said.join(" · ")}\`.`,
    "",
    `${runs.length} runs of ${RUN_SECONDS} s. Frames were handed over after their instant by (the run in the middle, and the worst):`,
    `half of them less than ${typical(0)} ms (${late(0)}), 99 of 100 less than ${typical(1)} ms (${late(1)}),`,
    `999 of 1000 less than ${typical(2)} ms (${late(2)}). The tunnels dropped ${dropped(runs)} frames.`,
  ].join("\n");
}

function middle(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

function dropped(runs: readonly KernelRun[]): number {
  return runs.reduce((sum, { refused }) => sum + refused, 0);
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}
