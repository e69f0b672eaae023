/** The programs of examples/programs do what they say, on hosts of a network. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { runScripts } from "../fixtures/script-run.ts";

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/programs/${name}.ts`, import.meta.url), "utf8");

describe("the example", () => {
  test("time client is told the time by the time server", async () => {
    const run = await runScripts({ server: example("time-server"), client: example("time-client") });
    assert.deepEqual(run.output("client"), ["Current time is 2026-01-01T00:00:00.008Z"]);
    assert.equal(run.end("client"), "done");
    assert.match(run.output("server").join("\n"), /^Time server on port 3434\nTold 10\.0\.0\.2:\d+: Current time is /);
    assert.equal(run.end("server"), "running");
  });

  test("UDP receiver writes down what the UDP sender sends", async () => {
    const run = await runScripts({ server: example("udp-receiver"), client: example("udp-sender") });
    assert.equal(run.end("client"), "done");
    assert.equal(run.output("client").length, 5);
    const heard = run.output("server").slice(1);
    assert.equal(heard.length, 5);
    for (const [index, line] of heard.entries())
      assert.match(line, new RegExp(`^10\\.0\\.0\\.2:\\d+ says: Hello ${index + 1}$`));
  });

  test("chat clients hear each other in the chat server's room", async () => {
    const [server, client] = [example("chat-server"), example("chat-client")];
    const run = await runScripts({ server, one: client, other: client });
    for (const host of ["one", "other"]) {
      assert.equal(run.end(host), "done");
      const heard = run.output(host);
      assert.equal(heard[0], "What is your name?");
      assert.ok(
        heard.some((line) => /^guest\d+: /.test(line)),
        heard.join("\n"),
      );
    }
    const said = run.output("server");
    assert.equal(said.filter((line) => line.includes("I have to go.")).length, 2);
    assert.equal(said.filter((line) => line.endsWith("has gone")).length, 2);
  });

  test("HTTP server answers curl, and says what is no request", async () => {
    const run = await runScripts({
      server: example("http-server"),
      client: `
import { chunks, connectTcp, sockets, writeAll } from "netarium/socket";
for (const request of ["GET / HTTP/1.1", "GET /time HTTP/1.1", "GET /none HTTP/1.1", "POST / HTTP/1.1"]) {
  const socket = await connectTcp(sockets, { address: "10.0.0.1", port: 80 });
  await writeAll(socket, new TextEncoder().encode(request + "\\r\\nHost: server\\r\\n\\r\\n"));
  let text = "";
  for await (const chunk of chunks(socket)) text += new TextDecoder().decode(chunk);
  console.log(text.split("\\r\\n")[0], text.split("\\r\\n\\r\\n")[1]?.trim());
  await socket.close();
}`,
    });
    assert.deepEqual(run.output("client"), [
      "HTTP/1.1 200 OK <h1>It works</h1><p>See also <a href=/time>the time</a>.",
      ...[run.output("client")[1] ?? "", "HTTP/1.1 404 Not Found There is no /none here."],
      "HTTP/1.1 405 Method Not Allowed Only GET is understood.",
    ]);
    assert.match(run.output("client")[1] ?? "", /^HTTP\/1\.1 200 OK 2026-01-01T/);
    assert.equal(run.output("server").length, 5);
  });

  test("programs send the same bytes at the same times in two runs", async () => {
    const sources = { server: example("chat-server"), one: example("chat-client"), other: example("chat-client") };
    const [one, same, other] = [
      await runScripts(sources),
      await runScripts(sources),
      await runScripts(sources, { seed: 2 }),
    ];
    assert.equal(one.trace, same.trace);
    assert.notEqual(one.trace, other.trace);
    assert.deepEqual(one.lines, same.lines);
  });
});
