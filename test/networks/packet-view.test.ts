/** Lists of packets over the log of a network in which cables lose frames. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { bulkClient, bulkServer } from "../../src/application/index.ts";
import { readPcapng } from "../../src/capture/pcapng/reader.ts";
import { copyOf } from "../../src/capture/view/copy.ts";
import { PcapngExport } from "../../src/capture/view/export.ts";
import { Search } from "../../src/capture/view/find.ts";
import { follow } from "../../src/capture/view/follow.ts";
import type { PacketView } from "../../src/capture/view/packet-view.ts";
import { sequenceOf } from "../../src/capture/view/sequence.ts";
import type { Vantage } from "../../src/capture/view/types.ts";
import { Network } from "../../src/network/network.ts";
import { after, milliseconds, START } from "../../src/time/instant.ts";
import { logOf, nicPlaces, viewOf, workOff } from "../fixtures/packet-view.ts";
import { requireTool } from "../require.ts";
import { runLoopOf } from "../support/run-loop.ts";
import { tshark } from "../tshark.ts";

const BYTES = 200_000;

/** Two hosts at a switch, behind cables that lose and corrupt. */
function lossyNetwork(bytes: number): Network {
  const network = new Network({ seed: 1 });
  network.host("server", { address: "10.0.0.1/24" });
  network.host("client", { address: "10.0.0.2/24" });
  network.switch("switch");
  const cable = { delay: "1ms", rate: "10Mbit/s", loss: "3%", corruption: "1%", duplication: "1%" };
  network.cable("server", "switch", cable);
  network.cable("client", "switch", cable);
  network.start("server", bulkServer, {});
  network.start("client", bulkClient, {
    ...{ server: { address: "10.0.0.1", port: 5001 }, bytes, direction: "upload", seed: 3 },
  });
  return network;
}

/** The numbers that tshark lets through of the exported view. */
async function tsharkNumbers(file: Uint8Array, filter: string): Promise<number[]> {
  const found = await tshark(file, filter, ["frame.number"]);
  return found.map(([number]) => Number(number));
}

function exported(view: PacketView): Uint8Array {
  const run = new PcapngExport(view);
  const pieces: Uint8Array[] = [run.piece()];
  while (!run.done) pieces.push(run.piece());
  return Uint8Array.from(Buffer.concat(pieces));
}

function numbersOf(view: PacketView, filter: string): number[] {
  assert.equal(view.setFilter(filter), undefined, filter);
  workOff(view);
  return Array.from({ length: view.matched }, (_, index) => view.numberAt(index) as number);
}

