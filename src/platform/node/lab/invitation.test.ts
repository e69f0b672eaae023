import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "../../../socket/clock.ts";
import { after, START } from "../../../time/instant.ts";
import { INVITATION_TIME, Invitation } from "./invitation.ts";

test("an invitation leads in for a minute, and no longer", () => {
  let now = START;
  const invitation = new Invitation("token", { now: () => now } as Clock);
  const path = invitation.make();
  now = after(START, INVITATION_TIME);
  assert.equal(invitation.answer("GET", path).status, 410);
  const next = invitation.make();
  now = after(START, 2 * INVITATION_TIME - 1);
  assert.equal(invitation.answer("GET", next).headers.get("location"), "/#token=token");
});
