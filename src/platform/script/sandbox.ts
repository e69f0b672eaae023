import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import {
  type Script,
  type ScriptContext,
  ScriptError,
  type ScriptErrorCode,
} from "../../application/script/scripts.ts";
import { Allowance } from "./allowance.ts";
import { GUEST_LIBRARY } from "./guest-library.ts";
import { type Guest, HostCalls } from "./host-calls.ts";
import {
  FUEL_AT_ONCE,
  FUEL_PER_SECOND,
  FUEL_RESERVE,
  FUEL_TO_START,
  JOBS_AT_ONCE,
  MEMORY_PAGES,
  STACK_BYTES,
} from "./limits.ts";
import type { QuickJs } from "./quickjs.ts";
import type { Stripped } from "./strip-types.ts";
import { type Thrown, thrownOf } from "./thrown.ts";

/** The one module that there is. */
const MODULE = "netarium/socket";
/** What loads it. */
const LOADER = "netarium";
/** For what the host does in it, which ends by itself. */
const FUEL_WITHOUT_END = 2 ** 31 - 1;
/** Jobs between two looks at how many there were. */
const JOBS_PER_LOOK = 1_000;

export interface SandboxOptions {
  readonly quickJs: QuickJs;
  readonly script: Script;
  readonly stripped: Stripped;
  readonly context: ScriptContext;
  /** Called after each time that it ran. */
  readonly onRun: (wallMilliseconds: number) => void;
  readonly wall: () => number;
}

/**
 * A script as it runs: entered whenever something comes that it waits for, and left when it waits again. Each time it has fuel by
 * virtual time, and what does more than it may ends it for good.
 */
export class Sandbox implements Guest {
  /** Resolves when the script is done. @throws ScriptError */
  readonly ended: Promise<void>;
  readonly #options: SandboxOptions;
  readonly #quickJs: QuickJs;
  readonly #context: QuickJSContext;
  readonly #calls: HostCalls;
  readonly #allowance = new Allowance(FUEL_AT_ONCE, FUEL_PER_SECOND);
  /** What is to be done as soon as it is left. */
  readonly #late: (() => void)[] = [];
  #resolve: () => void = () => {};
  #reject: (reason: unknown) => void = () => {};
  #deliver: QuickJSHandle | undefined;
  /** Of the module's evaluation. */
  #evaluation: QuickJSHandle | undefined;
  #over = false;
  #inside = false;
  #interrupted = false;
  #stopped: ScriptError | undefined;
  #instant = -1;
  #jobs = 0;

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.#quickJs = options.quickJs;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#calls = new HostCalls(options.context, this);
    const runtime = this.#quickJs.module.newRuntime();
    runtime.setMaxStackSize(STACK_BYTES);
    const { rejections } = this.#quickJs;
    const isInterrupted = (): boolean => {
      this.#interrupted ||= this.#quickJs.fuel.value < FUEL_RESERVE;
      return this.#interrupted;
    };
    rejections.ask(runtime, () => runtime.setInterruptHandler(isInterrupted));
    runtime.setModuleLoader(
      (name) =>
        name === MODULE ? GUEST_LIBRARY : { error: new Error(`there is no module "${name}", only "${MODULE}"`) },
      (_, wanted) => wanted,
    );
    this.#context = runtime.newContext();
    rejections.begin(this.#context);
  }

