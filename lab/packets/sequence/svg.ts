import type { Placed } from "./layout.ts";
import {
  arrowShapes,
  backShapes,
  HEADER,
  headerShapes,
  type Look,
  linkShapes,
  type PhaseText,
  type Shape,
} from "./shapes.ts";

const FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace";
const LINE: Readonly<Record<Look, string>> = {
  life: "#7c8a90",
  handshake: "#0b6b63",
  data: "#172024",
  close: "#7d5200",
  other: "#4d5a60",
  lost: "#b3261e",
  link: "#7a3fa0",
  label: "#172024",
  "lost-label": "#b3261e",
  tick: "#4d5a60",
  phase: "#4d5a60",
  rule: "#d3dadc",
  break: "#4d5a60",
  name: "#172024",
  address: "#4d5a60",
};

const SIZES: Partial<Record<Look, number>> = { name: 14, tick: 11, break: 11, phase: 12 };

/** Letters that mean something in XML; control characters, which XML cannot hold at all, become dots. */
export function escapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[\p{Cc}\ufffe\uffff]/gu, "·").replace(/[&<>"]/g, (letter) => names[letter] ?? letter);
}

function drawn(shape: Shape): string {
  const colour = LINE[shape.look];
  if (shape.kind === "head") return `<path d="${shape.d}" fill="${colour}"/>`;
  if (shape.kind === "line") {
    const dash = shape.dashed ? ' stroke-dasharray="5 4"' : "";
    const width = shape.look === "life" || shape.look === "rule" ? 1 : 1.5;
    return `<path d="${shape.d}" fill="none" stroke="${colour}" stroke-width="${width}"${dash}/>`;
  }
  const weight = shape.look === "name" || shape.look === "phase" ? ' font-weight="600"' : "";
  const halo = shape.look.endsWith("label")
    ? ' stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
    : "";
  const place = `x="${shape.x}" y="${shape.y}" text-anchor="${shape.anchor}" font-size="${SIZES[shape.look] ?? 12}"`;
  return `<text ${place} fill="${colour}"${weight}${halo} xml:space="preserve">${escapeXml(shape.text)}</text>`;
}

/** A diagram as a file that stands by itself: light, its fonts and colours written into it. */
export function svgFile(placed: Placed, title: string, phaseText: PhaseText): string {
  const height = Math.ceil(placed.height + HEADER);
  const body = [
    ...backShapes(placed, 0, placed.height, phaseText),
    ...linkShapes(placed, 0, placed.height),
    ...placed.arrows.flatMap((arrow) => arrowShapes(arrow).filter(({ kind }) => kind !== "text")),
    ...placed.arrows.flatMap((arrow) => arrowShapes(arrow).filter(({ kind }) => kind === "text")),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${placed.width}" height="${height}" viewBox="0 0 ${placed.width} ${height}" font-family="${FONT}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...headerShapes(placed).map(drawn),
    `<g transform="translate(0 ${HEADER})">`,
    ...body.map(drawn),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}
