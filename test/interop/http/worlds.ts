import { type Handler, serveHttp } from "../../../src/application/http/index.ts";
import type { Program } from "../../../src/application/program.ts";
import { Network } from "../../../src/network/network.ts";
import { osContext } from "../../../src/platform/node/os-context.ts";
import { publish } from "../../../src/platform/node/publish.ts";
import { runLoopOf } from "../../support/run-loop.ts";

/** Where a handler is served for real clients. */
export interface HttpWorld {
  readonly port: number;
  close(): Promise<void>;
}

/** The places in which the same handler must look the same. */
export const HTTP_WORLDS: Readonly<Record<string, (handler: Handler) => Promise<HttpWorld>>> = {
  "on the operating system": onTheOs,
  "through a published port of a virtual network": throughPublishedPort,
};

async function onTheOs(handler: Handler): Promise<HttpWorld> {
  const context = osContext({ signal: new AbortController().signal });
  const server = await serveHttp(context, { address: "127.0.0.1", port: 0, handler });
  return { port: server.address.port, close: () => server.close() };
}

/** A client's host, a router and a server's host, as fast as the machine is. */
async function throughPublishedPort(handler: Handler): Promise<HttpWorld> {
  const network = new Network({ seed: 4 });
  network.host("entry", { address: "10.0.0.1/24", gateway: "10.0.0.254" });
  const host = network.host("server", { address: "10.0.1.1/24", gateway: "10.0.1.254" });
  network.router("r", { interfaces: { eth0: "10.0.0.254/24", eth1: "10.0.1.254/24" } });
  network.cable("entry", "r.eth0", { delay: "50us", rate: "1Gbit/s" });
  network.cable("server", "r.eth1", { delay: "50us", rate: "1Gbit/s" });
  network.start(host, webProgram(handler));
  const loop = runLoopOf(network, { speed: 1, isOpen: () => true });
  const published = await publish(network.publish("web", "tcp", "entry", { address: "10.0.1.1", port: 80 }), {
    port: 0,
  });
  const running = loop.run();
  return {
    port: published.at.port,
    async close() {
      published.close();
      loop.stop();
      await running;
    },
  };
}

const webProgram = (handler: Handler): Program => ({
  name: "web-for-a-test",
  summary: "serves a handler",
  parameters: {},
  messages: {},
  run: async (context) => (await serveHttp(context, { address: "0.0.0.0", port: 80, handler })).ended,
});
