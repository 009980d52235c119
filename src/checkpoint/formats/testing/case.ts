/** For tests: holds an opened checkpoint against what the real library computed with it. */
import { afterAll, expect } from 'vitest';
import { graphOptionsFor } from '../../../runtime/device/backend.ts';
import { loadNodeRuntime } from '../../../runtime/testing/node-runtime.ts';
import { ViTMAEForPreTraining } from '../../../vitmae/modeling.ts';
import { memorySource } from '../../bytes/bytes.ts';
import type { Checkpoint } from '../../checkpoint.ts';
import { valueCount } from '../../tensors/strided.ts';
import { readFloat32 } from '../../tensors/tensors.ts';
import { readSafetensorsHeader } from '../safetensors.ts';

const models: ViTMAEForPreTraining[] = [];
afterAll(async () => {
  for (const model of models) await model.dispose();
});

/** Holds a golden case against the model: tolerance 1e-4 + 1e-4 · |expected|, as npm run verify does. */
export async function expectCase(checkpoint: Checkpoint, file: Uint8Array<ArrayBuffer>): Promise<void> {
  const ort = await loadNodeRuntime('wasm');
  const model = await ViTMAEForPreTraining.from_pretrained(checkpoint, {
    backend: { kind: 'wasm', ort },
    graphOptions: graphOptionsFor('wasm', 'fp32'),
  });
  models.push(model);
  const expected = await caseTensors(file);
  const { image_size: size } = checkpoint.config;
  const [pixels, noise] = [expected.get('pixel_values'), expected.get('noise')];
  if (pixels === undefined || noise === undefined) throw new Error('incomplete case');
  const batch = pixels.length / (3 * size ** 2);
  const output = await model.call({
    pixel_values: new ort.Tensor('float32', pixels, [batch, 3, size, size]),
    noise: new ort.Tensor('float32', noise, [batch, noise.length / batch]),
    mask_ratio: 0.75,
  });
  for (const [name, actual] of [
    ['logits', output.logits.data as Float32Array],
    ['last_hidden_state', output.last_hidden_state.data as Float32Array],
    ['loss', Float32Array.of(output.loss ?? Number.NaN)],
  ] as const) {
    const wanted = expected.get(name);
    expect(actual).toHaveLength(wanted?.length ?? 0);
    wanted?.forEach((value, i) => {
      const difference = Math.abs((actual[i] as number) - value);
      if (!(difference <= 1e-4 + 1e-4 * Math.abs(value))) {
        expect.fail(`${name}[${i}] is ${actual[i]} instead of ${value}`);
      }
    });
  }
}

async function caseTensors(file: Uint8Array<ArrayBuffer>): Promise<ReadonlyMap<string, Float32Array>> {
  const { tensors } = await readSafetensorsHeader(memorySource('case', file));
  const read = new Map<string, Float32Array>();
  for (const [name, tensor] of tensors) {
    if (tensor.dtype !== 'F32') continue;
    const into = new Float32Array(valueCount(tensor.shape));
    await readFloat32(tensor, into);
    read.set(name, into);
  }
  return read;
}
