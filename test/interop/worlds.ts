/** Three other stacks at the end of our cable: the Linux kernel, gVisor's netstack, and passt. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { FrameStream } from "../../src/platform/node/frame-stream.ts";
import { Tunnel } from "../../src/platform/node/tunnel.ts";
import { Namespace } from "../namespace.ts";
import { refuse, requireRoot, requireTool } from "../require.ts";
import { FAR_PROGRAM, FarStack } from "./far.ts";
import { Ground } from "./ground.ts";
import { temporaryFolder } from "./netarium.ts";

const GVISOR_PROGRAM = fileURLToPath(new URL("gvisor", import.meta.url));
/** Where Debian's golang-gvisor-gvisor-dev puts Go's sources. */
const GOCODE = "/usr/share/gocode";

/** Our ports, and those of programs beyond: passt and the netstack take clients on to these and no others. */
export const OUR_PORTS = { web: 15_001, sink: 15_002, echo: 15_003, listener: 15_010, nobody: 15_099 };
export const THEIR_PORTS = { web: 16_001, sink: 16_002, echo: 16_003, listener: 16_010, nobody: 16_099 };

/** Our host and another stack, with a cable between. */
export interface World {
  readonly ground: Ground;
  /** The other stack's sockets. */
  readonly far: FarStack;
  /** Where the other stack's sockets find us, and we them. */
  readonly us: string;
  readonly them: string;
  /** Where programs beside the other stack find us: itself, or a relay to it. */
  readonly usFromPrograms: string;
  /** The acknowledgment that completes a handshake comes with the first data only (as from passt of 2023). */
  readonly speaksFirst: boolean;
  /** Where programs run that we reach at `them` and that reach us. */
  readonly namespace: Namespace;
  /** For files. */
  readonly path: (name: string) => string;
  close(): Promise<void>;
}

export interface Traits {
  readonly name: string;
  /** Opens it; undefined where something is missing. */
  readonly open: () => Promise<World>;
  /** Whether a test may go on. */
  readonly needs: (t: { skip: (reason: string) => void }, ...tools: string[]) => boolean;
  /** Between our segments and the far sockets stands a relay, with connections and timers of its own. */
  readonly relayed: boolean;
}

/** The Linux kernel, by a tunnel. */
export const KERNEL: Traits = {
  name: "the Linux kernel",
  relayed: false,
  needs: (t, ...tools) => requireRoot(t) && requireTool(t, "ip", "python3", ...tools),
  open: async () => {
    const folder = temporaryFolder();
    const namespace = await Namespace.create();
    const ground = new Ground("10.0.1.2/24");
    const tunnel = await namespace.inside(() => Tunnel.open("nt0", ground.door));
    await namespace.run("ip", "address", "add", "10.0.1.9/24", "dev", "nt0");
    await namespace.run("ip", "link", "set", "nt0", "up");
    await ground.ready();
    return {
      ground,
      namespace,
      far: new FarStack(namespace.spawn("python3", FAR_PROGRAM)),
      speaksFirst: false,
      us: "10.0.1.2",
      them: "10.0.1.9",
      usFromPrograms: "10.0.1.2",
      path: folder.path,
      close: async () => {
        tunnel.close();
        await ground.close();
        await namespace.close();
        folder.remove();
      },
    };
  },
};

/** gVisor's netstack in a process of its own, by a stream of frames. */
export const NETSTACK: Traits = {
  name: "gVisor's netstack",
  relayed: false,
  needs: (t, ...tools) => {
    if (!requireRoot(t) || !requireTool(t, "ip", "go", "python3", ...tools)) return false;
    if (existsSync(`${GOCODE}/src/gvisor.dev/gvisor`)) return true;
    return refuse(t, "needs gVisor's sources: apt-get install golang-gvisor-gvisor-dev");
  },
  open: async () => {
    const folder = temporaryFolder();
    const program = folder.path("netstack");
    const env = { ...process.env, GO111MODULE: "off", GOPATH: GOCODE, GOFLAGS: "", CGO_ENABLED: "0" };
    const built = spawnSync("go", ["build", "-o", program, "."], { cwd: GVISOR_PROGRAM, env, encoding: "utf8" });
    if (built.status !== 0) throw new Error(`go build: ${built.stderr ?? built.error}`);
    const namespace = await Namespace.create();
    const ground = new Ground("10.0.1.2/24");
    const socket = folder.path("frames.sock");
    const stream = await FrameStream.listen({ door: ground.door, address: { path: socket } });
    const far = new FarStack(namespace.spawn(program, socket, "10.0.1.9", "24"));
    await ground.ready();
    for (const port of Object.values(OUR_PORTS)) await far.call("inward", { from: port, address: "10.0.1.2", port });
    for (const port of [THEIR_PORTS.web, THEIR_PORTS.sink, THEIR_PORTS.echo]) await far.call("outward", { port });
    return {
      ground,
      namespace,
      far,
      speaksFirst: false,
      us: "10.0.1.2",
      them: "10.0.1.9",
      usFromPrograms: "127.0.0.1",
      path: folder.path,
      close: async () => {
        stream.close();
        await ground.close();
        await namespace.close();
        folder.remove();
      },
    };
  },
};

/** passt, which takes our connections on to sockets of its namespace, and clients there on to us. */
export const PASST: Traits = {
  name: "passt",
  relayed: true,
  needs: (t, ...tools) => requireRoot(t) && requireTool(t, "ip", "passt", "python3", ...tools),
  open: async () => {
    const folder = temporaryFolder();
    const namespace = await Namespace.create();
    // It takes addresses from the interface of the default route, which need not lead anywhere.
    await namespace.run("ip", "link", "add", "d0", "type", "veth", "peer", "name", "d1");
    await namespace.run("ip", "address", "add", "192.0.2.2/24", "dev", "d0");
    for (const name of ["d0", "d1"]) await namespace.run("ip", "link", "set", name, "up");
    await namespace.run("ip", "route", "add", "default", "via", "192.0.2.1");
    const socket = folder.path("passt.sock");
    chmodSync(dirname(socket), 0o777); // it changes to another user
    const ports = Object.values(OUR_PORTS).join(",");
    const passt = namespace.spawn("passt", "--foreground", "--stderr", "--ipv4-only", "-t", ports, "-s", socket);
    for (let said = ""; !said.includes("bound at"); ) said += (await once(passt.stderr, "data"))[0];
    passt.stderr.resume();
    // Never more in flight than the stream's queue holds: passt keeps nothing that comes out of order.
    const ground = new Ground("192.0.2.2/24", "192.0.2.1", { sendBuffer: 2 ** 20 });
    const stream = FrameStream.connect({ door: ground.door, address: { path: socket }, reconnectAfter: 50 });
    await ground.ready();
    return {
      ground,
      namespace,
      far: new FarStack(namespace.spawn("python3", FAR_PROGRAM)),
      speaksFirst: true,
      us: "127.0.0.1",
      them: "192.0.2.1",
      usFromPrograms: "127.0.0.1",
      path: folder.path,
      close: async () => {
        stream.close();
        await ground.close();
        await namespace.close();
        folder.remove();
      },
    };
  },
};
