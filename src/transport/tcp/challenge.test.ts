import assert from "node:assert/strict";
import test from "node:test";
import { Random } from "../../base/random.ts";
import { CHALLENGE_INTERVAL, ChallengeLimit } from "./challenge.ts";

const someone = () => ({ lastChallengeAt: Number.NEGATIVE_INFINITY });

test("one connection challenges at most twice a second (Linux: tcp_invalid_ratelimit)", () => {
  const limit = new ChallengeLimit(new Random(1), 1000);
  const who = someone();
  assert.ok(limit.mayChallenge(who, 0));
  assert.ok(!limit.mayChallenge(who, CHALLENGE_INTERVAL - 1));
  assert.ok(limit.mayChallenge(who, CHALLENGE_INTERVAL));
  assert.deepEqual(limit.counters, { sent: 2, withheld: 1 });
});

test("a host's challenges in a second vary about the limit, so that none of them can be counted from outside (RFC 5961 §7)", () => {
  const limit = new ChallengeLimit(new Random(1), 100);
  const budgets: number[] = [];
  for (let second = 0; second < 200; second++) {
    let sent = 0;
    for (let each = 0; each < 200; each++) if (limit.mayChallenge(someone(), second * 1e9 + each)) sent++;
    budgets.push(sent);
  }
  assert.ok(Math.min(...budgets) >= 50 && Math.max(...budgets) < 150, `${budgets}`);
  assert.ok(new Set(budgets).size > 50, "no number that an attacker could know");
  const mean = budgets.reduce((sum, each) => sum + each, 0) / budgets.length;
  assert.ok(Math.abs(mean - 100) < 10, `${mean} on average`);
});

test("no limit but the connections' own when it is 0", () => {
  const limit = new ChallengeLimit(new Random(1), 0);
  for (let each = 0; each < 10_000; each++) assert.ok(limit.mayChallenge(someone(), 0));
});
