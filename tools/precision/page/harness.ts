/** Holds precisions against float32 with the page's own engine; precision.ts opens this page and calls `holdModel`. */

import { holdAgainst } from '../../../src/engine/agreement.ts';
import type { Agreement, ModelPhase, ModelSource } from '../../../src/engine/engine.ts';
import { createModelStorage } from '../../../src/engine/stored-models/stored-models.ts';
import { workerExecutor } from '../../../src/engine/worker-executor.ts';
import { geometryOf, patchCount } from '../../../src/mae/geometry.ts';
import { randomMasking } from '../../../src/mae/masking.ts';
import { torchRand } from '../../../src/mae/random.ts';
import type { Dtype } from '../../../src/runtime/device/choice.ts';
import { REDUCED_DTYPE } from '../../../src/runtime/device/dtype.ts';
import { inEnglish } from '../../browser/in-english.ts';

export interface DtypeRequest {
  readonly model:
    | { readonly kind: 'url'; readonly name: string; readonly baseUrl: string }
    /** What the page's file input holds. */
    | { readonly kind: 'files'; readonly name: string }
    | { readonly kind: 'hub'; readonly name: string; readonly hub: string | null };
  readonly device: 'wasm' | 'webgpu';
  readonly samples: readonly { readonly id: string; readonly url: string }[];
  readonly maskRatios: readonly number[];
  /** PyTorch's. */
  readonly seeds: readonly number[];
}

export type DtypeReport =
  /** Why there is nothing to measure: the device has float32 alone. */
  | { readonly skipped: string }
  | {
      readonly skipped: null;
      /** As the page names it. */
      readonly name: string;
      readonly dtype: Dtype;
      readonly device: string;
      readonly parameters: number;
      readonly bytes: number;
      readonly samples: readonly (Agreement & { readonly id: string; readonly maskRatio: number })[];
    };

declare global {
  var holdModel: (request: DtypeRequest) => Promise<DtypeReport>;
}

globalThis.holdModel = async ({ model, device, samples, maskRatios, seeds }) => {
  const source = sourceOf(model);
  const executor = workerExecutor();
  const load = (dtype: Dtype) => executor.loadModel(source, { device, dtype }, (phase) => tell(dtype, phase));
  try {
    const dtype = REDUCED_DTYPE[device];
    const reduced = await load(dtype);
    const { info } = reduced;
    if (info.device.kind !== device)
      return { skipped: inEnglish(info.device.reason) ?? `${device} does not run it.` };
    if (info.device.dtype !== dtype)
      return { skipped: inEnglish(info.device.dtypeReason) ?? `It did not run in ${dtype}.` };
    const exact = await load('fp32');
    const found: (Agreement & { readonly id: string; readonly maskRatio: number })[] = [];
    for (const { id, url } of samples) {
      const image = await (await fetch(url)).blob();
      const { image_size } = info.config;
      const { rgb } = await executor.openImage(image, image_size, info.preprocessor);
      const pixelValues = await executor.toPixelValues(rgb, image_size, info.preprocessor);
      for (const maskRatio of maskRatios) {
        const masks = seeds.map((seed) =>
          randomMasking(torchRand(seed, patchCount(geometryOf(info.config).grid)), maskRatio),
        );
        found.push({ id, maskRatio, ...(await holdAgainst(exact, reduced, pixelValues, masks)) });
      }
    }
    const { name, parameters, bytes } = info;
    return { skipped: null, name, dtype, device: info.device.label, parameters, bytes, samples: found };
  } finally {
    executor.dispose();
  }
};

function sourceOf(model: DtypeRequest['model']): ModelSource {
  switch (model.kind) {
    case 'url':
      return model;
    case 'files': {
      const files = document.querySelector('input')?.files;
      return { ...model, files: [...(files ?? [])] };
    }
    case 'hub': {
      const storage = createModelStorage();
      return storage.understand(model.name, model.hub ?? storage.hub);
    }
  }
}

let told = '';
/** Goes to the terminal, through the console. */
function tell(dtype: Dtype, phase: ModelPhase): void {
  const done =
    phase.phase === 'loading' && phase.totalBytes !== null
      ? ` ${Math.floor((10 * phase.loadedBytes) / Math.max(1, phase.totalBytes)) * 10} %`
      : '';
  const words = `${dtype}: ${phase.phase}${done}`;
  if (words === told) return;
  told = words;
  console.info(words);
}