  /** Evaluates the script until it waits for the first time. */
  start(): void {
    this.#enter(() => this.#loadLibrary(), FUEL_TO_START);
    this.#enter(() => {
      const { script, stripped } = this.#options;
      const evaluated = this.#context.evalCode(stripped.code, script.name, { type: "module" });
      if (evaluated.error) this.#fail(evaluated.error);
      else this.#evaluation = evaluated.value;
    });
  }

  /** Ends it at once: nothing in it runs any more. */
  close(reason: unknown): void {
    this.#finish(() => this.#reject(reason));
  }

  deliver(what: "call" | "timer" | "ready", number: number, json: string, bytes?: Uint8Array): void {
    this.#enter(() => {
      const context = this.#context;
      const args = [context.newString(what), context.newNumber(number), context.newString(json)];
      if (bytes !== undefined) args.push(context.newArrayBuffer(bytes.slice().buffer));
      const called = context.callFunction(this.#deliver as QuickJSHandle, context.undefined, args);
      for (const each of args) each.dispose();
      if (called.error) this.#fail(called.error);
      else called.value.dispose();
    });
  }

  stop(code: ScriptErrorCode, why: string): void {
    this.#stopped ??= new ScriptError(code, why, this.#options.script.name);
    // The next turn of a loop traps: none of its own code runs any more.
    this.#quickJs.fuel.value = -1;
  }

  charge(fuel: number): void {
    this.#quickJs.fuel.value -= Math.ceil(fuel);
  }

  #loadLibrary(): void {
    const context = this.#context;
    const host = context.newFunction("host", (what, number, json, bytes) => this.#handle(what, number, json, bytes));
    context.setProp(context.global, "netariumHost", host);
    host.dispose();
    const loaded = context.evalCode(`import "${MODULE}";`, LOADER, { type: "module" });
    if (loaded.error) this.#fail(loaded.error);
    else loaded.value.dispose();
  }

  /** What the script asks its host. */
  #handle(
    what: QuickJSHandle,
    number: QuickJSHandle,
    json: QuickJSHandle,
    bytes: QuickJSHandle | undefined,
  ): QuickJSHandle {
    const context = this.#context;
    const fits = context.typeof(what) === "string" && context.typeof(number) === "number";
    // Whatever else it were, reading it might run code of the script's.
    if (!fits || context.typeof(json) !== "string") return context.undefined;
    const name = context.getString(what);
    if (name === "deliver") {
      this.#deliver ??= bytes?.dup();
      return context.undefined;
    }
    const sent = bytes === undefined || context.typeof(bytes) === "undefined" ? undefined : this.#copy(bytes);
    const answer = this.#calls.handle(name, context.getNumber(number), context.getString(json), sent);
    const { value } = this.#quickJs.fuel;
    if (value < 0) return context.undefined;
    // What this costs has been charged, and must not trap in the midst of it.
    this.#quickJs.fuel.value = FUEL_WITHOUT_END;
    try {
      return typeof answer === "string" ? context.newString(answer) : context.newArrayBuffer(answer.slice().buffer);
    } finally {
      this.#quickJs.fuel.value = value;
    }
  }

  #copy(bytes: QuickJSHandle): Uint8Array {
    const view = this.#context.getArrayBuffer(bytes);
    return view.value.slice();
  }

  /** Runs something in it, and then all that it has made ready to run. */
  #enter(run: () => void, fuel?: number): void {
    if (this.#over) return;
    if (this.#inside) {
      this.#late.push(() => this.#enter(run));
      return;
    }
    const { context, onRun, wall } = this.#options;
    const now = context.clock.now();
    if (now !== this.#instant) this.#jobs = 0;
    this.#instant = now;
    this.#inside = true;
    this.#quickJs.fuel.value = fuel ?? this.#allowance.left(now);
    const began = wall();
    try {
      run();
      this.#runJobs();
    } catch (error) {
      this.#trapped(error);
    } finally {
      this.#inside = false;
      if (fuel === undefined) this.#allowance.leave(Math.max(0, this.#quickJs.fuel.value));
    }
    if (this.#interrupted) this.#end(new ScriptError("computing", COMPUTING, this.#options.script.name));
    this.#look();
    onRun(wall() - began);
    for (let late = this.#late.shift(); late !== undefined; late = this.#late.shift()) late();
  }

  #runJobs(): void {
    const { runtime } = this.#context;
    while (!this.#over && runtime.hasPendingJob()) {
      const ran = runtime.executePendingJobs(JOBS_PER_LOOK);
      if (ran.error) {
        this.#fail(ran.error);
        return;
      }
      this.#jobs += ran.value;
      if (this.#jobs > JOBS_AT_ONCE) {
        const why = `more than ${JOBS_AT_ONCE} of its promises were settled at one instant: it has to wait for something now and then`;
        this.#end(new ScriptError("computing", why, this.#options.script.name));
      }
    }
  }

  /** Whether it is done, or can never be. */
  #look(): void {
    if (this.#over) return;
    if (this.#stopped !== undefined) {
      this.#end(this.#stopped);
      return;
    }
    if (this.#evaluation === undefined) return;
    const state = this.#context.getPromiseState(this.#evaluation);
    const reason = state.type === "rejected" ? state.error : this.#quickJs.rejections.first();
    if (reason !== undefined) this.#inspect(() => this.#fail(reason));
    else if (this.#calls.waits || this.#late.length > 0) return;
    else if (state.type === "fulfilled") this.#finish(this.#resolve);
    else {
      const why = "it waits for a promise that nothing can settle any more";
      this.#end(new ScriptError("waits-forever", why, this.#options.script.name));
    }
  }

  /** Reads what it has thrown: that may run code of its own. */
  #inspect(read: () => void): void {
    this.#quickJs.fuel.value = 2 * FUEL_RESERVE;
    this.#inside = true;
    try {
      read();
    } catch (error) {
      this.#trapped(error);
    } finally {
      this.#inside = false;
    }
  }

  /** Something was thrown that nobody in it has caught. */
  #fail(handle: QuickJSHandle): void {
    if (this.#stopped !== undefined) this.#end(this.#stopped);
    else {
      if (this.#interrupted) this.#quickJs.fuel.value = 2 * FUEL_RESERVE;
      this.#end(this.#errorOf(thrownOf(this.#context, handle, this.#options.script.name)));
    }
  }

  #errorOf({ what, line, column }: Thrown): ScriptError {
    const { script, stripped } = this.#options;
    const exact = line !== undefined && stripped.isUnchanged(line) ? column : undefined;
    if (this.#interrupted) return new ScriptError("computing", COMPUTING, script.name, line, exact);
    if (what.startsWith("InternalError: out of memory") || (what === "null" && this.#isFull))
      return new ScriptError("memory", MEMORY, script.name, line, exact);
    if (what.startsWith("InternalError: stack overflow"))
      return new ScriptError("recursion", RECURSION, script.name, line, exact);
    const code = what.startsWith("SyntaxError") && line !== undefined ? "syntax" : "uncaught";
    return new ScriptError(code, what, script.name, line, exact);
  }

  /** Where memory is full there may be none for the error that says so. */
  get #isFull(): boolean {
    return this.#quickJs.memory.buffer.byteLength > 0.9 * MEMORY_PAGES * 65_536;
  }

  /** QuickJS itself came to an end: out of fuel or stack, or out of memory where it cannot go on. */
  #trapped(error: unknown): void {
    const { name } = this.#options.script;
    if (this.#stopped !== undefined) this.#end(this.#stopped);
    else if (this.#quickJs.fuel.value < 0) this.#end(new ScriptError("computing", COMPUTING, name));
    else if (this.#quickJs.stack.value < 0 || error instanceof RangeError)
      this.#end(new ScriptError("recursion", RECURSION, name));
    else this.#end(new ScriptError("memory", MEMORY, name));
  }

  #end(error: ScriptError): void {
    this.#finish(() => this.#reject(error));
  }

  #finish(settle: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#late.length = 0;
    this.#calls.close();
    settle();
  }
}

const COMPUTING = "it computed too long without waiting for anything";
const RECURSION = "its calls were nested too deep";
const MEMORY = "it needed more than its 64 MiB of memory";
