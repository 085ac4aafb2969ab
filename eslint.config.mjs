import js from '@eslint/js';
import n from 'eslint-plugin-n';
import tseslint from 'typescript-eslint';

/**
 * The floors of lib/, bottom to top, each with those that it may import from. A thing that two floors need stands on
 * the lower one, or below both.
 */
const floors = {
  base: [],
  settings: ['base'],
  tfjs: ['base'],
  data: ['base'],
  charts: ['base'],
  compile: ['tfjs'], // it could be a package of its own
  rnn: ['base', 'settings', 'tfjs', 'compile'],
  optimizers: ['base', 'settings', 'tfjs'],
  model: ['base', 'settings', 'tfjs', 'data', 'compile', 'rnn', 'optimizers'],
  runs: ['base', 'settings', 'tfjs', 'data', 'rnn', 'model'],
  training: ['base', 'settings', 'tfjs', 'data', 'compile', 'rnn', 'optimizers', 'model', 'runs'],
  inspect: ['base', 'settings', 'tfjs', 'data', 'compile', 'rnn', 'model', 'runs', 'training'],
  export: ['base', 'settings', 'tfjs', 'data', 'compile', 'rnn', 'model', 'runs', 'training', 'inspect'],
  search: ['base', 'settings', 'tfjs', 'data', 'model', 'runs', 'training'],
  display: ['base', 'charts'],
  get views() {
    return Object.keys(this).filter(name => name !== 'views');
  },
};

/** Refuse imports from floors other than these. */
function aboveFloor(floor, lower) {
  const others = Object.keys(floors).filter(name => name !== floor && !lower.includes(name));
  const allowed = lower.length > 0 ? `may import from ${lower.join(', ')}` : 'imports from no other floor';
  return {
    regex: `^(?:\\.\\./)+(?:${others.join('|')})(?:/|$)`,
    message: `Imports go down only: lib/${floor} ${allowed}.`,
  };
}

const outsideLib = {
  regex: '^(?:\\.\\./)+(?:kernel|scripts|bench|test|index)(?:/|$)|^\\.\\.(?:/\\.\\.)*/?$',
  message: 'lib/ imports nothing but packages and what is below in lib/; index.ts is for those who use it.',
};

/** Where the compiled file is in the package. */
const convertPath = { 'kernel/**': ['^', 'dist/'], 'scripts/*': ['^', 'dist/'] };

export default tseslint.config(
  { ignores: ['node_modules/', '**/.venv/', '.tensorflow*/', 'out/', 'docs/', 'runs/', 'data/', 'dist/'] },
  js.configs.recommended,
  {
    // What is imported is declared in package.json: not only there because another package needs it.
    plugins: { n },
    rules: {
      'n/no-extraneous-import': 'error',
      'n/no-extraneous-require': 'error',
      // These two rules do not see the package in the type `import('package').Name`.
      'no-restricted-syntax': [
        'error',
        {
          selector: 'TSImportType',
          message: "Write `import type { Name } from '…'` at the top of the file.",
        },
      ],
    },
  },
  {
    // What is in the package needs no package that is declared for development only. The other scripts run in the
    // repository, where all is installed.
    files: [
      ...[
        'lib/**',
        'kernel/**',
        'scripts/scanline.mjs',
        'scripts/setup/**',
        'scripts/lab.ts',
        'scripts/worker.ts',
      ],
      ...['child_process', 'npm_command', 'options', 'swallowed_options'].map(name => `scripts/${name}.ts`),
    ],
    rules: {
      'n/no-unpublished-import': ['error', { convertPath, ignoreTypeImport: true }],
      'n/no-unpublished-require': ['error', { convertPath }],
    },
  },
  {
    files: ['scripts/setup.mjs', 'scripts/setup/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: '[source.type="Literal"]:not([source.value=/^(node:|[.])/])',
          message: "The set-up runs before any package is installed: only Node's own modules are there.",
        },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    extends: tseslint.configs.recommendedTypeChecked,
    languageOptions: {
      globals: { require: 'readonly' }, // the rules on imports look only at the global one
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // A discriminated union must be handled whole.
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // tslab's compiler sees only the files that a cell leads to: types beside them must be referred to.
      '@typescript-eslint/triple-slash-reference': [
        'error',
        { path: 'always', types: 'never', lib: 'never' },
      ],
      // node:test's functions return promises that the test runner awaits itself.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'describe', 'it'] },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**', 'scripts/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          property: 'waitForFunction',
          message:
            "It evaluates text within the page, whose policy may forbid that: use the tests' eventuallyTrue.",
        },
      ],
    },
  },
  ...Object.entries(floors).map(([floor, lower]) => ({
    files: [`lib/${floor}/**`],
    rules: { 'no-restricted-imports': ['error', { patterns: [aboveFloor(floor, lower), outsideLib] }] },
  })),
  {
    files: ['kernel/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?:\\.\\./)+(?:lib(?!/(?:base|display)/)|scripts|bench|test)(?:/|$)',
              message:
                'The kernel runs any notebook: of lib it may import base and display, and nothing of the other folders.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['scripts/**', 'bench/**', 'peers/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?:\\.\\./)+(?:kernel(?!/compiler/)|test)(?:/|$)',
              message: 'Scripts and benchmarks use the library, and of the kernel no more than its compiler.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['page/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex:
                '^(?:\\.\\./)+(?:kernel|scripts|bench|peers|test)(?:/|$)|/lib/(?:runs|training|search|display|views|index)(?:/|$)',
              message:
                'The page runs in a browser: of lib it may import what needs no files and no notebook.',
            },
            { regex: '^node:', message: 'The page runs in a browser, which has no modules of Node.' },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        require: 'readonly',
        module: 'writable',
        exports: 'readonly',
        __filename: 'readonly',
        __dirname: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
);
