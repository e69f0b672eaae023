/**
 * Does something that makes style elements, such as opening an xterm, under the page's Content-Security-Policy: they get
 * the nonce without which the browser passes them over.
 */
export function withNonce(run: () => void): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.content ?? "";
  const create = document.createElement;
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create.call(document, name, options);
    if (name === "style") element.nonce = nonce;
    return element;
  }) as typeof create;
  try {
    run();
  } finally {
    // What stands here is the prototype's again.
    Reflect.deleteProperty(document, "createElement");
  }
}
