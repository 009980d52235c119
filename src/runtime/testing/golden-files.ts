/** Golden directories for tests in Node; see tools/reference/README.md. */
import { readFileSync } from 'node:fs';
import { memorySource } from '../../checkpoint/bytes/bytes.ts';
import { readSafetensorsHeader } from '../../checkpoint/formats/safetensors.ts';

const GOLDEN = new URL('../../../tools/reference/golden/', import.meta.url);

export function goldenFiles(directory: string): File[] {
  return ['config.json', 'preprocessor_config.json', 'model.safetensors'].map(
    (name) => new File([readFileSync(new URL(`${directory}/${name}`, GOLDEN))], name),
  );
}

/** The float32 tensors of a case by name. */
export async function goldenCase(directory: string, name: string): Promise<Map<string, Float32Array>> {
  const bytes = new Uint8Array(readFileSync(new URL(`${directory}/cases/${name}.safetensors`, GOLDEN)));
  const source = memorySource(name, bytes);
  const tensors = new Map<string, Float32Array>();
  for (const [key, { dtype, start, end }] of (await readSafetensorsHeader(source)).tensors)
    if (dtype === 'F32') tensors.set(key, new Float32Array((await source.read(start, end)).slice().buffer));
  return tensors;
}
