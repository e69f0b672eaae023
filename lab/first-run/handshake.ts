import type { PacketRow } from "../../src/engine/protocol/index.ts";
import { onPush, request } from "../connection/index.ts";

/** Milliseconds that the engine has to find the frames. */
const PATIENCE = 10_000;

/** The first frames of a connection as a device saw them: SYN, SYN-ACK, ACK. */
export async function findHandshake(device: string, filter: string): Promise<readonly PacketRow[]> {
  const opened = await request("packets.open", { vantage: { kind: "device", device }, filter });
  try {
    if (opened.matched < 3) await grown(opened.view, 3);
    const { rows } = await request("packets.rows", { view: opened.view, from: 0, count: 3 });
    return rows;
  } finally {
    request("packets.close", { view: opened.view }).catch(() => {});
  }
}

/** Waits until so many rows of a view have matched, or for as long as is worth waiting. */
function grown(view: number, rows: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      end();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, PATIENCE);
    const end = onPush("view", ({ state }) => {
      if (state.view === view && state.matched >= rows) done();
    });
  });
}
