import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { LabWatcher } from "../../../../test/fixtures/lab.ts";
import { PROGRAMS } from "../../../application/registry.ts";
import { Engine } from "../../../engine/engine.ts";
import { documentTools } from "../../document/edit/index.ts";
import { readDocument } from "../../document/read.ts";
import { nodePlatform } from "../runtime.ts";
import { LabDoors } from "./lab-doors.ts";

const network = (port: number): string => `
netarium: 1
devices:
  guest: { kind: host, address: 10.0.0.1/24 }
  server: { kind: host, address: 10.0.0.2/24, programs: [echo-server] }
cables:
  - { between: [guest, server], delay: 1ms }
doors:
  echo: { publish: tcp, real: "127.0.0.1:${port}", from: guest, to: "server:7" }
`;

async function start(port: number) {
  const text = network(port);
  const { document, problems } = readDocument(text, { programs: PROGRAMS });
  assert.ok(document, JSON.stringify(problems));
  const doors = new LabDoors(document, { folder: "/" });
  const documents = documentTools({ programs: PROGRAMS });
  const options = { document, text, file: "f", platform: nodePlatform, doors, documents, netarium: "0", id: "1" };
  const engine = await Engine.start({ ...options, kind: "node" });
  const watcher = new LabWatcher(engine);
  return { engine, watcher, door: watcher.welcome.network.doors[0] };
}

/** What an echo of a text brings, as far as it is that text. */
async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  let heard = "";
  while (heard.length < text.length) heard += String((await once(socket, "data"))[0]);
  return heard;
}

test("a published port stays when one goes back: who was connected is reset, and who comes then enters the new branch", async (t) => {
  const { engine, watcher, door } = await start(0);
  t.after(() => engine.close());
  const port = Number(door?.at?.split(":")[1]);
  assert.deepEqual(door, {
    name: "echo",
    kind: "publish",
    protocol: "tcp",
    from: "guest",
    to: "10.0.0.2:7",
    at: `127.0.0.1:${port}`,
  });
  const first = connect(port, "127.0.0.1");
  t.after(() => first.destroy());
  assert.equal(await echo(first, "hello"), "hello");
  const { now } = engine.state;
  const { next } = engine.state.capture;
  assert.equal(await echo(first, "more"), "more"); // so that there is a past to go back from
  const reset = once(first, "error");
  const { branch } = await watcher.request("time.branch", { at: now });
  assert.equal(branch, 1);
  assert.deepEqual(watcher.pushes("network"), [], "the doors are where they were");
  assert.equal(((await reset)[0] as NodeJS.ErrnoException).code, "ECONNRESET");
  assert.ok(engine.state.capture.next >= next, "all that was heard is repeated");
  assert.equal(engine.state.differs, undefined);

  await watcher.request("time.play", {});
  const second = connect(port, "127.0.0.1");
  t.after(() => second.destroy());
  assert.equal(await echo(second, "again"), "again");
  const { snapshot } = await watcher.request("snapshot", {});
  const [published] = (snapshot as { published: { clients: unknown[] }[] }).published;
  assert.equal(published?.clients.length, 1, "the one of before has left the network too");
});

test("a port in use is told, and the network runs all the same", async (t) => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  t.after(() => other.close());
  const { port } = other.address() as { port: number };
  const { engine, door } = await start(port);
  t.after(() => engine.close());
  assert.equal(door?.problem?.code, "port-in-use");
  assert.deepEqual(door.problem.params, { door: "echo", address: "127.0.0.1", port });
  assert.equal(door.at, undefined);
  assert.equal(engine.state.running, true);
});

test("who is connected stays so through edits of other things; doors open and close with the document, also backwards", async (t) => {
  const { engine, watcher, door } = await start(0);
  t.after(() => engine.close());
  const port = Number(door?.at?.split(":")[1]);
  const client = connect(port, "127.0.0.1");
  t.after(() => client.destroy());
  assert.equal(await echo(client, "hello"), "hello");
  const before = engine.state.now;
  const edited = await watcher.request("document.edit", {
    version: 1,
    commands: [
      { do: "device.add", name: "far", device: { kind: "hub" } },
      { do: "door.add", name: "two", door: { publish: "tcp", real: "127.0.0.1:0", from: "guest", to: "server:7" } },
    ],
  });
  assert.ok(edited.taken);
  assert.equal(await echo(client, "still"), "still");
  const info = () => watcher.pushes("network").at(-1)?.network.doors;
  await watcher.request("time.pause", {});
  await watcher.request("time.play", {});
  while (info()?.length !== 2) assert.equal(await echo(client, "."), ".");
  const other = connect(Number(info()?.[1]?.at?.split(":")[1]), "127.0.0.1");
  t.after(() => other.destroy());
  assert.equal(await echo(other, "too"), "too");
  const reset = once(other, "close");
  other.on("error", () => {});
  client.on("error", () => {});
  await watcher.request("time.branch", { at: before });
  await reset;
  assert.equal(engine.course.network.published.size, 1);
  const state = await watcher.request("document.get", {});
  await watcher.request("document.undo", { version: state.version });
  assert.equal(engine.course.network.published.size, 2, "the door of before is there again");
});
