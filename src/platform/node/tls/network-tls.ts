import type { TlsMaker, TlsUser } from "../../../network/tls-maker.ts";
import type { Tls } from "../../../socket/tls.ts";
import { VirtualAuthority } from "../certificates/virtual-authority.ts";
import { Contexts } from "./contexts.ts";
import { NodeTls } from "./node-tls.ts";

/** Lines of the key log that are remembered, so that both ends of a connection tell them once. */
const REMEMBERED = 1_000;

/** TLS for the programs of virtual hosts, all of which trust one authority. */
export class NetworkTls implements TlsMaker {
  /** Takes each line of the key log, before anything is sent that is ciphered with it. */
  onSecret: ((line: string) => void) | undefined;
  readonly #folder: string | undefined;
  readonly #lines = new Set<string>();
  #authority: Promise<VirtualAuthority> | undefined;
  #contexts: Contexts | undefined;

  /** @param folder where the authority is kept; the user's cache unless given */
  constructor(folder?: string) {
    this.#folder = folder;
  }

  /** The authority, which is made when it is first needed. */
  get authority(): Promise<VirtualAuthority> {
    this.#authority ??= VirtualAuthority.open(this.#folder);
    return this.#authority;
  }

  make({ waking, work }: TlsUser): Tls {
    return new NodeTls({
      contexts: () => this.#openContexts(),
      waking,
      work,
      patient: true,
      onSecret: (line) => this.#tell(line),
      certify: async (names) => (await this.authority).certify(names),
    });
  }

  async #openContexts(): Promise<Contexts> {
    const { certificate } = await this.authority;
    this.#contexts ??= new Contexts([certificate], true);
    return this.#contexts;
  }

  #tell(line: string): void {
    if (this.onSecret === undefined || this.#lines.has(line)) return;
    this.#lines.add(line);
    if (this.#lines.size > REMEMBERED) for (const oldest of this.#lines) return void this.#lines.delete(oldest);
    this.onSecret(line);
  }
}
