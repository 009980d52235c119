import { mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.ts';
import { float32ToFloat16 } from '../../src/checkpoint/halves.ts';
import type { WeightType } from '../../src/graph/builder.ts';
import { buildPortable } from '../../src/graph/portable.ts';

/**
 * Writes `model.onnx` and its weights (`model.onnx.data`) into a folder, tensor by tensor, so that memory holds one
 * tensor at a time.
 * @returns the names of the files
 */
export async function writePortable(
  checkpoint: Checkpoint,
  folder: string,
  weightType: WeightType,
): Promise<readonly string[]> {
  const graph = buildPortable(checkpoint.config, weightType);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'model.onnx'), graph.model);
  for (const [file, bytes] of graph.files) {
    const handle = await open(path.join(folder, file), 'w');
    try {
      await handle.truncate(bytes);
      for (const { tensor, elements, offset } of graph.weights.filter((weight) => weight.file === file)) {
        const values = new Float32Array(elements);
        await checkpoint.readFloat32(tensor, values);
        const stored = weightType === 'float32' ? values : toFloat16(values);
        await handle.write(new Uint8Array(stored.buffer), 0, stored.byteLength, offset);
      }
    } finally {
      await handle.close();
    }
  }
  return ['model.onnx', ...graph.files.keys()];
}

function toFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(values.length);
  float32ToFloat16(values, halves);
  return halves;
}
