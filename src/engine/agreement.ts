import { throwIfCancelled } from '../base/cancel.ts';
import type { Masking } from '../mae/masking.ts';
import { psnr } from '../mae/psnr.ts';
import type { Agreement } from './agreement-types.ts';
import type { LoadedModel } from './model/calls.ts';

/**
 * Runs a model and the same one in float32 under each of these masks, one after another, and compares what is shown.
 * @param pixelValues [3, S, S]
 * @param onRun told of each run before it begins, from 0
 * @throws LensError `cancelled`, and what the models throw
 */
export async function holdAgainst(
  exact: Pick<LoadedModel, 'run'>,
  model: Pick<LoadedModel, 'run' | 'info'>,
  pixelValues: Float32Array,
  masks: readonly Pick<Masking, 'idsKeep'>[],
  { signal, onRun }: { readonly signal?: AbortSignal; readonly onRun?: (run: number) => void } = {},
): Promise<Agreement> {
  const ratios: number[] = [];
  let lossDifference: number | null = null;
  for (const [run, { idsKeep }] of masks.entries()) {
    throwIfCancelled(signal, 'cancelled/comparison');
    onRun?.(run);
    const expected = await exact.run('reconstruct', pixelValues, idsKeep);
    const actual = await model.run('reconstruct', pixelValues, idsKeep);
    ratios.push(psnr(actual.reconstruction, expected.reconstruction));
    if (actual.loss !== null && expected.loss !== null)
      lossDifference = Math.max(lossDifference ?? 0, Math.abs(actual.loss - expected.loss));
  }
  return {
    dtype: model.info.device.dtype,
    lowestPsnr: Math.min(...ratios),
    meanPsnr: ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length,
    lossDifference,
    runs: masks.length,
  };
}
