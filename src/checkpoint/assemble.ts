/** From a checkpoint's files by name to a `Checkpoint`, whatever brought the files. */

import '../base/english.ts';
import { throwIfCancelled } from '../base/cancel.ts';
import { parseConfig, type ViTMAEConfig } from '../mae/config.ts';
import type { ByteSource } from './bytes/bytes.ts';
import { readJson } from './bytes/json.ts';
import { type Checkpoint, makeCheckpoint } from './checkpoint.ts';
import { CONFIG, PREPROCESSOR } from './file-names.ts';
import { findWeights, readWeights } from './formats/weights.ts';
import { inferConfig } from './names/infer.ts';
import { matchNamed, nameTensors } from './names/names.ts';
import { gridFromPositions } from './names/positions.ts';

/**
 * Opens a checkpoint from its files by name: config.json, preprocessor_config.json (optional), and the weights, as
 * safetensors or as PyTorch writes them: model.safetensors, else pytorch_model.bin, in one piece or in shards with
 * their index, else the only file of that kind, whatever its name. Files that are not needed are ignored. Without
 * config.json, the config is read from the weights; see `inferConfig`.
 * Reads headers only; the weights are read when they are asked for.
 * Rejects with `not-found` when a file is missing, `config-invalid`, `config-unsupported`, one of the
 * `checkpoint-…` codes when the weights are not what config.json asks for, or `cancelled`.
 */
export async function openCheckpoint(
  files: ReadonlyMap<string, ByteSource>,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Checkpoint> {
  const known = await readConfig(files);
  const preprocessorFile = files.get(PREPROCESSOR);
  const preprocessorConfig =
    preprocessorFile === undefined ? undefined : await readJson(preprocessorFile, 'config-invalid');

  const weights = findWeights(files);
  const { tensors, metadata } = await readWeights(weights, files, options.signal);
  throwIfCancelled(options.signal);
  const named = nameTensors(tensors.values(), weights.name);
  if (known !== undefined) {
    return makeCheckpoint(known, preprocessorConfig, matchNamed(known, named, weights.name));
  }
  const { config, assumptions } = inferConfig(named, metadata, weights.name, await gridFromPositions(named));
  const parameters = matchNamed(config, named, weights.name, 'shapes');
  return { ...makeCheckpoint(config, preprocessorConfig, parameters), assumptions };
}

async function readConfig(files: ReadonlyMap<string, ByteSource>): Promise<ViTMAEConfig | undefined> {
  const file = files.get(CONFIG);
  return file === undefined ? undefined : parseConfig(await readJson(file, 'config-invalid'));
}
