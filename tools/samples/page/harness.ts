/** Reconstructs images with the page's own engine; precompute.ts opens this page and calls `reconstructSample`. */

import { createEngine } from '../../../src/engine/client.ts';
import { geometryOf, patchCount } from '../../../src/mae/geometry.ts';
import { randomMasking } from '../../../src/mae/masking.ts';
import { torchRand } from '../../../src/mae/random.ts';

export interface SampleRequest {
  readonly modelUrl: string;
  readonly imageUrl: string;
  readonly maskRatio: number;
  readonly seed: number;
}

export interface SampleResult {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly loss: number | null;
  /** [S, S, 3] */
  readonly reconstruction: readonly number[];
}

declare global {
  var reconstructSample: (request: SampleRequest) => Promise<SampleResult>;
}

globalThis.reconstructSample = async ({ modelUrl, imageUrl, maskRatio, seed }) => {
  const engine = createEngine();
  const source = { kind: 'url', name: 'demo', baseUrl: modelUrl } as const;
  const { config } = await engine.load(source, { device: 'wasm' }, () => undefined);
  const image = await engine.prepare(await (await fetch(imageUrl)).blob(), config.image_size);
  const masking = randomMasking(torchRand(seed, patchCount(geometryOf(config).grid)), maskRatio);
  const { loss, reconstruction } = await engine.model.reconstruct(image.id, masking);
  await engine.dispose();
  return {
    imageSize: config.image_size,
    patchSize: config.patch_size,
    loss,
    reconstruction: [...reconstruction],
  };
};
