/** From a checkpoint's files by name to a `Checkpoint`, whatever brought the files. */

import '../base/english-of-models.ts';
import { throwIfCancelled } from '../base/cancel.ts';
import { parseConfig, type ViTMAEConfig } from '../mae/config.ts';
import type { ByteSource } from './bytes/bytes.ts';
import { readJson } from './bytes/json.ts';
import { type Checkpoint, makeCheckpoint, type Part } from './checkpoint.ts';
import { CONFIG, PREPROCESSOR } from './file-names.ts';
import { findWeights, readWeights } from './formats/weights.ts';
import { inferConfig } from './names/infer.ts';
import { matchNamed, nameTensors } from './names/names.ts';
import { gridFromPositions } from './names/positions.ts';

/** How a checkpoint is opened. */
export interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  /** `encoder` where the encoder alone is used: then the file may lack a decoder. The whole model where absent. */
  readonly needs?: Part | undefined;
}

/**
 * Opens a checkpoint from its files by name: config.json, preprocessor_config.json (optional), and the weights, as
 * safetensors or as PyTorch writes them: model.safetensors, else pytorch_model.bin, in one piece or in shards with
 * their index, else the only file of that kind, whatever its name. Files that are not needed are ignored. Without
 * config.json, the config is read from the weights; see `inferConfig`.
 * Reads headers only; the weights are read when they are asked for.
 * Where the encoder alone is needed, so are its parameters alone, and a Vision Transformer's classifier will do
 * (ViTForImageClassification), whose config.json has the same keys.
 * Rejects with `not-found` when a file is missing, `config-invalid`, `config-unsupported`, one of the
 * `checkpoint-…` codes when the weights are not what config.json asks for, or `cancelled`.
 */
export async function openCheckpoint(
  files: ReadonlyMap<string, ByteSource>,
  options: OpenOptions = {},
): Promise<Checkpoint> {
  const { needs = 'all' } = options;
  const known = await readConfig(files, needs);
  const preprocessorFile = files.get(PREPROCESSOR);
  const preprocessorConfig =
    preprocessorFile === undefined ? undefined : await readJson(preprocessorFile, 'config-invalid');

  const weights = findWeights(files);
  const { tensors, metadata } = await readWeights(weights, files, options.signal);
  throwIfCancelled(options.signal);
  const named = nameTensors(tensors.values(), weights.name, needs);
  const { framework } = named.scheme;
  if (known !== undefined) {
    // TensorFlow's layers have these biases whatever the config says.
    const config = framework === 'tf' ? { ...known.config, qkv_bias: true } : known.config;
    const parameters = matchNamed(config, named, weights.name, 'config', needs);
    const checkpoint = makeCheckpoint(config, preprocessorConfig, parameters, { part: needs, framework });
    return { ...checkpoint, configJson: known.json };
  }
  const { config, assumptions } = inferConfig(
    named,
    metadata,
    weights.name,
    needs,
    await gridFromPositions(named),
  );
  const parameters = matchNamed(config, named, weights.name, 'shapes', needs);
  const checkpoint = makeCheckpoint(config, preprocessorConfig, parameters, { part: needs, framework });
  return { ...checkpoint, assumptions };
}

async function readConfig(
  files: ReadonlyMap<string, ByteSource>,
  needs: Part,
): Promise<{ readonly config: ViTMAEConfig; readonly json: unknown } | undefined> {
  const file = files.get(CONFIG);
  if (file === undefined) return undefined;
  const json = await readJson(file, 'config-invalid');
  return { config: parseConfig(needs === 'encoder' ? asMaskedAutoencoder(json) : json), json };
}

/** The config of a Vision Transformer, whose encoder is the masked autoencoder's: keys and defaults are the same. */
function asMaskedAutoencoder(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || !('model_type' in json)) return json;
  return json.model_type === 'vit' ? { ...json, model_type: 'vit_mae' } : json;
}
