/** Writes docs/http-conformance.md from the tables beside this file and the parser's own. */
import { FAILURES } from "../../src/application/http/message/index.ts";
import { DISAGREEMENTS, H11_DIFFERENCES } from "./disagreements.ts";
import { PAIR_RULES, RULES } from "./rules.ts";

function failures(): string {
  const rows = Object.entries(FAILURES).map(
    ([code, [status, text, clause]]) => `| \`${code}\` | ${status} | ${text} | ${clause} |`,
  );
  return `## What the parser refuses

A server answers a request that it cannot read with the status and closes the connection, since where the request ends is in
doubt. A client gives the response up. Lengths and counts are limits of the server or client.

| code | status | what is wrong | clause |
|---|---|---|---|
${rows.join("\n")}`;
}

function disagreements(): string {
  const groups = DISAGREEMENTS.map(({ why, clause, cases }) => {
    const items = cases.map((name) => `- ${name}`);
    return `**${why}** (${clause}):\n\n${items.join("\n")}`;
  });
  return `## Where llhttp reads otherwise

llhttp, the parser of Node, brings cases with what it makes of them. All those beside the repository are read here as llhttp
reads them, whole and cut at any octet, but for these.

${groups.join("\n\n")}`;
}

function h11(): string {
  const rows = H11_DIFFERENCES.map(({ how, why, clause }) => `| ${how} | ${why} | ${clause} |`);
  return `## Where h11 reads otherwise

h11 is a parser in Python. It reads whatever is written here as it was meant. Of mutated messages the two make the same (head,
content, trailers, and where the message ends), but for these.

| how | why | clause |
|---|---|---|
${rows.join("\n")}`;
}

function rules(): string {
  const judged = RULES.filter(({ check }) => check !== undefined);
  const compared = PAIR_RULES.map(({ name, clause }) => ({ name, clause }));
  const kept = [...judged, ...compared].map(({ name, clause }) => `| \`${name}\` | ${clause} |`);
  const left = RULES.filter(({ why }) => why !== undefined).map(
    ({ name, clause, why }) => `| \`${name}\` | ${clause} | ${why} |`,
  );
  return `## The rules by which a study tried servers

${kept.length + left.length} rules, named as the study "http-conformance" (cispa) names them. By ${kept.length} of them every answer is judged
that a site gives which uses what there is: files, parts, conditions, languages, codings, listings, forms, cookies, users,
redirects, other origins, upgrades, tunnels, HSTS, and what is wrong (\`test/http/rules.test.ts\`).

| rule | clause |
|---|---|
${kept.join("\n")}

The other ${left.length} concern nothing that the server or its middleware sends of itself:

| rule | clause | why |
|---|---|---|
${left.join("\n")}`;
}

export const httpConformanceReport = (): string =>
  `# HTTP/1.1: how strict, and by whose judgement

Written by \`npm run conformance\`; a test holds that it is of today.

${failures()}

${rules()}

${disagreements()}

${h11()}
`;
