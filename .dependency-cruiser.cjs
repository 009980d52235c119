// @ts-check
/**
 * Who may import whom (see ARCHITECTURE.md). `npm run directions` holds it, together with what
 * dependency-cruiser cannot see: files loaded through `new URL(…, import.meta.url)`, and barrels and unknown rooms that
 * nobody imports.
 */

/** Tests and what only tests use may reach further, for fixtures and comparisons. */
const test = '\\.test\\.tsx?$|/[^/]*fixtures\\.ts$|/testing/';

/**
 * What the page's rooms may know of the model's side: types, clients and pure rules, never what runs in a worker.
 */
const modelSideForPage = [
  '^src/engine/(engine|client|engine-timing)\\.ts$',
  '^src/engine/model/(calls|predictions)\\.ts$',
  '^src/engine/stored-models/stored-models\\.ts$',
  '^src/onnx-export/(client|file-name)\\.ts$',
  '^src/runtime/device/(choice|dtype)\\.ts$',
  '^src/checkpoint/file-names\\.ts$',
  '^src/checkpoint/sources/address\\.ts$',
];

const BASE = '^src/(base|locales)/';

/** For each room the paths within src that it may import besides its own. */
const allowed = {
  // The English sentences of its errors.
  base: ['^src/locales/'],
  locales: [],
  mae: [BASE],
  image: [BASE, '^src/mae/'],
  checkpoint: [BASE, '^src/mae/'],
  graph: [BASE, '^src/mae/'],
  runtime: [BASE, '^src/(mae|image|checkpoint|graph)/'],
  vitmae: [BASE, '^src/(mae|image|checkpoint|graph|runtime)/'],
  engine: [BASE, '^src/(mae|image|checkpoint|graph|runtime|vitmae)/'],
  'onnx-export': [BASE, '^src/(mae|image|checkpoint|graph|runtime|vitmae|engine)/'],
  store: [BASE, '^src/mae/', ...modelSideForPage],
  share: [BASE, '^src/(mae|store)/', ...modelSideForPage],
  actions: [BASE, '^src/(mae|store)/', ...modelSideForPage],
  'service-worker': [],
  ui: [BASE, '^src/(mae|store|share|actions)/', ...modelSideForPage],
};

/** The same inside rooms that have rooms of their own (`bytes/`), and for the files beside those. */
const allowedInside = {
  checkpoint: {
    'file-names\\.ts$': [],
    'bytes/': [],
    'tensors/': ['bytes/'],
    'checkpoint\\.ts$': ['bytes/', 'tensors/'],
    'formats/': ['bytes/', 'tensors/', 'file-names\\.ts'],
    'names/': ['bytes/', 'tensors/', 'checkpoint\\.ts'],
    'assemble\\.ts$': ['bytes/', 'formats/', 'names/', 'checkpoint\\.ts', 'file-names\\.ts'],
    'storage/': [],
    'download/': ['bytes/', 'storage/', 'file-names\\.ts'],
    'sources/': ['.'],
  },
  runtime: { 'session/': [], 'device/': ['session/'] },
};

/** One rule for each room: whatever is not allowed is forbidden, so a new room starts with nothing. */
const roomRules = Object.entries(allowed).map(([room, paths]) => ({
  name: `${room}-imports-only-its-own`,
  comment: `src/${room} may import ${paths.length === 0 ? 'no other room' : paths.join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: test },
  to: { path: '^src/', pathNot: [`^src/${room}/`, ...paths] },
}));

const insideRules = Object.entries(allowedInside).flatMap(([room, parts]) =>
  Object.entries(parts).map(([part, paths]) => {
    const name = part.replace(/\/$|\$$/, '').replaceAll('\\', '');
    return {
      name: `${room}/${name}-imports-only-its-own`,
      comment: `Within src/${room}, ${name} may import ${paths.length === 0 ? 'no other part' : paths.join(', ')}.`,
      severity: 'error',
      from: { path: `^src/${room}/${part}`, pathNot: test },
      to: {
        path: `^src/${room}/`,
        pathNot: [`^src/${room}/${part}`, ...paths.map((path) => `^src/${room}/${path}`)],
      },
    };
  }),
);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...roomRules,
    ...insideRules,
    {
      name: 'main-only-mounts',
      comment: 'main.tsx mounts the app; it knows the page, not the model.',
      severity: 'error',
      from: { path: '^src/main\\.tsx$' },
      to: {
        path: '^src/(image|checkpoint|graph|runtime|vitmae|engine|onnx-export)/',
        pathNot: modelSideForPage,
      },
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
      to: { path: '/index\\.[cm]?[jt]sx?$', pathNot: 'node_modules/|^src/vitmae/index\\.ts$' },
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
      name: 'library-has-no-dev-packages',
      comment:
        'What the library imports is a dependency, because whoever installs it needs it; the page is built, and its packages are development dependencies.',
      severity: 'error',
      from: { path: '^src/(base|mae|image|checkpoint|graph|runtime|vitmae)/', pathNot: test },
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
