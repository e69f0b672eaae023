/** `examples/http-server.ts` does what it says. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { ROOT } from "./support/cli.ts";

test("the example of an HTTP server takes notes, tells the time, and ends with Ctrl-C when its requests have", async () => {
  const args = ["--conditions=netarium:source", "examples/http-server.ts", "0"];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  try {
    const [said] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    const at = said.trim();
    assert.match(at, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const answer = await fetch(at, { method: "POST", body: "milk" });
    assert.equal(await answer.text(), "- milk\n");
    assert.equal((await fetch(`${at}other`)).status, 404);
    assert.equal((await fetch(at, { method: "DELETE" })).headers.get("allow"), "GET, HEAD, POST");
    const time = await fetch(`${at}time`);
    const reader = (time.body as ReadableStream<Uint8Array>).getReader();
    const { value } = await reader.read();
    assert.match(new TextDecoder().decode(value), /^\d{4}-\d\d-\d\dT[\d:.]+Z\n$/);
    child.kill("SIGINT");
    await reader.read();
    assert.equal(child.exitCode, null, "a request is running");
    await reader.cancel();
    const [code] = await ended;
    assert.equal(code, 0);
  } finally {
    child.kill("SIGKILL");
  }
});
