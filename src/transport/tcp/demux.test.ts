import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { IpAddress } from "../../address/ip.ts";
import { Demultiplexer, type Entry } from "./demux.ts";

class Four implements Entry {
  readonly localAddress: IpAddress;
  readonly localPort: number;
  readonly remoteAddress: IpAddress;
  readonly remotePort: number;
  sibling: this | undefined;

  constructor(local: number, localPort: number, remote: number, remotePort: number) {
    this.localAddress = local as IpAddress;
    this.localPort = localPort;
    this.remoteAddress = remote as IpAddress;
    this.remotePort = remotePort;
  }

  get key(): string {
    return `${this.localAddress} ${this.localPort} ${this.remoteAddress} ${this.remotePort}`;
  }
}

const find = (table: Demultiplexer<Four>, four: Four) =>
  table.find(four.localAddress, four.localPort, four.remoteAddress, four.remotePort);

test("entries are found by all four, come and go as in a map of them", () => {
  const four = fc
    .tuple(fc.nat(1), fc.integer({ min: 80, max: 82 }), fc.integer({ min: -2, max: 2 }), fc.nat(30))
    .map((words) => new Four(...words));
  fc.assert(
    fc.property(fc.array(fc.tuple(four, fc.boolean()), { maxLength: 200 }), (steps) => {
      const table = new Demultiplexer<Four>();
      const model = new Map<string, Four>();
      for (const [entry, comes] of steps) {
        const there = model.get(entry.key);
        assert.equal(find(table, entry), there);
        if (comes && there === undefined) {
          table.add(entry);
          model.set(entry.key, entry);
        } else if (!comes && there !== undefined) {
          table.remove(there);
          model.delete(entry.key);
        }
        assert.equal(table.size, model.size);
      }
      assert.deepEqual(new Set(table), new Set(model.values()));
      for (const port of [80, 81, 82]) {
        assert.equal(
          table.uses(port),
          [...model.values()].some((each) => each.localPort === port),
        );
      }
    }),
  );
});

test("what is not there is not removed", () => {
  const table = new Demultiplexer<Four>();
  table.add(new Four(1, 80, 2, 1000));
  table.remove(new Four(1, 80, 2, 1000));
  assert.equal(table.size, 1);
});

test("the clients of one port spread over the buckets", () => {
  const table = new Demultiplexer<Four>();
  const entries = Array.from(
    { length: 4096 },
    (_, index) => new Four(1, 80, 0x0a000000 + (index >> 6), 32_768 + index),
  );
  for (const entry of entries) table.add(entry);
  const depth = (entry: Four) => {
    let count = 0;
    for (let each = entry.sibling; each !== undefined; each = each.sibling) count++;
    return count;
  };
  assert.ok(Math.max(...entries.map(depth)) < 12);
});
