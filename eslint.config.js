import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** @type {Record<string, string[]>} Which folders each folder may import, besides itself: the one-way flow of docs/architecture.md. */
const MAY_IMPORT = {
  core: [],
  kube: ['core'],
  algorithms: ['core'],
  'metrics-collector': ['core'],
  sqlite: [],
  db: ['core', 'sqlite'],
  suggestion: ['core', 'algorithms'],
  operators: ['core', 'kube'],
  controller: ['core', 'kube', 'db', 'suggestion', 'metrics-collector'],
  http: ['core'],
  local: ['core', 'kube', 'http', 'sqlite', 'metrics-collector'],
  experiments: ['core', 'kube', 'db', 'algorithms', 'suggestion', 'controller'],
  api: ['core', 'kube', 'http', 'db', 'algorithms', 'suggestion', 'metrics-collector', 'experiments'],
};

const HOUSE = [...Object.keys(MAY_IMPORT), 'cli', 'test', 'bench', 'scripts', 'examples'];

const importRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => {
  const refused = HOUSE.filter((other) => other !== folder && !allowed.includes(other));
  const patterns = refused.map((other) => ({
    regex: `^(\\.\\./)+${other}/`,
    message: `${folder}/ may import only itself${allowed.map((name) => `, ${name}/`).join('')}: see docs/architecture.md.`,
  }));
  const pure = folder === 'core' || folder === 'algorithms';
  if (pure) patterns.push({ regex: '^node:', message: `${folder}/ is pure: no Node built-ins.` });
  return {
    files: [`${folder}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
});

export default defineConfig(
  { ignores: ['node_modules/**', '**/.katydid/**', 'coverage/**'] },
  ...tseslint.configs.strictTypeChecked,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a const object and the union of its values.' },
      ],
    },
  },
  ...importRules,
  {
    files: ['algorithms/**/*.ts', 'core/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Take a RandomStream: results must be replayable.' },
      ],
    },
  },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
);
