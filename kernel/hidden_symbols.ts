/**
 * Node 20 and 22 follow asynchronous code by properties of promises, timers and whatever else waits, and shows them
 * wherever such a thing is printed: a promise at the end of a cell would print the kernel's own data. Here they become
 * properties that are not shown. Newer releases have none.
 */
import type { AsyncLocalStorage } from 'node:async_hooks';

/** Let assignments to this property, by whoever makes an object of this kind, hide it. */
function hide(prototype: object, key: symbol): void {
  Object.defineProperty(prototype, key, {
    configurable: true,
    get: () => undefined,
    set(this: object, value: unknown) {
      Object.defineProperty(this, key, { value, writable: true, configurable: true, enumerable: false });
    },
  });
}

/** @param storage has been used at least once: only then do promises get their numbers */
export function hideAsyncSymbols(storage: AsyncLocalStorage<unknown>): void {
  const { kResourceStore } = storage as unknown as { kResourceStore?: symbol };
  if (kResourceStore) hide(Object.prototype, kResourceStore);
  const numbered = storage.run({}, () => Promise.resolve());
  for (const key of Object.getOwnPropertySymbols(numbered)) {
    if (/async_id/.test(key.description ?? '')) hide(Promise.prototype, key);
  }
}
