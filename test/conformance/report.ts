import type { Requirement } from "./requirements/requirement.ts";
import { groupBy, type Tag } from "./tags.ts";
import { CHAPTERS, type Tree } from "./tree.ts";

/** Whether a requirement is met as far as tags can tell: done and tested, or explained. */
export function gapOf(requirement: Requirement, tree: Tree): string | undefined {
  const { id, notDone, abstention } = requirement;
  const done = tree.sources.has(id);
  if (abstention !== undefined) return undefined;
  if (notDone !== undefined) return done ? `${id} is done in the source, but said not to be` : undefined;
  if (!done) return `${id} has no tag in the source: ${requirement.text}`;
  return tree.tests.has(id) ? undefined : `${id} has no test that names it: ${requirement.text}`;
}

/** docs/conformance.md */
export function conformanceReport(tree: Tree): string {
  const all = CHAPTERS.flatMap(({ requirements }) => requirements);
  const open = all.filter(({ notDone }) => notDone !== undefined);
  return `# Conformance of TCP

Written by \`npm run conformance\` from the clause tags in source and tests: what the standards ask for (in our words), where it
is done, and what tests it. [\`npm run test:clauses\`](../test/conformance/mutate.ts) takes the code at a tag away and shows that
a test named here then fails.

${all.length} requirements; ${all.length - open.length} are done and ${open.length} are not, each with the reason.

${CHAPTERS.map(({ title, requirements }) => chapter(title, requirements, tree)).join("\n")}`;
}

function chapter(title: string, requirements: readonly Requirement[], tree: Tree): string {
  const rows = requirements.map((each) => {
    const { id, clause, text } = each;
    const name = id.includes("§") ? id : `${id}, §${clause.split("§")[1]}`;
    const remark =
      each.notDone === undefined ? (each.abstention ?? each.remark ?? "") : `**not done**: ${each.notDone}`;
    const cells = [name, text, places(tree.sources.get(id)), tests(tree.tests.get(id)), remark];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return `## ${title}\n\n| clause | requirement | done in | tests | remark |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
}

/** Files, and the functions in each. */
function places(tags: readonly Tag[] = []): string {
  const files = groupBy(tags, ({ path }) => path);
  return [...files]
    .map(([path, here]) => {
      const symbols = [...new Set(here.map(({ symbol }) => symbol))].filter((symbol) => symbol !== "");
      const link = `[${path.replace("src/", "").replace("transport/tcp/", "")}](../${path})`;
      return [link, ...symbols.map((symbol) => `\`${symbol}\``)].join(" ");
    })
    .join("; ");
}

/** Packet scripts by name, other tests by file and title. */
function tests(tags: readonly Tag[] = []): string {
  const files = groupBy(tags, ({ path }) => path);
  return [...files]
    .map(([path, here]) => {
      const link = `[${path.slice(path.lastIndexOf("/") + 1)}](../${path})`;
      const titles = [...new Set(here.map(({ symbol }) => symbol))].filter((symbol) => symbol !== "");
      return [link, ...titles.map((title) => `“${title.replace(/ ?\((?:RFC|MUST|SHLD|MAY|§)[^)]*\)/g, "")}”`)].join(
        " ",
      );
    })
    .join("; ");
}
