import { parseArgs } from 'node:util';
import { MODEL_NAMES, type ModelName } from './model-names.ts';
import { ROW_KINDS, type RowKind, USUAL_ROWS } from './rows.ts';
import { OUR_RUNTIMES, type Runtime, runtimesNamed } from './runtimes.ts';

export const PEERS = ['native', 'torch', 'transformers.js'] as const;
export type Peer = (typeof PEERS)[number];

export interface BenchOptions {
  readonly rows: readonly RowKind[];
  readonly models: readonly ModelName[];
  readonly runtimes: readonly Runtime[];
  readonly peers: readonly Peer[];
  /** For each row; see `measure`. */
  readonly budgetMs: number;
  /** Whether docs/speed.md gets the tables. */
  readonly write: boolean;
  /** Whether to measure what takes minutes on a software adapter: `base`, and the slider. */
  readonly slow: boolean;
  /** A Python with torch and transformers; null when none was named. */
  readonly python: string | null;
  readonly json: string | null;
  /** A folder with the page as it was built; null to build it. */
  readonly dist: string | null;
}

export const USAGE = `npm run bench [-- OPTIONS]
  --rows     ${USUAL_ROWS.join(',')}; or documentation, eager against sdpa
  --models   ${MODEL_NAMES.join(',')}
  --devices  wasm,webgpu; or parts of them: ${OUR_RUNTIMES.map(({ id }) => id).join(', ')}; wasm-2 for both of its
  --peers    ${PEERS.join(',')}; or none
  --budget   milliseconds for each measurement, 3000
  --python   a Python with torch and transformers; else MAE_LENS_PYTHON
  --json     FILE, for everything that was measured
  --write    puts the tables into docs/speed.md
  --dist     FOLDER with the built page, to measure that one instead of a fresh build
  --slow     also what takes minutes on a software adapter: base, and the slider`;

/**
 * @param argv without Node and the script
 * @throws Error saying what cannot be used
 */
export function parseArguments(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rows: { type: 'string', default: USUAL_ROWS.join() },
      models: { type: 'string', default: MODEL_NAMES.join() },
      devices: { type: 'string', default: 'wasm,webgpu' },
      peers: { type: 'string', default: PEERS.join() },
      budget: { type: 'string', default: '3000' },
      python: { type: 'string' },
      json: { type: 'string' },
      dist: { type: 'string' },
      slow: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const devices = values.devices.split(',');
  for (const name of devices) {
    if (runtimesNamed([name]).length === 0) throw new Error(`--devices: there is no "${name}".`);
  }
  const budgetMs = Number(values.budget);
  if (!(budgetMs > 0)) throw new Error(`--budget: "${values.budget}" is no number of milliseconds.`);
  const python = values.python ?? env.MAE_LENS_PYTHON ?? '';
  return {
    rows: chosen('--rows', values.rows, ROW_KINDS),
    models: chosen('--models', values.models, MODEL_NAMES),
    runtimes: runtimesNamed(devices),
    peers: values.peers === 'none' ? [] : chosen('--peers', values.peers, PEERS),
    budgetMs,
    slow: values.slow,
    write: values.write,
    python: python === '' ? null : python,
    json: values.json ?? null,
    dist: values.dist ?? null,
  };
}

/** Those of `known` that the list names, in the order of `known`. */
function chosen<T extends string>(option: string, list: string, known: readonly T[]): readonly T[] {
  const names = list.split(',');
  const strange = names.find((name) => !known.some((one) => one === name));
  if (strange !== undefined)
    throw new Error(`${option}: there is no "${strange}", only ${known.join(', ')}.`);
  return known.filter((name) => names.includes(name));
}
