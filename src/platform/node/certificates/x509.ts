/** The library that writes certificates, loaded when the first is made. It asks for metadata and for a source of keys. */
import { webcrypto } from "node:crypto";

export async function loadX509(): Promise<typeof import("@peculiar/x509")> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  return x509;
}
