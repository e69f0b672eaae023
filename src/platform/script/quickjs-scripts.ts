import type { Script, ScriptContext, Scripts } from "../../application/script/scripts.ts";
import type { ScriptMaker, ScriptUser } from "../../network/script-maker.ts";
import { WALL_LIMIT } from "./limits.ts";
import { QuickJsMaker } from "./quickjs.ts";
import { Sandbox } from "./sandbox.ts";
import { stripTypes } from "./strip-types.ts";

export interface QuickJsOptions {
  /** The bytes of `@jitl/quickjs-wasmfile-release-sync/wasm`, asked for once, when the first script runs. */
  readonly wasm: () => Promise<Uint8Array>;
  /** Milliseconds of the machine's clock. */
  readonly wall: () => number;
}

/** Runs scripts in QuickJS on WebAssembly, each in an instance of its own: the same in Node and in a browser. */
export class QuickJsScripts implements ScriptMaker {
  readonly #maker: QuickJsMaker;
  readonly #wall: () => number;

  constructor({ wasm, wall }: QuickJsOptions) {
    this.#maker = new QuickJsMaker(wasm);
    this.#wall = wall;
  }

  make(user: ScriptUser): Scripts {
    return { run: (script, context) => this.#run(script, context, user) };
  }

  async #run(script: Script, context: ScriptContext, user: ScriptUser): Promise<void> {
    const { clock, signal, work } = context;
    const stripped = await work(stripTypes(script.source, script.name), "TypeScript");
    const quickJs = await work(
      this.#maker.make(() => clock.date().getTime()),
      "QuickJS",
    );
    signal.throwIfAborted();
    const watch = new WallWatch(() => clock.now(), user);
    const onRun = (milliseconds: number): void => watch.ran(milliseconds);
    const sandbox = new Sandbox({ quickJs, script, stripped, context, onRun, wall: this.#wall });
    const abort = (): void => sandbox.close(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    sandbox.start();
    try {
      await sandbox.ended;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }
}

/** How far a script's computing falls behind virtual time. */
class WallWatch {
  readonly #now: () => number;
  readonly #user: ScriptUser;
  #at: number;
  #behind = 0;
  #told = false;

  constructor(now: () => number, user: ScriptUser) {
    this.#now = now;
    this.#user = user;
    this.#at = now();
  }

  ran(milliseconds: number): void {
    const now = this.#now();
    this.#behind = Math.max(0, this.#behind - (now - this.#at) / 1e6) + milliseconds;
    this.#at = now;
    if (this.#behind > WALL_LIMIT && !this.#told) this.#told = this.#user.overdue();
  }
}
