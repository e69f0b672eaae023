/*
 * xterm and CodeMirror write style elements into the page and set styles as attributes, of which the page's Content-Security-Policy
 * forbids both, and they make their elements by the page's own document. So while there is one of them, style elements that are made
 * get the nonce that the policy asks for, and a style that is set as an attribute is set as a property, which the policy lets be.
 */

let users = 0;

/** Lets styles be, from now on. @returns what ends it */
export function lawfulStyles(): () => void {
  if (users++ === 0) document.createElement = createElement as typeof document.createElement;
  return () => {
    // What stands behind it is the prototype's.
    if (--users === 0) Reflect.deleteProperty(document, "createElement");
  };
}

function createElement(this: Document, name: string, options?: ElementCreationOptions): HTMLElement {
  const element = Document.prototype.createElement.call(this, name, options);
  if (name === "style") {
    element.nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.content ?? "";
  } else element.setAttribute = setAttribute;
  return element;
}

function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === "style") this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}
