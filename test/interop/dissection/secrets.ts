/** What a capture says of the secrets of TLS, for our dissection to know what tshark knows. */
import { KeyLog } from "../../../src/application/tls/dissect/key-log.ts";
import { readPcapng } from "../../../src/capture/pcapng/reader.ts";
import type { TlsSecrets } from "../../../src/network/dissectors.ts";
import { nodeCiphers } from "../../../src/platform/node/tls/node-ciphers.ts";

export function secretsIn(capture: Uint8Array): TlsSecrets {
  const keyLog = new KeyLog();
  for (const lines of readPcapng(capture).secrets) keyLog.add(lines);
  return { ciphers: nodeCiphers, keyLog };
}
