import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Execution } from './kernel_client';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel({
  'lib/spin.ts': `export function spin(): void { for (let i = 0; ; i++) if (i < 0) break; }`,
  'lib/rest.ts': `export const rest = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));`,
});

/** Start a cell, wait until it has printed something, then press the stop button. */
async function stop(cell: string): Promise<Execution> {
  const { kernel } = fixture;
  const id = kernel.submit(cell);
  await kernel.until(() => kernel.published(id).some(({ msg_type }) => msg_type === 'stream'));
  await kernel.button('interrupt');
  return kernel.finished(id);
}

async function run(cell: string): Promise<string> {
  const { reply, stdout, traceback } = await fixture.kernel.execute(cell);
  assert.equal(reply.status, 'ok', traceback);
  return stdout.trim();
}

/** A line that gets out although nothing after it lets the event loop turn: output is sent after some time. */
const say = `console.log('go'); for (const end = Date.now() + 60; Date.now() < end; ); console.log('on');`;
const rest = `const rest = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));`;

describe('the first press breaks off', limit, () => {
  const cells: Record<string, string> = {
    'a cell that waits': `console.log('waiting');\nawait new Promise(() => {});`,
    'a loop that never waits': `${say}\nwhile (true);`,
    'such a loop in a cell that waits later': `${say}\nlet sum = 0;\nfor (let i = 0; ; i++) sum += Math.sin(i);\nawait Promise.resolve(sum);`,
    'such a loop after an await': `await 0;\n${say}\nwhile (true) {}`,
    'such a loop beside the word await in a comment': `// await\n${say}\nfor (;;) {}`,
    'a loop that only waits for what is there': `${say}\nfor (;;) await null;`,
    'a loop that waits for timers': `${rest}\nfor (let i = 0; ; i++) { console.log(i); await rest(10); }`,
    'a loop that waits for a library': `import { rest as pause } from '../lib/rest';\nfor (let i = 0; ; i++) { console.log(i); await pause(10); }`,
    'a loop over promises': `import { setInterval as every } from 'node:timers/promises';\nfor await (const _ of every(10)) console.log('tick');`,
    'do and while': `${say}\nlet i = 0;\ndo { i++; } while (i >= 0);`,
    'functions that call each other without end': `const even = (n: number): number => (n < 2 ? n : even(n - 1) + even(n - 2));\n${say}\neven(100);`,
    'a callback that keeps the thread busy': `${say}\nArray.from({ length: 1e9 }, (_, i) => i % 7);`,
    'a timer that keeps the thread busy': `setTimeout(() => { ${say} for (;;); });\nawait new Promise(() => {});`,
    'a loop that catches everything': `for (;;) { try { console.log('go'); await new Promise(r => setTimeout(r, 10)); } catch {} }`,
    'a loop that catches everything and never waits': `${say}\nfor (;;) { try { for (;;); } catch {} }`,
    'a generator': `function* numbers() { for (let i = 0; ; i++) yield i; }\n${say}\nfor (const n of numbers()) if (n < 0) break;`,
    'a regular expression without end': `${say}\n/^(a+)+$/.test('a'.repeat(60) + 'b');`,
    'a package that is busy after an await': `await new Promise(resolve => setTimeout(resolve, 10));\n${say}\n[2, 1].sort(Function('for (;;);') as () => number);`,
    'one in a function that awaited, too': `${rest}\nconst work = async () => { await rest(10); ${say} /^(a+)+$/.test('a'.repeat(60) + 'b'); };\nawait work();`,
    'one in a timer': `setTimeout(() => { ${say} /^(a+)+$/.test('a'.repeat(60) + 'b'); });\nawait new Promise(() => {});`,
    'a loop of a module': `import { spin } from '../lib/spin';\n${say}\nspin();`,
  };
  for (const [name, cell] of Object.entries(cells)) {
    test(name, limit, async () => {
      const { reply, traceback } = await stop(cell);
      assert.equal(reply.ename, 'KeyboardInterrupt');
      assert.match(traceback, /^KeyboardInterrupt: the cell was stopped$/m);
      assert.equal(await run('1 + 1'), '2');
    });
  }
});

