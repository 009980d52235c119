import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as native from 'onnxruntime-node';
import type * as Ort from 'onnxruntime-web';

/**
 * onnxruntime-node in the place of onnxruntime-web, so that the very same graphs run natively. It takes external
 * data from files only, so each session's go through a temporary folder.
 */
export function nativeRuntime(threads: number): typeof Ort {
  const create = async (model: Uint8Array, options: Ort.InferenceSession.SessionOptions) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'mae-lens-bench-'));
    try {
      for (const file of options.externalData ?? []) {
        if (typeof file === 'string' || !(file.data instanceof Uint8Array))
          throw new Error('data must be bytes');
        // Not the data itself: its bytes are there only when they are taken (src/runtime/session/weight-files.ts).
        await writeFile(path.join(folder, file.path), file.data.subarray(0, file.data.byteLength));
      }
      await writeFile(path.join(folder, 'model.onnx'), model);
      return await native.InferenceSession.create(path.join(folder, 'model.onnx'), {
        executionProviders: ['cpu'],
        intraOpNumThreads: threads,
        graphOptimizationLevel: 'all',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  };
  return { ...native, InferenceSession: { create } } as unknown as typeof Ort;
}
