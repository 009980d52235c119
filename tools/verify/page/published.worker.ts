/**
 * A model from the hub, downloaded, stored and run by the page's own code; in a worker as in the page, because only
 * there files are written in place.
 */

import { expose } from 'comlink';
import { openFromHub } from '../../../src/checkpoint/sources/hub.ts';
import { openFileStore } from '../../../src/checkpoint/storage/open-store.ts';
import { openImage } from '../../../src/engine/images/open-image.ts';
import { keepErrorCodes } from '../../../src/engine/worker-errors.ts';
import { preprocessorOf } from '../../../src/image/preprocessor-config.ts';
import { type PreprocessorConfig, toPixelValues } from '../../../src/image/processor.ts';
import { geometryOf, patchCount } from '../../../src/mae/geometry.ts';
import { numpyUniform, torchRand } from '../../../src/mae/random.ts';
import { chooseBackend } from '../../../src/runtime/device/backend.ts';
import { IN_FP32 } from '../../../src/runtime/device/dtype.ts';
import { loadBrowserRuntime } from '../../../src/runtime/device/ort.ts';
import type { Backend } from '../../../src/runtime/session/session.ts';
import { ViTMAEForPreTraining } from '../../../src/vitmae/modeling.ts';
import { inEnglish } from '../../browser/in-english.ts';
import type { PublishedRun, PublishedWorker, RunResult } from './published-protocol.ts';

keepErrorCodes();

const api: PublishedWorker = {
  async verify({ address, device, runs }, tell) {
    const checkpoint = await openFromHub(address, {
      store: await openFileStore(),
      onPlan: (plan) => tell({ kind: 'plan', plan }),
      onProgress: (progress) => tell({ kind: 'progress', progress }),
      onNotice: ({ message }) => tell({ kind: 'notice', message }),
    });
    const preprocessor = preprocessorOf(checkpoint.preprocessorConfig);
    tell({ kind: 'compiling' });
    const chosen = await chooseBackend(
      { device, config: checkpoint.config, dtype: IN_FP32 },
      loadBrowserRuntime,
    );
    const model = await ViTMAEForPreTraining.from_pretrained(checkpoint, chosen);
    const results: RunResult[] = [];
    for (const run of runs) {
      try {
        results.push(await runModel(model, chosen.backend, preprocessor, run));
      } catch (error) {
        results.push({ error: error instanceof Error ? error.message : String(error) });
      }
    }
    await model.dispose();
    const { report } = chosen;
    return {
      device: report.label,
      attention: report.attention,
      fallback: report.kind === device ? null : (inEnglish(report.reason) ?? 'no reason given'),
      runs: results,
    };
  },
};

async function runModel(
  model: ViTMAEForPreTraining,
  { ort: { Tensor } }: Backend,
  preprocessor: PreprocessorConfig,
  { image, generator, seed }: PublishedRun,
): Promise<RunResult> {
  const { image_size: size } = model.config;
  const file = await (await fetch(image)).blob();
  const { width, height, rgb } = await openImage(file, size, preprocessor);
  const pixelValues = await toPixelValues(rgb, size, preprocessor);
  const length = patchCount(geometryOf(model.config).grid);
  const noise =
    generator === 'torch'
      ? new Tensor('float32', torchRand(seed, length), [1, length])
      : new Tensor('float64', numpyUniform(seed, length), [1, length]);
  const { logits } = await model.call({
    pixel_values: new Tensor('float32', pixelValues, [1, 3, size, size]),
    noise,
  });
  const values = (await logits.getData(true)) as Float32Array;
  const row = logits.dims[2] ?? 0;
  return {
    width,
    height,
    shape: logits.dims,
    slice: [0, 1, 2].map((patch) => [...values.subarray(patch * row, patch * row + 3)]),
  };
}

expose(api);
