import type { Scripts } from "../../../application/script/scripts.ts";
import type { ScriptMaker, ScriptUser } from "../../../network/script-maker.ts";
import type { QuickJsScripts } from "../../script/quickjs-scripts.ts";

/** Runs scripts in QuickJS, which is loaded, with all that belongs to it, when the first one runs. */
export class LaterScripts implements ScriptMaker {
  readonly #wasm: () => Promise<Uint8Array>;
  #scripts: Promise<QuickJsScripts> | undefined;

  /** @param wasm the bytes of QuickJS's module */
  constructor(wasm: () => Promise<Uint8Array>) {
    this.#wasm = wasm;
  }

  make(user: ScriptUser): Scripts {
    return {
      run: async (script, context) => {
        const scripts = await context.work(this.#load(), "QuickJS");
        await scripts.make(user).run(script, context);
      },
    };
  }

  #load(): Promise<QuickJsScripts> {
    this.#scripts ??= import("../../script/quickjs-scripts.ts").then(
      ({ QuickJsScripts: Loaded }) => new Loaded({ wasm: this.#wasm, wall: () => performance.now() }),
    );
    return this.#scripts;
  }
}
