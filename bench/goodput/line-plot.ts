/** Line plots as SVG, to be read on white and on black: text and axes are grey, the background is the page's. */

export interface Series {
  readonly name: string;
  /** x and y, in order of x. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Drawn thin and dashed: a limit, or what it is compared with. */
  readonly faint?: boolean;
}

/** One pair of axes; several stand below each other and share x. */
export interface Panel {
  /** Of the y axis, with its unit. */
  readonly label: string;
  readonly series: readonly Series[];
}

const WIDTH = 760;
const LEFT = 56;
const RIGHT = 12;
const TITLE = 24;
const PANEL = 150;
const GAP = 34;
const FOOT = 34;
/** Blue, orange, green and purple that colour-blind people tell apart, light enough for black and dark enough for white. */
const COLOURS = ["#2b83d6", "#d9730d", "#229a6f", "#a35bc4"];
const GREY = "#7d8590";

/** Panels below each other. @param xLabel of the shared x axis, with its unit */
export function linePlot(title: string, xLabel: string, panels: readonly Panel[]): string {
  const height = TITLE + panels.length * (PANEL + GAP) + FOOT - GAP;
  const xs = panels.flatMap(({ series }) => series.flatMap(({ points }) => points.map(([x]) => x)));
  const xTicks = ticksUpTo(Math.max(...xs), 6);
  const xMost = Math.max(...xs);
  const parts = panels.flatMap((panel, index) => drawPanel(panel, TITLE + index * (PANEL + GAP), xMost, xTicks));
  const bottom = height - 6;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>text{font:11px system-ui,sans-serif;fill:${GREY}}.t{font-size:13px;font-weight:600}path{fill:none;stroke-width:1.4;stroke-linejoin:round}.g{stroke:${GREY};stroke-opacity:.25;stroke-width:1}.f{stroke-width:1;stroke-dasharray:5 4}</style>`,
    `<text class="t" x="${LEFT}" y="15">${escaped(title)}</text>`,
    ...parts,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${bottom}" text-anchor="middle">${escaped(xLabel)}</text>`,
    "</svg>",
    "",
  ].join("\n");
}

function drawPanel({ label, series }: Panel, top: number, xMost: number, xTicks: readonly number[]): string[] {
  const yTicks = ticksUpTo(Math.max(...series.flatMap(({ points }) => points.map(([, y]) => y))), 4);
  const yMost = yTicks.at(-1) as number;
  const x = (value: number): number => LEFT + (value / xMost) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => top + 14 + (1 - value / yMost) * (PANEL - 14);
  const grid = [
    ...yTicks.map((tick) => `M${LEFT} ${round(y(tick))}H${WIDTH - RIGHT}`),
    ...xTicks.map((tick) => `M${round(x(tick))} ${y(yMost)}V${top + PANEL}`),
  ];
  const legend = series.map(({ name }, index) => {
    const at = LEFT + 130 + index * 150;
    return `<text x="${at}" y="${top + 8}" style="fill:${COLOURS[index]}">${escaped(name)}</text>`;
  });
  return [
    `<text x="${LEFT}" y="${top + 8}">${escaped(label)}</text>`,
    ...legend,
    `<path class="g" d="${grid.join("")}"/>`,
    ...yTicks.map((tick) => `<text x="${LEFT - 6}" y="${round(y(tick) + 4)}" text-anchor="end">${tick}</text>`),
    ...xTicks.map((tick) => `<text x="${round(x(tick))}" y="${top + PANEL + 13}" text-anchor="middle">${tick}</text>`),
    ...series.map(({ points, faint }, index) => {
      const line = points.map(([px, py]) => `${round(x(px))} ${round(y(py))}`).join("L");
      return `<path${faint ? ' class="f"' : ""} style="stroke:${COLOURS[index]}" d="M${line}"/>`;
    }),
  ];
}

/** Round numbers from 0 to at least the most, about so many. */
export function ticksUpTo(most: number, count: number): number[] {
  const rough = Math.max(most, 1e-9) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) as number;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

const round = (value: number): number => Math.round(value * 10) / 10;
const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
