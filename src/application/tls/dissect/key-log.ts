/** Connections whose secrets are kept; then those that came first go. */
export const CONNECTIONS_LIMIT = 10_000;
/** Labels of one connection. */
const LABELS_LIMIT = 16;
/** Octets of a secret, at most. */
const SECRET_LIMIT = 64;

const LINE = /^([A-Z][A-Z0-9_]{0,63}) ([0-9a-fA-F]{64}) ((?:[0-9a-fA-F]{2})+)$/;

/** The secrets of TLS connections, as lines of a key log tell them (SSLKEYLOGFILE: a label, the client's random, a secret). */
export class KeyLog {
  readonly #connections = new Map<string, Map<string, Uint8Array>>();
  #version = 0;

  /** How many secrets have come: who found one missing asks again when it has changed. */
  get version(): number {
    return this.#version;
  }

  /** Takes a line, or many. What is none, such as a comment, is left out. */
  add(lines: string): void {
    for (const line of lines.split(/\r?\n/)) this.#add(line);
  }

  #add(line: string): void {
    const [, label, random, secret] = LINE.exec(line) ?? [];
    if (label === undefined || random === undefined || secret === undefined || secret.length > 2 * SECRET_LIMIT) return;
    const name = random.toLowerCase();
    let labels = this.#connections.get(name);
    if (labels === undefined) {
      labels = new Map();
      this.#connections.set(name, labels);
      if (this.#connections.size > CONNECTIONS_LIMIT) this.#forgetFirst();
    }
    if (labels.has(label) || labels.size >= LABELS_LIMIT) return;
    labels.set(
      label,
      Uint8Array.from(secret.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16)),
    );
    this.#version++;
  }

  #forgetFirst(): void {
    for (const first of this.#connections.keys()) {
      this.#connections.delete(first);
      return;
    }
  }

  /** @param random the client's, in hexadecimal @param label `"CLIENT_RANDOM"`, `"SERVER_TRAFFIC_SECRET_0"` … */
  find(random: string, label: string): Uint8Array | undefined {
    return this.#connections.get(random)?.get(label);
  }
}
