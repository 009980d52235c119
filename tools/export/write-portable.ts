import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.ts';
import type { WeightType } from '../../src/graph/placement.ts';
import { preprocessorOf } from '../../src/image/preprocessor-config.ts';
import { portableFiles } from '../../src/onnx-export/portable-files.ts';

export interface PortableOptions {
  /** The model's name, for its README. */
  readonly name: string;
  readonly weightType: WeightType;
  /** Only `model.onnx` and its weights: for the checkpoint's own folder, which has the rest. */
  readonly modelOnly?: boolean;
}

/**
 * Writes the files of `portableFiles` into a folder, tensor by tensor, so that memory holds one tensor at a time.
 * @returns the names of the files
 */
export async function writePortable(
  checkpoint: Checkpoint,
  folder: string,
  { name, weightType, modelOnly = false }: PortableOptions,
): Promise<readonly string[]> {
  const { config, preprocessorConfig } = checkpoint;
  const preprocessor = preprocessorOf(preprocessorConfig);
  const files = portableFiles({ name, config, preprocessor }, weightType, checkpoint).filter(
    (file) => !modelOnly || file.name.startsWith('model.onnx'),
  );
  await mkdir(folder, { recursive: true });
  for (const file of files) {
    const handle = await open(path.join(folder, file.name), 'w');
    try {
      for await (const piece of file.pieces()) await handle.writeFile(piece);
    } finally {
      await handle.close();
    }
  }
  return files.map((file) => file.name);
}
