/** The same tests on both engines: in Node behind a server, and, in the long run, in a Worker of a page that has none. */
import { describe, type TestContext, test } from "node:test";
import { isLong } from "../size.ts";
import { hasChromium } from "./harness.ts";
import { LabHere } from "./lab-here.ts";
import { StaticSite } from "./static-site.ts";

/** A lab whose page can be opened. */
export interface RunningLab {
  readonly url: string;
  /** Where a door is, such as `"127.0.0.1:8888"`. @throws where it is shut */
  door(name: string): string;
  close(): Promise<void>;
}

/** Runs a network file of the repository. */
export type StartLab = (path: string) => Promise<RunningLab>;

/** A test of what only a server does, such as doors, and an engine that stays when its page goes: in a Worker there is none such. */
export type TestServed = (name: string, run: (t: TestContext) => Promise<void>) => void;

const SERVED: TestServed = (name, run) => void test(name, run);
const NOT_SERVED: TestServed = () => {};

/** Describes the same of each engine. @param suite is told how a lab starts */
export function describeEach(name: string, suite: (start: StartLab, testServed: TestServed) => void): void {
  const options = { timeout: 300_000, skip: !hasChromium() && "no chromium" };
  describe(name, options, () => suite((path) => LabHere.start(path), SERVED));
  if (!isLong()) return;
  describe(`${name}, its engine in a Worker`, options, () => suite((path) => StaticSite.start(path), NOT_SERVED));
}
