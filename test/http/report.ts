/** Writes docs/http-conformance.md from the tables beside this file and the parser's own. */
import { FAILURES } from "../../src/application/http/message/index.ts";
import { DISAGREEMENTS, H11_DIFFERENCES } from "./disagreements.ts";

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

export const httpConformanceReport = (): string =>
  `# HTTP/1.1: how strict, and by whose judgement

Written by \`npm run conformance\`; a test holds that it is of today.

${failures()}

${disagreements()}

${h11()}
`;