describe("a list of packets", () => {
  const network = lossyNetwork(BYTES);
  const log = logOf(network);
  const open = (vantage: Vantage = { kind: "cables" }): PacketView => {
    const view = viewOf(network, log, vantage);
    workOff(view);
    return view;
  };
  before(async () => {
    await runLoopOf(network).run();
  });

  test("has each crossing of a cable once, and tells of the frames that were lost on it", () => {
    const view = open();
    const events = Array.from({ length: log.next }, (_, event) => log.event(event));
    const crossings = events.filter((each) => each.direction === "out" && !nicPlaces(network)[each.nic]?.isLoopback);
    const rows = Array.from(
      { length: Math.ceil(view.matched / 500) },
      (_, page) => view.rows(page * 500, 500).rows,
    ).flat();
    assert.deepEqual(
      rows.filter(({ direction }) => direction === "out").map(({ event }) => event),
      crossings.map(({ event }) => event),
    );
    const lost = events.filter(({ reason }) => reason === "cable-loss").length;
    assert.ok(lost > 5);
    assert.equal(rows.filter(({ dropped }) => dropped === "cable-loss").length, lost);
    assert.ok(rows.some(({ dropped, corrupted }) => dropped === "fcs-error" && corrupted));
    assert.deepEqual(view.state, { total: rows.length, matched: rows.length, examined: rows.length, first: 0 });
  });

  test("of an interface is what a capture of it is: the same analysis, the same numbers", async (t) => {
    if (!requireTool(t, "tshark")) return;
    const nic = network.nics.find(({ fullName }) => fullName === "client.eth0");
    const view = open({ kind: "nic", nic: nic?.index ?? -1 });
    const file = exported(view);
    assert.equal(readPcapng(file).captured.length, view.matched);
    for (const filter of [
      "tcp.analysis.fast_retransmission",
      "tcp.analysis.retransmission",
      "tcp.analysis.duplicate_ack",
      "tcp.analysis.flags",
      "tcp.flags.syn == 1",
      "tcp.len > 0",
      'frame.comment contains "dropped"',
    ]) {
      const numbers = numbersOf(view, filter);
      assert.deepEqual(numbers, await tsharkNumbers(file, filter), filter);
      assert.ok(numbers.length > 0, filter);
    }
  });

  test("is exported with a row for each frame, that tshark reads clean", async (t) => {
    if (!requireTool(t, "tshark")) return;
    const view = open();
    const file = exported(view);
    const { problem, captured } = readPcapng(file);
    assert.equal(problem, undefined);
    assert.equal(captured.length, view.matched);
    assert.deepEqual(await tsharkNumbers(file, "_ws.malformed && !frame.comment"), []);
    view.setFilter("arp");
    workOff(view);
    assert.equal(readPcapng(exported(view)).captured.length, view.matched);
  });

  test("goes on in slices while the log grows and the filter judges", () => {
    const view = viewOf(network, log);
    assert.equal(view.setFilter("tcp.flags.syn == 1 || udp"), undefined);
    const seen = [view.state];
    for (view.work(20); view.isBehind; view.work(20)) seen.push(view.state);
    assert.ok(seen.length > 10);
    const states = [...seen, view.state];
    for (const [index, state] of states.slice(1).entries()) {
      const last = states[index] as (typeof states)[0];
      assert.ok(state.total >= last.total && state.examined >= last.examined && state.matched >= last.matched);
    }
    assert.equal(view.state.examined, view.state.total);
    assert.equal(view.rows(0, 500).rows.length, view.matched);
  });

  test("finds by filter, text and bytes, forwards and backwards", () => {
    const view = open();
    const find = (by: "filter" | "text" | "hex", what: string, from: number, backwards = false): number | undefined => {
      const made = Search.of(view, { by, what, from, backwards });
      assert.ok("search" in made);
      while (!made.search.work(50));
      return made.search.result;
    };
    const syns = numbersOf(view, "tcp.flags.syn == 1").map((number) => number - 1);
    view.setFilter("");
    workOff(view);
    assert.equal(find("filter", "tcp.flags.syn == 1", 0), syns[0]);
    assert.equal(find("filter", "tcp.flags.syn == 1", (syns[0] as number) + 1), syns[1]);
    assert.equal(find("filter", "tcp.flags.syn == 1", view.matched - 1, true), syns.at(-1));
    assert.equal(
      find("text", "who has 10.0.0.1", 0),
      view.rows(0, 500).rows.findIndex(({ info }) => info.startsWith("Who has 10.0.0.1")),
    );
    assert.equal(find("hex", "0a 00 00 02 0a 00 00 01", 0), syns[0]);
    assert.equal(find("text", "nowhere to be found", 0), -1);
    assert.ok("problem" in Search.of(view, { by: "hex", what: "xyz", from: 0, backwards: false }));
  });

  test("locates an event, the same packet elsewhere, and a time", () => {
    const view = open();
    const { event, time } = view.rows(20, 1).rows[0] as { event: number; time: number };
    assert.equal(view.locate({ event }), 20);
    const arrival = Array.from({ length: 100 }, (_, more) => event + more).find(
      (each) => log.direction(each) === 0 && log.packet(each) === log.packet(event),
    );
    assert.equal(view.numberAt(view.locate({ event: arrival ?? -1 })) !== undefined, true);
    assert.equal(view.rows(view.locate({ time }), 1).rows[0]?.time, time);
    assert.equal(view.locate({ time: 1e15 }), -1);
    assert.equal(view.locate({ event: 1e9 }), -1);
  });

  test("shows a packet whole: its tree with filters that find it again, its way, its cause", () => {
    const view = open();
    const syn = numbersOf(view, "tcp.flags == 0x012")[0] as number;
    const detail = view.detail(view.frames.event(syn));
    assert.ok(detail !== undefined);
    assert.deepEqual(
      detail.tree.map(({ name }) => name),
      ["frame", "eth", "ip", "tcp"],
    );
    assert.deepEqual(
      detail.path.slice(0, 2).map(({ nic, direction }) => `${nic} ${direction}`),
      ["server.eth0 out", "switch.1 in"],
    );
    assert.equal(
      log.event(detail.cause ?? -1).nic,
      network.nics.find(({ fullName }) => fullName === "server.eth0")?.index,
    );
    const filters = (nodes: typeof detail.tree): string[] =>
      nodes.flatMap((node) => [node.filter ?? [], filters(node.children ?? [])].flat());
    for (const filter of filters(detail.tree)) assert.ok(numbersOf(view, filter).includes(syn), filter);
  });

  test("follows a stream: every octet once and in order, though segments were lost and sent again", () => {
    const view = open({ kind: "device", device: "server" });
    const stream = follow(view, view.frames.event(numbersOf(view, "tcp")[0] as number));
    const said = (direction: number) =>
      Buffer.concat(
        (stream?.pieces ?? [])
          .filter((piece) => piece.direction === direction)
          .map(({ bytes }) => Buffer.from(bytes, "base64")),
      );
    assert.equal(stream?.missing, 0);
    assert.equal(said(1).toString(), "ok\n");
    assert.ok(said(0).length > BYTES);
    const whole = follow(
      open({ kind: "device", device: "client" }),
      view.frames.event(numbersOf(view, "tcp")[0] as number),
    );
    assert.equal(whole?.client, stream?.client);
    assert.equal(follow(view, 0), undefined, "ARP is no conversation");
  });

  test("draws a conversation between its two ends: what was lost, and what was sent again because of it", () => {
    const view = open();
    const event = view.frames.event(numbersOf(view, "tcp")[0] as number);
    const diagram = sequenceOf(log, view.frames.nics, event, (each) => Math.max(0, view.numberOf(each)));
    assert.ok(diagram !== undefined);
    const { ends, arrows } = diagram;
    assert.deepEqual(
      ends.map(({ name, address }) => `${name} ${address}`),
      ["client 10.0.0.2", "server 10.0.0.1"],
    );
    assert.match(arrows[0]?.label ?? "", /^SYN Seq=0 Win=\d+$/);
    const kept = arrows.filter(({ lost }) => lost === undefined);
    assert.ok(
      kept.every(({ arrived, left }) => arrived !== undefined && arrived - left >= 2_000_000),
      "over two cables of 1 ms",
    );
    const lost = arrows.filter((arrow) => arrow.lost !== undefined && arrow.length > 0);
    assert.ok(lost.length > 3);
    for (const arrow of lost) {
      const seq = /Seq=\d+/.exec(arrow.label)?.[0] as string;
      const first = arrow.again ?? arrow.event;
      assert.ok(
        arrows.some((each) => each.again === first && each.event > arrow.event),
        `${seq} was sent again`,
      );
    }
    assert.deepEqual([...new Set(arrows.map(({ phase }) => phase))].sort(), ["close", "data", "handshake", "other"]);
  });

  test("copies a packet as a dump, as text and as JSON", () => {
    const view = open();
    const event = view.frames.event(numbersOf(view, "tcp")[0] as number);
    assert.match(copyOf(view, event, "hex") ?? "", /^0000 {2}02 00 00 00 00 01/);
    assert.match(copyOf(view, event, "text") ?? "", /\n {4}Destination Port: 5001\n/);
    const json = JSON.parse(copyOf(view, event, "json") ?? "") as { layers: Record<string, Record<string, unknown>> };
    assert.equal(json.layers.tcp?.["tcp.dstport"], "5001");
    assert.equal(copyOf(view, event, "curl"), undefined);
  });
});

test("rows whose events have gone from the log are no rows any more, and all others are", async () => {
  const network = lossyNetwork(3_000_000);
  const log = logOf(network, { byteLimit: 4 * 2 ** 20, eventLimit: 6000 });
  const view = viewOf(network, log);
  view.setFilter("tcp.len > 0");
  const loop = runLoopOf(network);
  for (let time = START; log.next < 12_000; time = after(time, milliseconds(500))) {
    await loop.run(time);
    workOff(view);
  }
  assert.ok(log.first > 0);
  const { first, matched } = view.state;
  assert.ok(first > 0 && first < matched);
  const { from, rows } = view.rows(0, 500);
  assert.equal(from, first);
  assert.ok(rows.every(({ event }) => event >= log.first));
  assert.equal(view.detail(view.frames.event(1)), undefined);
  assert.equal(view.locate({ time: 0 }), first);
  assert.ok(exported(view).length > 0);
  assert.deepEqual(numbersOf(view, "").slice(0, 2), [1, 2]);
});
