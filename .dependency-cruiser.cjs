// @ts-check
/**
 * Who may import whom (see ARCHITECTURE.md). `npm run directions` holds it, together with what
 * dependency-cruiser cannot see: files loaded through `new URL(…, import.meta.url)`, and barrels and unknown rooms that
 * nobody imports.
 */

/** Tests and what only tests use may reach further, for fixtures and comparisons. */
const test =
  '\\.test\\.tsx?$|fixtures\\.ts$|/(test-[^/]+|golden-files|node-runtime|safetensors-writer)\\.ts$|/testing/';

/**
 * What the page's side may know of the runtime: its types, its client and its rule for precisions (the page says
 * beforehand what would run), never what runs in the worker.
 */
const runtimeForPage = '^src/runtime/(engine|client|model-storage|model-export|precision)\\.ts$';

/** For each room the paths within src that it may import besides its own. */
const allowed = {
  mae: [],
  image: ['^src/mae/'],
  checkpoint: ['^src/mae/'],
  graph: ['^src/mae/'],
  runtime: ['^src/(mae|image|checkpoint|graph)/'],
  store: ['^src/mae/', runtimeForPage],
  actions: ['^src/(mae|store)/', runtimeForPage],
  lesson: ['^src/(mae|store)/', runtimeForPage],
  export: ['^src/(mae|store)/', runtimeForPage],
  isolation: [],
  ui: ['^src/(mae|image|store|actions|lesson|export)/', runtimeForPage],
};

/** One rule for each room: whatever is not allowed is forbidden, so a new room starts with nothing. */
const roomRules = Object.entries(allowed).map(([room, paths]) => ({
  name: `${room}-imports-only-its-own`,
  comment: `src/${room} may import ${paths.length === 0 ? 'no other room' : paths.join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: test },
  to: { path: '^src/', pathNot: [`^src/${room}/`, ...paths] },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'main-only-mounts',
      comment: 'main.tsx mounts the app; it knows the page, not the model.',
      severity: 'error',
      from: { path: '^src/main\\.tsx$' },
      to: { path: '^src/(image|checkpoint|graph|runtime)/', pathNot: runtimeForPage },
    },
    {
      name: 'workers-are-not-imported',
      comment: 'A worker is started by its URL; importing it would run the model on the page.',
      severity: 'error',
      from: {},
      to: { path: '\\.worker\\.ts$' },
    },
    {
      name: 'mae-is-pure',
      comment: 'The model as paper and reference define it: no page, no runtime, no platform.',
      severity: 'error',
      from: { path: '^src/mae/', pathNot: test },
      to: { path: 'node_modules/', pathNot: 'node_modules/zod/' },
    },
    {
      name: 'page-has-no-node',
      comment: 'A browser has no Node modules.',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'src-stands-alone',
      comment: 'The page does not know its tools and tests.',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { path: ['^(tools|e2e)/', test] },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or need a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-barrels',
      comment: 'Import from the file that defines it.',
      severity: 'error',
      from: {},
      to: { path: '/index\\.[cm]?[jt]sx?$', pathNot: 'node_modules/' },
    },
    {
      name: 'imports-resolve',
      comment: 'Assets that a bundler resolves (?url, ?raw) are left to the build.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\?(url|raw|inline|no-inline)$|^virtual:' },
    },
    {
      name: 'packages-are-declared',
      comment: 'What is imported is named in package.json, with its version.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'page-has-no-dev-packages',
      comment: 'What the page imports at run time is a dependency, not a development dependency.',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|__pycache__)/' },
    // Types count too: a type-only import ties two files together just as well.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default', 'types'],
    },
  },
};
