/** What surrounds the code for visitors (CI, templates, dev container, Binder, VS Code) names only what exists. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { load } from 'js-yaml';
import { z } from 'zod';
import { root, venvPython } from '../scripts/child_process';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readJson = (path: string): unknown => JSON.parse(read(path));
const readYaml = (path: string): unknown => load(read(path));
const { scripts, engines } = z
  .object({ scripts: z.record(z.string(), z.string()), engines: z.object({ node: z.string() }) })
  .parse(readJson('package.json'));
const oldestNode = engines.node.replace('>=', '');

const files = ['.github', '.devcontainer', '.binder', '.vscode'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1)),
);

/** The npm scripts that a text tells to run. */
const npmScripts = (text: string) =>
  [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/g)].map(match => match[1] ?? match[2]);

describe('each file', () => {
  for (const file of files) {
    test(file, () => {
      if (file.endsWith('.json')) readJson(file);
      if (file.endsWith('.yml')) readYaml(file);
      for (const script of npmScripts(read(file))) {
        assert.ok(script in scripts, `npm run ${script}`);
      }
    });
  }
});

test('CI runs .ci/run with the oldest Node and the newest, and everything it does has an end', () => {
  const Step = z.object({ run: z.string().optional(), uses: z.string().optional() });
  const Job = z.object({
    'timeout-minutes': z.number(),
    strategy: z.object({ matrix: z.object({ node: z.array(z.string()) }) }),
    steps: z.array(Step),
  });
  const { check } = z
    .object({ jobs: z.object({ check: Job }) })
    .parse(readYaml('.github/workflows/ci.yml')).jobs;
  assert.ok(check.steps.some(({ run }) => run === 'bash .ci/run'));
  assert.ok(existsSync(join(root, '.ci', 'run')));
  assert.deepEqual(check.strategy.matrix.node, [oldestNode, 'latest']);
  for (const { uses } of check.steps) if (uses) assert.match(uses, /^actions\/[\w-]+@v\d+$/);
});

describe('issue forms', () => {
  const folder = '.github/ISSUE_TEMPLATE';
  // https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests
  const Field = z.object({
    type: z.enum(['checkboxes', 'dropdown', 'input', 'textarea']),
    id: z.string().regex(/^[\w-]+$/),
    attributes: z.object({ label: z.string(), options: z.array(z.string()).min(1).optional() }),
  });
  const Form = z.object({ name: z.string(), description: z.string(), body: z.array(Field).min(1) });
  const forms = readdirSync(join(root, folder)).filter(name => name !== 'config.yml');
  for (const name of forms) {
    test(name, () => {
      const { body } = Form.parse(readYaml(join(folder, name)));
      for (const key of [body.map(({ id }) => id), body.map(({ attributes }) => attributes.label)]) {
        assert.equal(new Set(key).size, key.length, 'an id or a label twice');
      }
      for (const { type, attributes } of body) assert.equal(type === 'dropdown', 'options' in attributes);
    });
  }
});

const DevContainer = z.object({
  image: z.string(),
  postCreateCommand: z.string(),
  remoteEnv: z.object({ JUPYTER_PATH: z.string() }),
  customizations: z.object({ vscode: z.object({ extensions: z.array(z.string()) }) }),
});

test('the dev container has a Node that is new enough, sets up, and finds the notebook kernel', () => {
  const { image, postCreateCommand, remoteEnv } = DevContainer.parse(
    readJson('.devcontainer/devcontainer.json'),
  );
  const major = Number(/typescript-node:(\d+)-/.exec(image)?.[1]);
  assert.ok(major >= parseFloat(oldestNode));
  assert.equal(postCreateCommand, 'npm run setup');
  const jupyterPath = remoteEnv.JUPYTER_PATH.replace('${containerWorkspaceFolder}', root);
  assert.ok(existsSync(join(jupyterPath, 'kernels', 'tslab', 'kernel.json')));
});

test('VS Code finds the Python and the TypeScript of the project; the dev container has the same extensions', () => {
  const settings = z
    .object({ 'python.defaultInterpreterPath': z.string(), 'typescript.tsdk': z.string() })
    .parse(readJson('.vscode/settings.json'));
  const python = settings['python.defaultInterpreterPath'].replace('${workspaceFolder}', root);
  assert.equal(python, join(root, '.venv', 'bin', 'python'));
  assert.ok(existsSync(join(root, settings['typescript.tsdk'], 'tsserver.js')));
  const { customizations } = DevContainer.parse(readJson('.devcontainer/devcontainer.json'));
  const { recommendations } = z
    .object({ recommendations: z.array(z.string()) })
    .parse(readJson('.vscode/extensions.json'));
  assert.deepEqual(customizations.vscode.extensions, recommendations);
});

test("Binder's environment has a Node that is new enough, and the Plotly that the tests have", () => {
  const { dependencies } = z
    .object({ dependencies: z.array(z.union([z.string(), z.object({ pip: z.array(z.string()) })])) })
    .parse(readYaml('.binder/environment.yml'));
  const node = dependencies.find(entry => typeof entry === 'string' && entry.startsWith('nodejs=')) as string;
  assert.ok(Number(node.replace('nodejs=', '')) >= parseFloat(oldestNode));
  const code = 'from importlib.metadata import version; print(version("plotly"))';
  const plotly = execFileSync(venvPython, ['-c', code], { encoding: 'utf8' }).trim();
  assert.deepEqual(
    dependencies.flatMap(entry => (typeof entry === 'string' ? [] : entry.pip)),
    [`plotly==${plotly}`],
  );
});

test('what Binder runs after the build can be run, and finds the notebook kernel', () => {
  const postBuild = join(root, '.binder', 'postBuild');
  accessSync(postBuild, constants.X_OK);
  execFileSync('bash', ['-n', postBuild]);
  const kernel = /jupyter kernelspec install .* (\S+)$/m.exec(readFileSync(postBuild, 'utf8'))?.[1];
  assert.ok(kernel && existsSync(join(root, kernel, 'kernel.json')));
});

test('no module is hidden by data of its name: Node takes results.json for ./results', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n');
  const hidden = tracked.filter(
    path => path.endsWith('.ts') && tracked.includes(path.replace(/\.ts$/, '.json')),
  );
  assert.deepEqual(hidden, []);
});
