import { numPatches } from '../../src/mae/geometry.ts';
import { randomMasking } from '../../src/mae/masking.ts';
import { torchRand } from '../../src/mae/random.ts';
import type { ViTMAEForPreTraining } from '../../src/runtime/vit-mae.ts';

/** Milliseconds. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface Measurement {
  readonly encoder: Spread;
  readonly decoder: Spread;
  readonly total: Spread;
  readonly runs: number;
}

const WARM_UP_MS = 1500;
const MIN_RUNS = 3;
const MAX_RUNS = 40;

/**
 * Times forward passes of one picture, after a warm-up that lets shaders compile and WebAssembly reach its
 * optimising compiler. At least three runs, and more until `budgetMs` is spent.
 */
export async function measure(
  model: ViTMAEForPreTraining,
  ratio: number,
  budgetMs: number,
): Promise<Measurement> {
  const length = numPatches(model.config);
  const pixels = torchRand(7, 3 * model.config.image_size ** 2);
  const masks = [randomMasking(torchRand(2, length), ratio)];
  const once = async () => {
    const start = performance.now();
    const { last_hidden_state: latent } = await model.encode(pixels, masks);
    const encoded = performance.now();
    if (latent === undefined) throw new Error('The encoder gave no output.');
    await model.decode(latent, masks);
    const decoded = performance.now();
    latent.dispose();
    return { encoder: encoded - start, decoder: decoded - encoded, total: decoded - start };
  };

  const warm = performance.now();
  do await once();
  while (performance.now() - warm < WARM_UP_MS);
  const times: Awaited<ReturnType<typeof once>>[] = [];
  const begin = performance.now();
  while (times.length < MIN_RUNS || (times.length < MAX_RUNS && performance.now() - begin < budgetMs))
    times.push(await once());
  return {
    encoder: spread(times.map(({ encoder }) => encoder)),
    decoder: spread(times.map(({ decoder }) => decoder)),
    total: spread(times.map(({ total }) => total)),
    runs: times.length,
  };
}

/** @throws RangeError for an empty list */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => {
    const value = sorted[index];
    if (value === undefined) throw new RangeError('no values');
    return value;
  };
  const middle = (sorted.length - 1) / 2;
  return {
    min: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    max: at(sorted.length - 1),
  };
}
