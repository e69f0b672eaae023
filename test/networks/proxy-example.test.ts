import assert from "node:assert/strict";
import { test } from "node:test";
import { cli } from "../support/cli.ts";

const LINE = /^ +([\d.]+) +(\w+) +[\w-]+ +(.*)$/gm;

/** What the hosts of examples/proxy.yaml have said within a minute. */
async function said(): Promise<{ at: number; host: string; text: string }[]> {
  const args = ["run", "examples/proxy.yaml", "--for", "60s", "--speed", "max", "--port", "page=0"];
  const { code, stdout, stderr } = await cli(...args);
  assert.equal(code, 0, stderr);
  return [...(stdout + stderr).matchAll(LINE)].map(([, at, host = "", text = ""]) => ({ at: Number(at), host, text }));
}

test("the client of examples/proxy.yaml gets every page, though one of two servers is lost for a while", async () => {
  const lines = await said();
  const ofClient = lines.filter(({ host }) => host === "client");
  const pages = ofClient.flatMap(({ at, text }) => {
    const name = /^the page is called "(\w+)"$/.exec(text)?.[1];
    return name === undefined ? [] : [{ at, name }];
  });
  assert.ok(pages.length >= 24, `${pages.length} pages`);
  assert.ok(ofClient.every(({ text }) => /^(?:GET .*: 200 OK|the page)/.test(text)));
  const during = (from: number, to: number): string[] =>
    pages.filter(({ at }) => at > from && at < to).map(({ name }) => name);
  assert.deepEqual(during(0, 6), ["red", "blue", "red"]);
  assert.deepEqual(new Set(during(6, 25)), new Set(["red"]));
  const after = during(28, 60);
  assert.equal(after.filter((name) => name === "blue").length, Math.floor(after.length / 2));
  const ofProxy = lines.filter(({ host }) => host === "proxy").map(({ text }) => text);
  assert.equal(ofProxy.filter((text) => text.startsWith("GET /: 10.0.0.4 gave no answer")).length, 1);
  assert.equal(ofProxy.filter((text) => text === "10.0.0.4 answers again").length, 1);
  assert.deepEqual(await said(), lines, "a second run says the same");
});
