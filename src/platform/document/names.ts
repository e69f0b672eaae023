import type { NamesOptions } from "../../network/names.ts";
import type { DevicesRead } from "./devices.ts";
import { resolveHost } from "./programs.ts";
import type { Reading } from "./reading.ts";
import type { NamesFile } from "./schema.ts";
import type { Path } from "./yaml.ts";

/** Reads how hosts find addresses of names: those of one host, or of the whole network. */
export function readNames(reading: Reading, devices: DevicesRead, file: NamesFile, path: Path): NamesOptions {
  const { nameServers, search, hosts } = file;
  const servers = nameServers?.flatMap((written, index) => {
    const [host = "", port] = written.split(":");
    const address = resolveHost(reading, devices, host, [...path, "nameServers", index]);
    return address === undefined ? [] : [port === undefined ? address : `${address}:${port}`];
  });
  const known = Object.entries(hosts ?? {}).map(([name, written]) => {
    const at = [...path, "hosts", name];
    const addresses = [written]
      .flat()
      .map((host, index) => resolveHost(reading, devices, host, Array.isArray(written) ? [...at, index] : at));
    return [name, addresses.filter((address) => address !== undefined)] as const;
  });
  return {
    ...(servers === undefined ? {} : { nameServers: servers }),
    ...(search === undefined ? {} : { search }),
    ...(hosts === undefined ? {} : { hosts: Object.fromEntries(known) }),
  };
}
