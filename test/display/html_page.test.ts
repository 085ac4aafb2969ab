import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { venvPython } from '../../scripts/child_process';
import { parseHtml } from './xml';

const folder = mkdtempSync(join(tmpdir(), 'scanline page ')); // the space is on purpose
after(() => rmSync(folder, { recursive: true }));

const figure = {
  data: [{ type: 'scatter', y: [1, 3, 2] }],
  layout: { title: { text: 'ends with </script><!-- and "quotes" & é' } },
};
const svg = '<svg xmlns="http://www.w3.org/2000/svg">\n<title>three points</title></svg>';

const notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    language_info: { name: 'typescript' },
    widgets: { 'application/vnd.jupyter.widget-state+json': {} },
  },
  cells: [
    markdown('Some words first\n\n# One & only title\n\nThe gate $u_t$ and a [link](https://example.org/).'),
    code('const gate: number = 1; // a comment', [
      {
        output_type: 'display_data',
        metadata: {},
        data: {
          'application/vnd.plotly.v1+json': figure,
          'image/svg+xml': svg.split(/(?<=\n)/), // files may hold lists of lines
          'text/plain': 'three "points"',
        },
      },
      {
        output_type: 'display_data',
        metadata: {},
        data: { 'application/vnd.jupyter.widget-view+json': { model_id: 'a' }, 'text/plain': 'a slider' },
      },
      { output_type: 'display_data', metadata: {}, data: { 'text/latex': '$$\\frac{1}{2}$$' } },
      { output_type: 'stream', name: 'stdout', text: 'epoch: 0, steps: 200, avg_test_error: 0.1234\n' },
    ]),
  ],
};

function markdown(source: string) {
  return { cell_type: 'markdown', id: 'prose', metadata: {}, source };
}

function code(source: string, outputs: object[]) {
  return { cell_type: 'code', id: 'code', metadata: {}, execution_count: 1, source, outputs };
}

const script = join(__dirname, '..', '..', 'scripts', 'notebook_to_html.py');

function convert(content: string | object): { status: number | null; stderr: string; page: string } {
  const [source, target] = [join(folder, 'in.ipynb'), join(folder, 'new')];
  writeFileSync(source, typeof content === 'string' ? content : JSON.stringify(content));
  const { status, stderr } = spawnSync(venvPython, [script, target, source], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stderr, page: status === 0 ? readFileSync(join(target, 'in.html'), 'utf8') : '' };
}

const { status, stderr, page } = convert(notebook);
const root = parseHtml(page);
const scripts = [...root.querySelectorAll('script')];

test('the notebook becomes a page', () => {
  assert.equal(status, 0, stderr);
  assert.equal(root.querySelector('title')!.textContent, 'One & only title');
  assert.match(root.textContent, /a slider/);
  assert.match(root.textContent, /epoch: 0, steps: 200, avg_test_error: 0\.1234/);
  assert.ok(root.querySelector('.highlight .kd, .highlight .kr'), 'TypeScript is highlighted');
});

test('plotly.js is in it once', () => {
  const plotly = scripts.filter(script =>
    script.textContent.includes('* plotly.js (cartesian - minified) v'),
  );
  assert.equal(plotly.length, 1);
});

test('the browser runs only the scripts that were put into it, and asks nobody for anything', () => {
  const policy = root.querySelector('meta[http-equiv="Content-Security-Policy"]')!.getAttribute('content')!;
  assert.match(policy, /^default-src 'none';/);
  const allowed = [...policy.matchAll(/'sha256-(.+?)'/g)].map(([, digest]) => digest);
  const run = scripts.filter(script => script.getAttribute('type') !== 'application/json');
  const digests = run.map(script => createHash('sha256').update(script.textContent).digest('base64'));
  assert.deepEqual(allowed, digests);
  assert.doesNotMatch(policy, /script-src[^;]*(unsafe|data:|http)/);
});

test('nothing is loaded from elsewhere', () => {
  assert.equal(root.querySelector('link[href], iframe, object, embed, base, script[type=module]'), null);
  for (const element of root.querySelectorAll('[src], [srcset], [data-src]')) {
    assert.match(element.getAttribute('src')!, /^data:/);
  }
  for (const style of root.querySelectorAll('style')) {
    assert.doesNotMatch(style.textContent, /@import|url\(["']?(?!data:|["']?data:)[a-z/]/i);
  }
  const links = [...root.querySelectorAll('[href]')].map(link => link.getAttribute('href'));
  assert.deepEqual(links, ['https://example.org/']);
});

test('the chart has its figure, unchanged, and its picture for the time before it is drawn', () => {
  const charts = [...root.querySelectorAll('.chart')];
  assert.equal(charts.length, 1);
  assert.deepEqual(JSON.parse(charts[0].querySelector('script')!.textContent), figure);
  const image = charts[0].querySelector('img')!;
  assert.equal(image.getAttribute('alt'), 'three "points"');
  const picture = image.getAttribute('src')!.replace(/^data:image\/svg\+xml;base64,/, '');
  assert.equal(Buffer.from(picture, 'base64').toString(), svg);
});

test('equations are drawn, with MathML for those who have them read to them', () => {
  const prose = root.querySelector('.jp-RenderedMarkdown')!;
  assert.doesNotMatch(prose.textContent, /\$/);
  assert.ok(prose.querySelector('mjx-container[jax="SVG"] svg path'));
  assert.match(prose.querySelector('mjx-container math')!.textContent, /ut/);
  const latex = root.querySelector('.jp-RenderedLatex')!;
  assert.ok(latex.querySelector('mjx-container[display="true"] math mfrac'));
});

test('dark is for readers whose system is dark', () => {
  const dark = root.querySelector('style[media="(prefers-color-scheme: dark)"]');
  assert.match(dark!.textContent, /--jp-layout-color0: #111/);
});

for (const [name, content, message] of [
  ['no JSON', 'print("hello")', /^Expected a notebook in .*in\.ipynb, found no JSON/],
  ['an empty file', '', /^Expected a notebook in .*in\.ipynb, found no JSON/],
  ['other JSON', [1, 2], /^Expected a notebook of format 4 in .*in\.ipynb, found other JSON/],
  [
    'an old notebook',
    { nbformat: 3, worksheets: [] },
    /^Expected a notebook of format 4 .* found other JSON/,
  ],
  ['a cell without parts', { ...notebook, cells: [{ cell_type: 'code' }] }, /found a mistake in it: /],
] as const) {
  test(`${name} is refused with a reason`, () => {
    const { status, stderr } = convert(content);
    assert.equal(status, 1);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /Traceback/);
  });
}

test('a file that is not there is refused', () => {
  const { status, stderr } = spawnSync(venvPython, [script, folder, 'nowhere.ipynb'], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /^Expected a notebook in nowhere\.ipynb, found: No such file/);
});

test('two notebooks of one name are refused', () => {
  const { status, stderr } = spawnSync(venvPython, [script, folder, 'a/x.ipynb', 'b/x.ipynb'], {
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stderr, /^Expected notebooks with different names, found x twice/);
});
