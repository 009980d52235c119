/** Times the page's engine in the browser; bench.ts opens this page and calls `benchModel`. */
import { openFromUrl } from '../../../src/checkpoint/open.ts';
import { chooseBackend } from '../../../src/runtime/backend.ts';
import { loadBrowserRuntime } from '../../../src/runtime/ort.ts';
import { IN_FLOAT32 } from '../../../src/runtime/precision.ts';
import { ViTMAEForPreTraining } from '../../../src/runtime/vit-mae.ts';
import { checkpointFromRecipe } from '../../recipe/recipe.ts';
import { type Measurement, measure } from '../measure.ts';

export interface BenchRequest {
  readonly url: string;
  readonly fromRecipe: boolean;
  readonly device: 'wasm' | 'webgpu';
  readonly threads: number;
  readonly ratios: readonly number[];
  readonly budgetMs: number;
}

export interface BenchReport {
  readonly device: string;
  readonly attention: string;
  readonly measurements: readonly Measurement[];
}

declare global {
  var benchModel: (request: BenchRequest) => Promise<BenchReport>;
}

globalThis.benchModel = async ({ url, fromRecipe, device, threads, ratios, budgetMs }) => {
  const json = async (file: string): Promise<unknown> => (await fetch(`${url}/${file}`)).json();
  const checkpoint = fromRecipe
    ? checkpointFromRecipe(await json('config.json'), await json('recipe.json'))
    : await openFromUrl(url);
  const chosen = await chooseBackend(
    { device, config: checkpoint.config, precision: IN_FLOAT32 },
    async (kind) => {
      const ort = await loadBrowserRuntime(kind);
      if (kind === 'wasm') ort.env.wasm.numThreads = threads;
      return ort;
    },
  );
  if (chosen.report.kind !== device) throw new Error(chosen.report.reason);
  const model = await ViTMAEForPreTraining.from_pretrained(checkpoint, chosen);
  const measurements: Measurement[] = [];
  for (const ratio of ratios) measurements.push(await measure(model, ratio, budgetMs));
  await model.dispose();
  return { device: chosen.report.label, attention: chosen.form.attention, measurements };
};
