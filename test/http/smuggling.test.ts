/** Requests that could be read in two ways are read in none, by the parser and by a server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Response } from "../../src/application/http/index.ts";
import { milliseconds } from "../../src/time/instant.ts";
import { HttpScene } from "../fixtures/http-server.ts";
import { size } from "../size.ts";
import { read } from "./messages.ts";
import { vectors } from "./smuggling.ts";

const seenOf = (targets: readonly string[]): string[] => targets.map((target) => target.split("/")[1] ?? "");

test("the parser reads each vector in the one way that is listed", () => {
  let count = 0;
  let refused = 0;
  for (const vector of vectors()) {
    const { messages, error } = read(vector.input, { kind: "request" });
    const seen = seenOf(messages.map(({ line }) => line.split(" ")[1] ?? ""));
    assert.deepEqual([seen, error !== undefined], [vector.taken, vector.refused], `${vector.name}: ${error}`);
    count++;
    if (vector.refused) refused++;
  }
  assert.ok(count > 5_000 && refused < count, `${count} vectors, ${refused} refused`);
});

test("a server hands each on as it is listed, answers errors by 4xx or 5xx, and then closes", async () => {
  let seen: string[] = [];
  const scene = await HttpScene.serve(async (request) => {
    seen.push(request.target);
    await request.text();
    return new Response("ok");
  });
  let number = 0;
  for (const vector of vectors()) {
    // Each of them takes a connection.
    if (number++ % size(11, 1) !== 0) continue;
    seen = [];
    const client = await scene.connect();
    await client.say(vector.input, milliseconds(100));
    const answers = client.read();
    void client.socket.close();
    await scene.lan.run(milliseconds(100));
    const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
    assert.deepEqual(seenOf(seen), vector.taken, vector.name);
    assert.equal((statuses.at(-1) ?? 0) >= 400, vector.refused, `${vector.name}: ${answers}`);
    assert.ok(answers.endsWith("<end>"), `${vector.name} is to end the connection: ${answers}`);
  }
});
