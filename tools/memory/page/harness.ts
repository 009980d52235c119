/** Loads checkpoints as the page does, in the page's workers; memory.ts opens this page and watches its processes. */

import { createEngine } from '../../../src/engine/client.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { geometryOf, patchCount } from '../../../src/mae/geometry.ts';
import { randomMasking } from '../../../src/mae/masking.ts';
import { torchRand } from '../../../src/mae/random.ts';
import type { DeviceChoice, DeviceReport, Dtype } from '../../../src/runtime/device/choice.ts';

export interface LoadRequest {
  readonly device: DeviceChoice;
  readonly dtype: Dtype;
}

declare global {
  /** Loads the files of the page's input and runs them once; they stay loaded until `unload`. */
  var load: (request: LoadRequest) => Promise<DeviceReport>;
  var unload: () => Promise<void>;
}

let engine: Engine | null = null;

globalThis.load = async ({ device, dtype }) => {
  const files = [...(document.querySelector('input')?.files ?? [])];
  engine = createEngine();
  const source = { kind: 'files', name: 'generated', files } as const;
  const { config, device: report } = await engine.load(source, { device, dtype }, () => undefined);
  const canvas = new OffscreenCanvas(64, 64);
  canvas.getContext('2d')?.fillRect(8, 8, 40, 40);
  const { id } = await engine.prepare(await canvas.convertToBlob(), config.image_size);
  await engine.model.reconstruct(
    id,
    randomMasking(torchRand(2, patchCount(geometryOf(config).grid)), config.mask_ratio),
  );
  return report;
};

globalThis.unload = async () => {
  await engine?.dispose();
  engine = null;
};
