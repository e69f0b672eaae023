/** `npm run conformance`: writes docs/conformance.md, and tells what is neither done nor explained. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceReport, gapOf } from "./report.ts";
import { CHAPTERS, ROOT, readTree } from "./tree.ts";

const tree = readTree();
writeFileSync(join(ROOT, "docs/conformance.md"), conformanceReport(tree));
const gaps = CHAPTERS.flatMap(({ requirements }) => requirements).flatMap((each) => gapOf(each, tree) ?? []);
for (const gap of gaps) console.log(gap);
console.log(`${gaps.length} gaps`);
process.exitCode = gaps.length === 0 ? 0 : 1;
