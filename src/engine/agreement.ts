import { throwIfCancelled } from '../base/cancel.ts';
import { psnr } from '../mae/psnr.ts';
import type { Agreement } from './engine.ts';
import type { LoadedModel } from './model/load.ts';
import type { MaskInput } from './model/predictions.ts';

/**
 * Runs a model and the same one in float32 under each of these masks, one after another, and compares what is shown.
 * @param pixelValues [3, S, S]
 * @param onRun told of each run before it begins, from 0
 * @throws LensError `cancelled`, and what the models throw
 */
export async function holdAgainst(
  exact: Pick<LoadedModel, 'calls'>,
  model: Pick<LoadedModel, 'calls' | 'info'>,
  pixelValues: Float32Array,
  masks: readonly MaskInput[],
  { signal, onRun }: { readonly signal?: AbortSignal; readonly onRun?: (run: number) => void } = {},
): Promise<Agreement> {
  const ratios: number[] = [];
  let lossDifference: number | null = null;
  for (const [run, mask] of masks.entries()) {
    throwIfCancelled(signal, 'cancelled/comparison');
    onRun?.(run);
    const expected = await exact.calls.reconstruct(pixelValues, mask);
    const actual = await model.calls.reconstruct(pixelValues, mask);
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
