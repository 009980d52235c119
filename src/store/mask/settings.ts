/** What the visitor has chosen: one plain table, so that it can be kept, shared and shown as it is. */
import { LensError } from '../../base/errors.ts';
import { NOTHING_PAINTED, type Painted } from '../../mae/manual-mask.ts';
import { numpyUniform, torchRand } from '../../mae/random.ts';
import type { StrategyId } from '../../mae/strategies/strategies.ts';

/** Whose random numbers make the mask. */
export type Generator = 'torch' | 'numpy';

/** Everything that makes the mask: what undo and redo go through. */
export interface MaskSettings {
  /** The part of the patches that is masked, from 0 to 1. With random masking it follows the brush. */
  readonly ratio: number;
  /** A whole number in decimal digits: PyTorch's seeds are too large for a JavaScript number. */
  readonly seed: string;
  readonly generator: Generator;
  readonly strategy: StrategyId;
  /** Patches painted by hand, on the strategy's mask. */
  readonly painted: Painted;
}

export interface Settings extends MaskSettings {
  /** The id of the sample image; null for the visitor's own. */
  readonly sample: string | null;
}

/** The paper's ratio, and the seed of the reference figure. */
export const DEFAULT_SETTINGS: Settings = {
  ratio: 0.75,
  seed: '2',
  generator: 'torch',
  strategy: 'random',
  painted: NOTHING_PAINTED,
  sample: null,
};

/** The part of the settings that makes the mask. */
export function maskSettings({ ratio, seed, generator, strategy, painted }: MaskSettings): MaskSettings {
  return { ratio, seed, generator, strategy, painted };
}

/** The libraries' names as people write them. */
export const GENERATOR_NAMES: Readonly<Record<Generator, string>> = { torch: 'PyTorch', numpy: 'NumPy' };

/**
 * The noise of each patch, as the reference would draw it.
 * @param count L
 * @throws LensError `seed-invalid`, its message the library's own rule
 */
export function noiseOf(seed: string, generator: Generator, count: number): ArrayLike<number> {
  const exact = parseSeed(seed);
  return generator === 'torch' ? torchRand(exact, count) : numpyUniform(Number(exact), count);
}

/** The Python that draws the same noise. */
export function pythonCall(seed: string, generator: Generator, count: number): string {
  return generator === 'torch'
    ? `torch.manual_seed(${seed}); torch.rand(1, ${count})`
    : `np.random.seed(${seed}); np.random.uniform(size=(1, ${count}))`;
}

/** The seed's digits without what does not count: blanks, a plus sign, leading zeros. */
export function normalizeSeed(text: string): string {
  return parseSeed(text).toString();
}

function parseSeed(text: string): bigint {
  const digits = /^\s*([+-]?)(\d+)\s*$/.exec(text);
  if (digits === null) throw new LensError('seed-invalid/not-whole');
  const magnitude = BigInt(digits[2] ?? '');
  return digits[1] === '-' ? -magnitude : magnitude;
}
