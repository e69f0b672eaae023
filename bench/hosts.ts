import { type IpAddress, ip } from "../src/address/ip.ts";
import type { MacAddress } from "../src/address/mac.ts";
import { Random } from "../src/base/random.ts";
import { Host } from "../src/device/host.ts";
import { Switch } from "../src/device/switch.ts";
import { Cable } from "../src/link/cable.ts";
import type { CableConditions } from "../src/link/conditions.ts";
import { NO_OFFLOAD, type Offload } from "../src/link/offload.ts";
import { PacketPool } from "../src/packet/packet-pool.ts";
import { microseconds } from "../src/time/instant.ts";
import { Scheduler } from "../src/time/scheduler.ts";
import type { Connection } from "../src/transport/tcp/connection.ts";
import type { Listener } from "../src/transport/tcp/listener.ts";
import { verify } from "./measure.ts";

/** Two hosts in simulated time, on one cable or through a switch, and nothing else. */
export class TwoHosts {
  readonly scheduler = new Scheduler();
  readonly pool = new PacketPool();
  readonly random = new Random(1);
  readonly client: Host;
  readonly server: Host;
  readonly serverAddress: IpAddress = ip("10.0.0.2");

  constructor(joinedBy: "cable" | "switch", conditions: Partial<CableConditions> = {}, offload: Offload = NO_OFFLOAD) {
    this.client = this.#host("client", "10.0.0.1");
    this.server = this.#host("server", this.serverAddress);
    const [a, b] = [this.client, this.server].map((host) => host.nics.find((nic) => nic.name === "eth0"));
    verify(a !== undefined && b !== undefined, "each host has its card");
    const { scheduler, pool, random } = this;
    const options = { scheduler, pool, random, offload, delay: microseconds(1), ...conditions };
    if (joinedBy === "cable") new Cable(a, b, options);
    else {
      const middle = new Switch({ name: "switch", scheduler, pool });
      new Cable(a, middle.addPort(), options);
      new Cable(middle.addPort(), b, options);
    }
  }

  #host(name: string, address: string | IpAddress): Host {
    const { scheduler, pool, random } = this;
    const host = new Host({ name, scheduler, pool, random });
    const last = typeof address === "string" ? 1 : 2;
    const nic = host.addNic("eth0", { mac: (0x020000000000 + last) as MacAddress });
    host.configure(nic, ip(`10.0.0.${last}`), 24);
    return host;
  }

  /** Frames that both hosts have sent: over a cable, one crossing each. */
  get frames(): number {
    const nics = [...this.client.nics, ...this.server.nics].filter((nic) => nic.medium !== "loopback");
    return nics.reduce((sum, nic) => sum + nic.counters.sentFrames, 0);
  }

  listen(port: number, backlog = 128): Listener {
    const binding = this.server.tcp.bind(this.serverAddress, port, true);
    verify(typeof binding !== "string", "the port is free");
    const listener = this.server.tcp.listen(binding, backlog);
    verify(typeof listener !== "string", "the port is listened on");
    return listener;
  }

  connect(port: number): Connection {
    const connection = this.client.tcp.connect(undefined, this.serverAddress, port);
    verify(typeof connection !== "string", "the attempt begins");
    return connection;
  }
}
