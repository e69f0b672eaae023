import assert from "node:assert/strict";
import { test } from "node:test";
import { webClient } from "../../src/application/http/client/web-client.ts";
import { simulate } from "../../src/platform/node/testing.ts";
import { seconds } from "../../src/time/instant.ts";
import { network } from "../fixtures/http-scene.ts";
import { forEach, ScriptedServer } from "../fixtures/scripted-server.ts";
import { VirtualLan } from "../fixtures/virtual-lan.ts";

const site = forEach(async (connection, { target, head, body }) => {
  if (target === "/") {
    await connection.answer("200 OK", "<html><title> Hello\tthere </title>", "Set-Cookie: seen=1");
  } else if (target === "/form") {
    await connection.answer("303 See Other", "", `Location: /thanks?${body}`);
  } else await connection.answer("200 OK", /Cookie: (.*)\r/.exec(head)?.[1] ?? "no cookie");
});

test("a web client asks for pages, sends the form, follows, and keeps its cookies", async () => {
  await simulate({ network }, async ({ host, log }) => {
    const server = new ScriptedServer(site);
    host("server").run((context) => server.listen(context, 80).then(() => new Promise(() => {})));
    const run = host("client").start(webClient, {
      urls: ["http://10.0.0.2/", "http://10.0.0.2/other"],
      post: "http://10.0.0.2/form",
      form: ["name=Ada Lovelace", "empty"],
      every: seconds(2),
      count: 2,
    });
    await run.ended;
    assert.equal(run.state, "done");
    const once = [
      "GET http://10.0.0.2/: 200 OK, 34 bytes",
      'the page is called "Hello\\tthere"',
      "GET http://10.0.0.2/other: 200 OK, 6 bytes",
      "POST led to http://10.0.0.2/thanks?name=Ada+Lovelace&empty=: 200 OK, 6 bytes",
    ];
    const lines = log.filter(({ host: name }) => name === "client");
    assert.deepEqual(
      lines.map(({ text }) => text),
      [...once, ...once, "that was all; cookies: 1"],
    );
    assert.ok(lines.at(-1)!.at > 10e9 && lines.at(-1)!.at < 10.5e9, "five pauses of 2 s");
    assert.equal(server.connections, 1, "a connection that rests for 2 s is used again");
  });
});

test("a web client fails when a page did not come, after it has asked for all", async () => {
  await simulate({ network }, async ({ host, log }) => {
    const server = new ScriptedServer(site);
    host("server").run((context) => server.listen(context, 80).then(() => new Promise(() => {})));
    const run = host("client").start(webClient, { urls: ["http://10.0.0.2:81/", "http://10.0.0.2/"] });
    await run.ended;
    assert.equal(run.state, "failed");
    assert.match(log[0]?.text ?? "", /^GET http:\/\/10\.0\.0\.2:81\/ failed: connect ECONNREFUSED 10\.0\.0\.2:81$/);
    assert.match(log.at(-1)?.text ?? "", /one page did not come/);
    assert.equal(server.requests.length, 1);
  });
});

test("a web client that is asked to stop does, in the middle of a page", async () => {
  const lan = new VirtualLan(["server", "pc"]);
  const stop = lan.start("pc", webClient, { urls: ["http://10.0.0.1/"], count: 0 });
  await lan.run(seconds(5));
  await stop();
  assert.equal(lan.host("pc").sockets.open.size, 0);
});
