/** BIND's `named`, for the same zones as ours. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../support/free-port.ts";

export class Named {
  readonly port: number;
  readonly folder: string;
  readonly #process: ChildProcess;
  readonly #kill = (): void => void this.#process.kill("SIGKILL");

  private constructor(port: number, folder: string) {
    this.port = port;
    this.folder = folder;
    this.#process = spawn("/usr/sbin/named", ["-g", "-c", join(folder, "named.conf"), "-n", "1"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    process.once("exit", this.#kill);
  }

  /** Starts it. @param zones master files by their zones */
  static start(zones: Readonly<Record<string, string>>): Promise<Named> {
    return Named.#start((folder) => {
      const clauses = Object.entries(zones).map(([zone, text]) => {
        const file = join(folder, `${zone}.zone`);
        writeFileSync(file, text);
        return `zone "${zone}" { type primary; file "${file}"; check-names ignore; };`;
      });
      return { options: "recursion no; minimal-responses no-auth;", clauses };
    });
  }

  /** Starts one that asks the server on a port about some zones, and answers as one that asks others does. */
  static startForwarder(zones: Iterable<string>, port: number): Promise<Named> {
    const to = `forward only; forwarders { 127.0.0.1 port ${port}; };`;
    const clauses = Array.from(zones, (zone) => `zone "${zone}" { type forward; ${to} };`);
    return Named.#start(() => ({ options: `recursion yes; allow-recursion { any; }; ${to}`, clauses }));
  }

  static async #start(
    configure: (folder: string) => { readonly options: string; readonly clauses: readonly string[] },
  ): Promise<Named> {
    const folder = mkdtempSync(join(tmpdir(), "netarium-named-"));
    const port = await freePort();
    const { options, clauses } = configure(folder);
    const conf = `options {
  directory "${folder}"; pid-file "${folder}/named.pid"; session-keyfile "${folder}/session.key";
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  allow-query { any; }; allow-transfer { none; }; dnssec-validation no; empty-zones-enable no; notify no; answer-cookie no;
  ${options}
};
controls {};
${clauses.join("\n")}
`;
    writeFileSync(join(folder, "named.conf"), conf);
    const named = new Named(port, folder);
    try {
      await named.#running();
      return named;
    } catch (error) {
      await named.stop();
      throw error;
    }
  }

  #running(): Promise<void> {
    let said = "";
    return new Promise((resolve, reject) => {
      this.#process.stderr?.on("data", (chunk: Buffer) => {
        said += chunk;
        if (/\brunning$/m.test(said)) resolve();
      });
      this.#process.once("exit", () => reject(new Error(`named does not run: ${said}`)));
      this.#process.once("error", reject);
    });
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill("SIGTERM");
      await once(this.#process, "exit");
    }
    process.off("exit", this.#kill);
    rmSync(this.folder, { recursive: true });
  }
}