describe('after the stop', limit, () => {
  /** What `ticks.count` does in a tenth of a second, when the cell has been stopped. */
  async function ticksAfter(cell: string): Promise<void> {
    await run('const ticks = { count: 0, read: false };');
    const { reply, messages } = await stop(cell);
    assert.equal(reply.ename, 'KeyboardInterrupt');
    const before = Number(await run('ticks.read = true; ticks.count'));
    assert.ok(before > 0);
    await run('await new Promise(resolve => setTimeout(resolve, 100));');
    assert.equal(Number(await run('ticks.count')), before);
    const { stdout } = await fixture.kernel.finished(String(messages[0].parent_header.msg_id));
    assert.doesNotMatch(stdout, /late/);
  }
  const tick = `if (++ticks.count === 3) console.log('three'); else if (ticks.read) console.log('late');`;

  test('a loop beside the awaited one does not run', limit, async () => {
    await ticksAfter(`${rest}
      void (async () => { for (;;) { await rest(1); ${tick} } })();
      await new Promise(() => {});`);
  });

  test('nor an interval', limit, async () => {
    await ticksAfter(`setInterval(() => { ${tick} }, 1);\nawait new Promise(() => {});`);
  });

  test('nor a timer that starts the next', limit, async () => {
    await ticksAfter(`const next = () => void setTimeout(() => { ${tick} next(); }, 1);
      next();
      await new Promise(() => {});`);
  });

  test('nor a chain of promises', limit, async () => {
    await ticksAfter(`${rest}
      const chain = (): Promise<void> => rest(1).then(() => { ${tick} }).then(chain);
      await chain();`);
  });

  test('finally blocks have run, those that wait a little too', limit, async () => {
    const { stdout } = await stop(`${rest}
      const log: string[] = [];
      try {
        console.log('start');
        await rest(100_000);
        log.push('not reached');
      } finally {
        await rest(1);
        for (const word of ['tidied', 'up']) log.push(word);
        console.log('bye');
      }`);
    assert.equal(stdout, 'start\nbye\n');
    assert.equal(await run('log.join()'), 'tidied,up');
  });

  test('functions of the stopped cell work for other cells', limit, async () => {
    await stop(`let calls = 0;
      async function work(n: number) { for (let i = 0; i < n; i++) { await null; calls++; } return calls; }
      console.log(await work(1));
      await new Promise(() => {});`);
    assert.equal(await run('await work(4)'), '5');
  });
});

test('a press while nothing runs ends what finished cells have left running', limit, async () => {
  const { kernel } = fixture;
  await run('const left = { count: 0 };');
  await run(`void (async () => { for (;;) { await new Promise(r => setTimeout(r, 1)); left.count++; } })();`);
  await run(`setInterval(() => left.count++, 1);`);
  await kernel.button('interrupt');
  await kernel.request('kernel_info_request', {}, 'control'); // it comes behind the press
  const before = await run('left.count');
  await run('await new Promise(resolve => setTimeout(resolve, 100));');
  assert.equal(await run('left.count'), before);
});

test('library code can take the stop over: replace the listeners', limit, async () => {
  const cell = `
    const before = process.listeners('SIGINT');
    let stopping = false;
    const listener = () => { stopping = true; };
    process.on('SIGINT', listener);
    before.forEach(each => process.off('SIGINT', each));
    let steps = 0;
    try {
      console.log('training');
      while (!stopping) {
        steps++;
        await new Promise(resolve => setImmediate(resolve));
      }
    } finally {
      before.forEach(each => process.on('SIGINT', each));
      process.off('SIGINT', listener);
    }
    steps > 0`;
  const { reply, stdout, traceback } = await stop(cell);
  assert.equal(reply.status, 'ok', traceback);
  assert.equal(stdout, 'training\ntrue\n');
  const next = await stop(`console.log('x');\nawait new Promise(() => {});`);
  assert.equal(next.reply.ename, 'KeyboardInterrupt');
});

test('it may take seconds to hear of it', limit, async () => {
  const { reply, stdout, traceback } = await stop(`
    const usual = process.listeners('SIGINT');
    let heard = false;
    const hear = () => { heard = true; };
    process.on('SIGINT', hear);
    usual.forEach(each => process.off('SIGINT', each));
    try {
      console.log('go');
      for (let i = 0; !heard; i++) {
        for (const end = Date.now() + 2500; Date.now() < end; );
        await new Promise(resolve => setImmediate(resolve));
      }
    } finally {
      usual.forEach(each => process.on('SIGINT', each));
      process.off('SIGINT', hear);
    }
    heard`);
  assert.equal(reply.status, 'ok', traceback);
  assert.equal(stdout, 'go\ntrue\n');
});

test('the signal stops a cell as the message does', limit, async () => {
  const { kernel } = fixture;
  const id = kernel.submit(`console.log('waiting');\nawait new Promise(() => {});`);
  await kernel.until(() => kernel.published(id).some(({ msg_type }) => msg_type === 'stream'));
  await kernel.button('signal');
  assert.equal((await kernel.finished(id)).reply.ename, 'KeyboardInterrupt');
});
