import { CaptureTap } from "../../src/capture/pcapng/tap.ts";
import type { Nic } from "../../src/link/nic.ts";
import type { Network } from "../../src/network/network.ts";

/** Captures what every Nic of a network sees from now on, or some of them. @returns what ends the capture and gives the file */
export function captureOf(network: Network, nics: Iterable<Nic> = network.nics): () => Uint8Array {
  const pieces: Uint8Array[] = [];
  const tap = new CaptureTap((bytes) => pieces.push(bytes.slice()), new Date(network.epoch));
  for (const nic of nics) tap.add(nic);
  return () => {
    tap.close();
    return Uint8Array.from(Buffer.concat(pieces));
  };
}
