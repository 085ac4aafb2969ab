/** `await` in a cell: what the stop button can end. */
import { inBreakableTurn } from './breakable';
import { currentCell } from './cell';
import { check, noteActive, noteEnd } from './stopping';

/** `await` in a cell: goes on with the value, or with a KeyboardInterrupt; in a cell that is over, never. */
export function wait(value: unknown): unknown {
  check();
  const cell = currentCell();
  if (!cell || !isThenable(value)) return value;
  return new Promise((resolve, reject) => {
    cell.waiting.add(reject);
    noteActive(cell);
    // Derived promises and the promise's own functions, so that V8 follows an error's trace through them.
    void Promise.resolve(value)
      .then(
        result => inBreakableTurn().then(() => result),
        (reason: Error) =>
          inBreakableTurn().then(() => {
            throw reason;
          }),
      )
      .then(resolve, reject)
      .then(() => {
        cell.waiting.delete(reject);
        noteEnd(cell);
      });
  });
}

/** `for await` in a cell. */
export function iterate(source: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterable<unknown> {
  const isAsync = Symbol.asyncIterator in source;
  const iterator: AsyncIterator<unknown> | Iterator<unknown> = isAsync
    ? source[Symbol.asyncIterator]()
    : source[Symbol.iterator]();
  // A list of promises gives their values.
  const unpack = async ({ done, value }: IteratorResult<unknown>) => ({
    done,
    value: (await value) as unknown,
  });
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const result = (await wait(iterator.next())) as IteratorResult<unknown>;
        return isAsync ? result : ((await wait(unpack(result))) as IteratorResult<unknown>);
      },
      async return(value?: unknown) {
        return (await iterator.return?.(value)) ?? { done: true, value };
      },
    }),
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined | null)?.then === 'function';
}
