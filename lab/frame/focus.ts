/**
 * Watches what brought the focus where it is. `:focus-visible` says the same only until a key is pressed: then it holds for what the
 * pointer had focused, too.
 * @returns whether that was the pointer, and what ends the watch
 */
export function watchFocus(): { readonly isByPointer: () => boolean; readonly end: () => void } {
  let pointing = false;
  let byPointer = false;
  const onPointer = (event: Event): void => {
    pointing = true;
    if (document.activeElement?.contains(event.target as Node)) byPointer = true;
  };
  const onKey = (): void => {
    pointing = false;
  };
  const onFocus = (): void => {
    byPointer = pointing;
  };
  const listened = [
    ["pointerdown", onPointer],
    ["keydown", onKey],
    ["focusin", onFocus],
  ] as const;
  for (const [type, listener] of listened) window.addEventListener(type, listener, true);
  return {
    isByPointer: () => byPointer,
    end: () => {
      for (const [type, listener] of listened) window.removeEventListener(type, listener, true);
    },
  };
}
