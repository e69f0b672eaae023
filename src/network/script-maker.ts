import { ScriptError, type Scripts } from "../application/script/scripts.ts";

/** Scripts that may run at once in a network: each has memory of its own. */
export const SCRIPTS_LIMIT = 200;

/** Makes what runs scripts, for the programs of a network; the platform brings it where it has one. */
export interface ScriptMaker {
  /** @param user the program that is to run one */
  make(user: ScriptUser): Scripts;
}

export interface ScriptUser {
  /**
   * The script took too much of the machine's time, which no replay would know: it is to be killed by an input. @returns false
   * when that cannot be now, because a record is replayed
   */
  overdue(): boolean;
}

/** Scripts of one network, as many at once as there may be. */
export class LimitedScripts implements ScriptMaker {
  readonly #maker: ScriptMaker;
  #running = 0;

  constructor(maker: ScriptMaker) {
    this.#maker = maker;
  }

  make(user: ScriptUser): Scripts {
    const scripts = this.#maker.make(user);
    return {
      run: async (script, context) => {
        if (this.#running >= SCRIPTS_LIMIT) {
          throw new ScriptError("memory", `${SCRIPTS_LIMIT} scripts run already: no more may at once`, script.name);
        }
        this.#running++;
        try {
          await scripts.run(script, context);
        } finally {
          this.#running--;
        }
      },
    };
  }
}
