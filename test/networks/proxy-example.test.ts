import assert from "node:assert/strict";
import { test } from "node:test";
import { Cli, cli } from "../support/cli.ts";

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
  assert.deepEqual(new Set(during(6, 20.1)), new Set(["red"]));
  const after = during(26, 60);
  assert.ok(after.length > 10);
  assert.ok(
    after.every((name, index) => name !== after[index - 1]),
    `both in turn: ${after}`,
  );
  const ofProxy = lines.filter(({ host }) => host === "proxy").map(({ text }) => text);
  assert.equal(ofProxy.filter((text) => text.startsWith("GET /: 10.0.0.4 gave no answer")).length, 1);
  assert.equal(ofProxy.filter((text) => text === "10.0.0.4 answers again").length, 1);
  assert.deepEqual(await said(), lines, "a second run says the same");
});

test("programs of this machine ask through the proxy of examples/proxy.yaml by its published port", async (t) => {
  const run = new Cli("run", "examples/proxy.yaml", "--port", "page=0");
  t.after(() => run.child.kill("SIGKILL"));
  const [, port] = await run.says(/tcp 127\.0\.0\.1:(\d+) is 10\.0\.0\.2:80/);
  const titles: string[] = [];
  for (const _ of [1, 2, 3, 4]) {
    const response = await fetch(`http://127.0.0.1:${port}/`);
    assert.match(response.headers.get("via") ?? "", /netarium/);
    titles.push(/<title>(\w+)</.exec(await response.text())?.[1] ?? "");
  }
  assert.deepEqual(titles.sort(), ["blue", "blue", "red", "red"]);
  const missing = await fetch(`http://127.0.0.1:${port}/none`, { method: "HEAD" });
  assert.deepEqual([missing.status, await missing.text()], [404, ""]);
  assert.equal((await run.interrupt()).code, 0);
});
