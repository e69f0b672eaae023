/** Where a tab keeps the token: it survives a reload and is not shared with other tabs. */
const KEY = "netarium-token";

/** What of the page's window this needs. */
export interface TokenPlace {
  readonly location: Pick<Location, "hash" | "pathname" | "search">;
  readonly history: Pick<History, "replaceState">;
  readonly sessionStorage: Pick<Storage, "getItem" | "setItem">;
}

/**
 * The token that the engine asks for. It comes in the URL's fragment, which no request carries; from there it goes to the tab's own
 * storage and leaves the address bar and the history, so that nobody copies it with the address.
 */
export function takeToken({ location, history, sessionStorage }: TokenPlace): string | undefined {
  const [, token] = /^#token=([\w-]+)$/.exec(location.hash) ?? [];
  if (token !== undefined) {
    sessionStorage.setItem(KEY, token);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return token ?? sessionStorage.getItem(KEY) ?? undefined;
}
