import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Talker } from "../fixtures/talker.ts";
import { requireTool } from "../require.ts";
import { Cli, cli, temporaryFolder } from "../support/cli.ts";

const FILE = "examples/chat-room.yaml";

/** The simplest client there is: what is typed is sent without a newline, then it waits for an answer. */
const PYTHON = `
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
for line in sys.stdin:
    s.sendall(line.rstrip("\\n").encode())
    print(s.recv(1024).decode(), flush=True)
`;

const TIME = `
import socket, sys
print(socket.create_connection(("127.0.0.1", int(sys.argv[1]))).recv(1024).decode())
`;

/** The real ports that a run says it has published, by protocol and virtual port. */
async function portsOf(run: Cli): Promise<{ chat: number; time: number; udp: number }> {
  const port = async (pattern: RegExp) => Number((await run.says(pattern))[1]);
  return {
    chat: await port(/tcp 127\.0\.0\.1:(\d+) is 10\.0\.2\.11:8888/),
    time: await port(/tcp 127\.0\.0\.1:(\d+) is 10\.0\.2\.12:3434/),
    udp: await port(/udp 127\.0\.0\.1:(\d+) is 10\.0\.2\.13:3434/),
  };
}

const ANY_PORT = ["join", "clock", "datagrams"].flatMap((door) => ["--port", `${door}=0`]);

test("nc, Python and Node chat with each other and with virtual users, and the record replays to the same bytes", {
  timeout: 300_000,
}, async (t) => {
  if (!requireTool(t, "nc", "python3")) return;
  const folder = temporaryFolder(t);
  const [record, live, again] = ["record", "live.pcapng", "again.pcapng"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const run = new Cli("run", FILE, ...ANY_PORT, "--record", record, "--pcap", live, "--json");
  t.after(() => run.child.kill("SIGKILL"));
  const { chat, time, udp } = await portsOf(run);

  const talkers: Talker[] = [];
  t.after(() => {
    for (const talker of talkers) talker.kill();
  });
  const talk = (talker: Talker): Talker => {
    talkers.push(talker);
    return talker;
  };
  const nc = talk(Talker.process("nc", "127.0.0.1", `${chat}`));
  nc.say("/nick Nora\n");
  await nc.hears(/is now Nora/);
  const python = talk(Talker.process("python3", "-c", PYTHON, `${chat}`));
  await nc.hears(/joined/);
  python.say("hello from Python\n");
  await nc.hears(/: hello from Python/);
  const node = talk(Talker.socket(chat));
  node.say("hello from Node\r\n");
  await Promise.all([nc, node].map((each) => each.hears(/: hello from Node/)));
  nc.say("hello from nc\n");
  await Promise.all([nc, node].map((each) => each.hears(/Nora: hello from nc/)));
  await nc.hears(/(?:Alice|Bob): \S/);

  const clock = talk(Talker.process("python3", "-c", TIME, `${time}`));
  await clock.hears(/Current time is 2026-01-01 00:00:\d\d/);
  const sender = createSocket("udp4");
  sender.send("a datagram", udp, "127.0.0.1");
  await run.says(/udp-receiver +Received: a datagram from 10\.0\.1\.13:\d+/);
  await run.says(/127\.0\.0\.1:\d+ enters as 10\.0\.1\.13:\d+ and goes on to 10\.0\.2\.11:8888/);
  sender.close();
  for (const talker of talkers) talker.kill();
  await run.says(/127\.0\.0\.1:\d+ (?:resets|has ended)/);

  const { code, stdout } = await run.interrupt();
  assert.equal(code, 0);
  const replay = await cli("run", FILE, "--replay", record, "--pcap", again, "--json");
  assert.equal(replay.code, 0, replay.stderr);
  assert.deepEqual(JSON.parse(replay.stdout).trace, JSON.parse(stdout).trace);
  assert.ok(readFileSync(again).equals(readFileSync(live)), "the captures are the same");
});
