import assert from "node:assert/strict";
import test from "node:test";
import type { Instant } from "../time/instant.ts";
import { Pace } from "./pace.ts";

const at = (milliseconds: number) => (milliseconds * 1e6) as Instant;

test("virtual time is wall time × speed, through changes of speed and pauses", () => {
  let wall = 1000;
  const pace = new Pace(() => wall, at(5), 2);
  wall += 10;
  assert.equal(pace.now(), at(25));
  assert.equal(pace.until(at(45)), 10);
  pace.speed = 0.5;
  wall += 10;
  assert.equal(pace.now(), at(30));
  pace.paused = true;
  wall += 1e6;
  assert.equal(pace.now(), at(30));
  assert.equal(pace.until(at(31)), Number.POSITIVE_INFINITY);
  pace.goOnFrom(at(32));
  pace.paused = false;
  wall += 2;
  assert.equal(pace.now(), at(33));
});

test("debt beyond 100 ms of wall time is forgiven and counted, and less is not", () => {
  let wall = 0;
  const pace = new Pace(() => wall, at(0), 4);
  wall = 100;
  pace.forgive(at(0));
  assert.equal(pace.now(), at(400));
  wall = 350;
  pace.forgive(at(0));
  assert.equal(pace.now(), at(400), "100 ms late at 4×");
  assert.deepEqual(pace.forgiven, { milliseconds: 250, times: 1 });
  pace.forgive(at(500));
  assert.equal(pace.forgiven.times, 1, "an event still to come is no debt");
});
