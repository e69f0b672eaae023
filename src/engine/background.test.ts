import assert from "node:assert/strict";
import { test } from "node:test";
import { LabMachine } from "../../test/fixtures/lab-machine.ts";
import { Background, type Share } from "./background.ts";

/** Piecework of so many units, each of which takes a wall microsecond. */
function world(share: Share, ...units: number[]) {
  const machine = new LabMachine();
  let progress = 0;
  const pieces = units.map((left) => ({
    left,
    get isBehind() {
      return this.left > 0;
    },
    work(budget: number) {
      machine.time += Math.min(this.left, budget) / 1000;
      this.left = Math.max(0, this.left - budget);
    },
  }));
  const background = new Background({
    platform: machine,
    share: () => share,
    pieces: () => pieces,
    onProgress: () => progress++,
  });
  background.wake();
  return {
    machine,
    background,
    pieces,
    left: () => pieces.reduce((sum, { left }) => sum + left, 0),
    told: () => progress,
  };
}

test("while time stands all is done at once, in slices between which the runtime has its turn", async () => {
  const { machine, left, told } = world("all", 100_000, 5_000);
  await machine.rest();
  while (left() > 0) await machine.rest();
  assert.ok(machine.time <= 106, `${machine.time} ms`);
  assert.ok(told() >= 10 && told() < 30);
});

test("beside a network that keeps up it takes a half, and of one that takes all it can get a small part", async () => {
  const half = world("half", 1e9);
  await half.machine.pass(1000);
  const little = world("little", 1e9);
  await little.machine.pass(1000);
  const [some, few] = [half, little].map(({ left }) => (1e9 - left()) / 1e6) as [number, number];
  assert.ok(some > 0.4 && some < 0.6, `${some}`);
  assert.ok(few > 0.005 && few < 0.01, `${few}`);
});

test("pieces take turns, and when it is closed nothing more is done", async () => {
  const { machine, background, pieces, left } = world("little", 1e6, 1e6);
  await machine.pass(200);
  assert.equal(pieces[0]?.left, pieces[1]?.left);
  background.close();
  const before = left();
  background.wake();
  await machine.pass(500);
  assert.equal(left(), before);
});

test("a piece that fails is left alone, and the others go on", async () => {
  const machine = new LabMachine();
  let tried = 0;
  let left = 10;
  const broken = {
    isBehind: true,
    work: () => {
      tried++;
      throw new Error("a packet that nobody thought of");
    },
  };
  const sound = {
    get isBehind() {
      return left > 0;
    },
    work: () => {
      left--;
    },
  };
  const pieces = () => [broken, sound];
  const background = new Background({ platform: machine, share: () => "all", pieces, onProgress: () => {} });
  background.wake();
  await machine.rest();
  assert.deepEqual([tried, left], [1, 0]);
  background.wake();
  await machine.rest();
  assert.equal(tried, 1);
});
