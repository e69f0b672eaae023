import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkBeside, type PageFolder, readNetwork, StartError } from "./source.ts";

const TEXT = "netarium: 1\nname: Beside\ndevices: { h: { kind: hub } }\n";

const folder = (files: Readonly<Record<string, string>>, before?: Awaited<ReturnType<PageFolder["readBefore"]>>) => ({
  fetchText: async (name: string) => files[name],
  readBefore: async () => before,
});
const failsWith = (code: string, where: RegExp) => (error: unknown) =>
  error instanceof StartError && error.problem.code === code && where.test(error.problem.text);

describe("the network of a page without a server", () => {
  test("is what the build has read, as long as its text is the same", async () => {
    const { document } = await readNetwork({ text: TEXT, file: "n.yaml" }, folder({}));
    const named = { ...document, name: "as it was read" };
    const before = { text: TEXT, document: named, files: {} };
    assert.equal((await networkBeside("n.yaml", folder({ "n.yaml": TEXT }, before))).document, named);
    const other = await networkBeside("n.yaml", folder({ "n.yaml": TEXT.replace("Beside", "Another") }, before));
    assert.equal(other.document.name, "Another");
    assert.equal((await networkBeside("n.yaml", folder({ "n.yaml": TEXT }))).document.name, "Beside");
  });

  test("has the files that it names beside it", async () => {
    const text = `netarium: 1
devices:
  ns: { kind: host, address: 10.0.0.1/24, programs: [{ run: dns-server, with: { domain: example.test, zoneFiles: [example.zone] } }] }
`;
    const zone = "$ORIGIN example.test.\n$TTL 60\n@ SOA ns ns 1 60 60 60 60\n@ NS ns\nns A 10.0.0.1\n";
    const { document } = await readNetwork({ text, file: "n.yaml" }, folder({ "example.zone": zone }));
    assert.equal(document.devices.length, 1);
    await assert.rejects(
      readNetwork({ text, file: "n.yaml" }, folder({})),
      failsWith("bad-network-file", /example\.zone.*cannot be read/),
    );
  });

  test("that is not there, or wrong, is told with its place", async () => {
    await assert.rejects(networkBeside("n.yaml", folder({})), failsWith("no-network-file", /n\.yaml/));
    const wrong = folder({ "n.yaml": "netarium: 1\ndevices: { h: { kind: toaster } }\n" });
    await assert.rejects(networkBeside("n.yaml", wrong), failsWith("bad-network-file", /n\.yaml:2:/));
  });
});
