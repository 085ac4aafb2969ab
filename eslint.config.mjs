import js from '@eslint/js';
import n from 'eslint-plugin-n';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules/', '**/.venv/', '.tensorflow*/', 'out/', 'runs/', 'data/'] },
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
    // What a user runs needs no package that is declared for development only.
    files: ['lib/**', 'kernel/**', 'scripts/**'],
    rules: {
      'n/no-unpublished-import': ['error', { ignorePrivate: false, ignoreTypeImport: true }],
      'n/no-unpublished-require': ['error', { ignorePrivate: false }],
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
    files: ['lib/compile/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^\\.\\./(?!tensorflow$)',
              message:
                'compile needs nothing else of lib but tensorflow.ts: it could be a package of its own.',
            },
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
        __filename: 'readonly',
        __dirname: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
);
