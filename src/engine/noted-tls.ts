import type { TlsMaker, TlsUser } from "../network/tls-maker.ts";
import type { Tls } from "../socket/tls.ts";

/** TLS of which it is noted whether anybody used it: then bytes differ from run to run. */
export class NotedTls implements TlsMaker {
  readonly #maker: TlsMaker;
  #used = false;

  constructor(maker: TlsMaker) {
    this.#maker = maker;
  }

  get used(): boolean {
    return this.#used;
  }

  make(user: TlsUser): Tls {
    const tls = this.#maker.make(user);
    const { certify } = tls;
    return {
      wrap: (socket, options) => {
        this.#used = true;
        return tls.wrap(socket, options);
      },
      certify: certify && ((names) => certify.call(tls, names)),
    };
  }
}
