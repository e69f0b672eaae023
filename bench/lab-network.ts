/** Pairs of hosts, each beside one of two switches: 50 devices with the switches. */
const PAIRS = 24;

/**
 * A network file whose cables are slow and long, so that a few hundred frames are on their way at any time: each pair moves bytes
 * without end.
 */
export function busyNetwork(): string {
  const lines = ["netarium: 1", "name: A busy network", "devices:"];
  for (let pair = 1; pair <= PAIRS; pair++) {
    const client = `{ run: bulk-client, with: { server: "s${pair}:5001", bytes: 1000000000 } }`;
    lines.push(`  s${pair}: { kind: host, address: 10.0.1.${pair}/16, programs: [bulk-server] }`);
    lines.push(`  c${pair}: { kind: host, address: 10.0.2.${pair}/16, programs: [${client}] }`);
  }
  lines.push(
    `  left: { kind: switch, ports: ${PAIRS + 1} }`,
    `  right: { kind: switch, ports: ${PAIRS + 1} }`,
    "cables:",
  );
  for (let pair = 1; pair <= PAIRS; pair++) {
    lines.push(`  - { between: [c${pair}, left], delay: 160ms, rate: 120kbit/s }`);
    lines.push(`  - { between: [right, s${pair}], delay: 160ms, rate: 120kbit/s }`);
  }
  lines.push("  - { between: [left, right], delay: 160ms, rate: 10Mbit/s }");
  return `${lines.join("\n")}\n`;
}

/**
 * A network whose frames are small, so that a million fit into the event log, and of which every tenth is lost: a loss is a row too,
 * and the log keeps two events of each crossing.
 */
export function chattyNetwork(): string {
  const lines = ["netarium: 1", "name: A chatty network", "devices:"];
  for (let pair = 1; pair <= 4; pair++) {
    const client = `{ run: bulk-client, with: { server: "s${pair}:5001", bytes: 1000000000 } }`;
    lines.push(`  s${pair}: { kind: host, address: 10.0.${pair}.1/24, mtu: 150, programs: [bulk-server] }`);
    lines.push(`  c${pair}: { kind: host, address: 10.0.${pair}.2/24, mtu: 150, programs: [${client}] }`);
  }
  lines.push("cables:");
  for (let pair = 1; pair <= 4; pair++) {
    lines.push(`  - { between: [c${pair}, s${pair}], delay: 1ms, rate: 10Mbit/s, loss: 10% }`);
  }
  return `${lines.join("\n")}\n`;
}
