/** `npm run conformance`: writes docs/conformance.md and docs/http-conformance.md, and tells what is neither done nor explained. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { httpConformanceReport } from "../http/report.ts";
import { conformanceReport, gapOf } from "./report.ts";
import { CHAPTERS, ROOT, readTree } from "./tree.ts";

const tree = readTree();
writeFileSync(join(ROOT, "docs/conformance.md"), conformanceReport(tree));
writeFileSync(join(ROOT, "docs/http-conformance.md"), httpConformanceReport());
const gaps = CHAPTERS.flatMap(({ requirements }) => requirements).flatMap((each) => gapOf(each, tree) ?? []);
for (const gap of gaps) console.log(gap);
console.log(`${gaps.length} gaps`);
process.exitCode = gaps.length === 0 ? 0 : 1;
