import type { Locator } from 'playwright-core';

/** Asks again until the answer is yes. A limit only ends what will not come any more; it measures nothing. */
export async function eventually(
  what: string,
  check: () => Promise<boolean> | boolean,
  limit = 180_000,
): Promise<void> {
  const end = Date.now() + limit;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`Expected within ${limit / 1000} s: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

/** Wait until the page has so many of these, neither fewer nor more. */
export async function eventuallyCount(locator: Locator, expected: number): Promise<void> {
  let found = 0;
  const check = async () => (found = await locator.count()) === expected;
  await eventually('', check).catch((cause: unknown) => {
    throw new Error(`Expected ${expected} of ${String(locator)}, found ${found}`, { cause });
  });
}
