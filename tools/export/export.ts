/**
 * npm run export -- CHECKPOINT OUT [--dtype float32|float16]
 *
 * Writes a checkpoint (a folder with config.json and weights, or one file of weights) as a portable ONNX model of
 * standard operators: OUT/model.onnx with its weights beside it, its configuration and a README. Inputs
 * `pixel_values`, `noise` and `len_keep`; outputs `loss`, `logits`, `mask`, `ids_restore` and `last_hidden_state`.
 * See src/onnx-export/portable-graphs.ts. Where OUT is the checkpoint's own folder, what describes the model there is left alone.
 */
import { openAsBlob, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { LensError } from '../../src/base/errors.ts';
import { openFromFiles } from '../../src/checkpoint/sources/files.ts';
import { writePortable } from './write-portable.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dtype: { type: 'string', default: 'float32' } },
});
process.exitCode = await main();

async function main(): Promise<number> {
  const [source, out] = positionals;
  const { dtype } = values;
  if (source === undefined || out === undefined || (dtype !== 'float32' && dtype !== 'float16')) {
    console.error('Usage: npm run export -- CHECKPOINT OUT [--dtype float32|float16]');
    return 2;
  }
  try {
    const checkpoint = await openFromFiles(await filesAt(source));
    const own = statSync(source).isDirectory() ? source : path.dirname(source);
    const written = await writePortable(checkpoint, out, {
      name: path.basename(path.resolve(source)),
      weightType: dtype,
      modelOnly: path.resolve(own) === path.resolve(out),
    });
    for (const name of written) {
      const file = path.join(out, name);
      console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof LensError)) throw error;
    console.error(error.message);
    return 1;
  }
}

async function filesAt(source: string): Promise<File[]> {
  if (statSync(source, { throwIfNoEntry: false }) === undefined)
    throw new LensError('not-found', `There is nothing at ${source}.`);
  const paths = statSync(source).isDirectory()
    ? readdirSync(source, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => path.join(source, name))
    : [source];
  // A file that only refers to its bytes, so that gigabytes stay on the disk.
  return Promise.all(paths.map(async (name) => new File([await openAsBlob(name)], path.basename(name))));
}
