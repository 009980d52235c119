import { patchCount, valueCount } from '../../src/mae/geometry.ts';
import { randomMasking } from '../../src/mae/masking.ts';
import { torchRand } from '../../src/mae/random.ts';
import type { Network } from '../../src/vitmae/network.ts';

/** Milliseconds of each run. */
export interface PassTimes {
  readonly encoder: readonly number[];
  readonly decoder: readonly number[];
  readonly whole: readonly number[];
}

export const MIN_RUNS = 3;
const MAX_RUNS = 40;

/** The time that goes before measuring: shaders compile, and WebAssembly reaches its optimising compiler. */
function warmUpMs(budgetMs: number): number {
  return budgetMs / 2;
}

/**
 * Times forward passes of one image, after a warm-up. At least three runs, and more until `budgetMs` is spent;
 * tools/bench/torch_peer.py and transformers-js.ts keep the same rule.
 * @param batch how many masks of the image go through the model at once
 */
export async function measure(
  network: Network,
  ratio: number,
  budgetMs: number,
  batch = 1,
): Promise<PassTimes> {
  const length = patchCount(network.geometry.grid);
  const pixels = torchRand(7, valueCount(network.geometry));
  const masks = Array.from({ length: batch }, (_, b) => randomMasking(torchRand(2 + b, length), ratio));
  const once = async () => {
    const start = performance.now();
    const { last_hidden_state: latent } = await network.encode(pixels, masks);
    const encoded = performance.now();
    await network.decode(latent, masks);
    const decoded = performance.now();
    latent.dispose();
    return { encoder: encoded - start, decoder: decoded - encoded, whole: decoded - start };
  };
  const times = await repeat(once, budgetMs);
  return {
    encoder: times.map(({ encoder }) => encoder),
    decoder: times.map(({ decoder }) => decoder),
    whole: times.map(({ whole }) => whole),
  };
}

/** See `measure`. */
export async function repeat<T>(once: () => Promise<T>, budgetMs: number): Promise<T[]> {
  const warm = performance.now();
  do await once();
  while (performance.now() - warm < warmUpMs(budgetMs));
  const results: T[] = [];
  const begin = performance.now();
  while (results.length < MIN_RUNS || (results.length < MAX_RUNS && performance.now() - begin < budgetMs))
    results.push(await once());
  return results;
}
