/** Networks of which it is measured what it costs to watch them, as network files. */

/** Bytes from program to program through a switch: every frame real, nothing left to the cables. */
export function bulkScene(): string {
  return `
netarium: 1
name: Bulk
devices:
  server: { kind: host, address: 10.0.0.1/24, programs: [bulk-server] }
  client:
    kind: host
    address: 10.0.0.2/24
    programs: [{ run: bulk-client, with: { server: "10.0.0.1:5001", bytes: 1000000000000, direction: upload } }]
  switch: { kind: switch, ports: 2 }
cables:
  - { between: [server, switch], delay: 1ms, rate: 1Gbit/s }
  - { between: [client, switch], delay: 1ms, rate: 1Gbit/s }
`;
}

/** Pairs of hosts that send each other small datagrams, and say so in the log. */
export function smallScene(pairs = 16): string {
  const lines = ["netarium: 1", "name: Small datagrams", "devices:"];
  for (let pair = 1; pair <= pairs; pair++) {
    const client = `{ run: udp-echo-client, with: { server: "10.0.1.${pair}:7", count: 1000000000, size: 64, every: 1ms } }`;
    lines.push(`  s${pair}: { kind: host, address: 10.0.1.${pair}/16, programs: [echo-server] }`);
    lines.push(`  c${pair}: { kind: host, address: 10.0.2.${pair}/16, programs: [${client}] }`);
  }
  lines.push(`  switch: { kind: switch, ports: ${2 * pairs} }`, "cables:");
  for (let pair = 1; pair <= pairs; pair++) {
    for (const host of [`s${pair}`, `c${pair}`]) {
      lines.push(`  - { between: [${host}, switch], delay: 1ms, rate: 100Mbit/s }`);
    }
  }
  return `${lines.join("\n")}\n`;
}
