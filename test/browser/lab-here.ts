/**
 * The lab in the process of a test: engine, server and page are those of `netarium lab`, without the second or two that a process of
 * its own and a bundle of its own take. What the command adds is tested where {@link LabProcess} is used.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type BuiltPage, buildPage } from "../../lab/build.ts";
import { PROGRAMS } from "../../src/application/registry.ts";
import { Engine } from "../../src/engine/index.ts";
import { documentTools } from "../../src/platform/document/edit/index.ts";
import { readMessage } from "../../src/platform/lab/messages.ts";
import {
  NetworkTls,
  nodeCiphers,
  nodeCompression,
  nodePlatform,
  nodeScripts,
  readNetworkFile,
} from "../../src/platform/node/index.ts";
import { LabDoors } from "../../src/platform/node/lab/lab-doors.ts";
import { type LabServer, serveLab } from "../../src/platform/node/lab/lab-server.ts";
import { namedFiles } from "../../src/platform/node/network-file.ts";
import { ROOT } from "../support/cli.ts";

/** Bundled once for all tests of a file. */
let built: Promise<BuiltPage> | undefined;

export class LabHere {
  readonly engine: Engine;
  readonly server: LabServer;
  readonly #doors: LabDoors;

  private constructor(engine: Engine, server: LabServer, doors: LabDoors) {
    this.engine = engine;
    this.server = server;
    this.#doors = doors;
  }

  /** Runs a network file of the repository; its doors are at any ports. @throws when it cannot be read */
  static async start(path: string): Promise<LabHere> {
    built ??= buildPage();
    // First, since what fails must leave nothing that runs.
    const { files: page } = await built;
    const file = join(ROOT, path);
    const { document, problems } = readNetworkFile(file);
    if (document === undefined) throw new Error(JSON.stringify(problems));
    const ports = new Map(document.doors.map(({ name }) => [name, 0]));
    const doors = new LabDoors(document, { folder: dirname(file), ports, onEvent: () => {} });
    const tls = new NetworkTls();
    const engine = await Engine.start({
      ...{ document, text: readFileSync(file, "utf8"), file: path, doors, tls, ciphers: nodeCiphers },
      ...{ platform: nodePlatform, compression: nodeCompression, scripts: nodeScripts() },
      ...{ netarium: "0.0.0", id: randomUUID(), kind: "node" },
      documents: documentTools({ programs: PROGRAMS, readFile: namedFiles(dirname(file)) }),
    });
    tls.onSecret = (line) => engine.keepSecret(line);
    const admit: Engine["admit"] = (...all) => engine.admit(...all);
    return new LabHere(engine, await serveLab({ port: 0, page, read: readMessage, admit }), doors);
  }

  /** Of the page, with its token, as the command prints it. */
  get url(): string {
    return this.server.url;
  }

  /** Where a door is, such as `"127.0.0.1:8888"`. */
  door(name: string): string {
    const at = this.#doors.info.find((door) => door.name === name)?.at;
    if (at === undefined) throw new Error(`the door ${name} is shut`);
    return at;
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.engine.close();
  }
}
