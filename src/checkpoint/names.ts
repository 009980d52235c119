/** From the names that files use to the published ones, and from a file's tensors to the model's parameters. */
import { numPatches, patchDim, type ViTMAEConfig } from '../mae/config.ts';
import { LensError } from '../mae/errors.ts';
import type { TensorEntry } from './checkpoint.ts';
import { converterOf, type StoredTensor } from './tensors.ts';
import { quote, sides } from './words.ts';

const ENCODER_POSITIONS = 'vit.embeddings.position_embeddings';
const DECODER_POSITIONS = 'decoder.decoder_pos_embed';
/** A file may lack these: they are fixed, not learned. */
const COMPUTED: ReadonlySet<string> = new Set([ENCODER_POSITIONS, DECODER_POSITIONS]);

/** What training wrappers put before every name. */
const WRAPPERS = /^(?:module\.|model\.|_orig_mod\.)+/;
/** How names begin in a file that was saved from ViTMAEModel, the encoder by itself. */
const BARE_ENCODER = /^(?=(?:embeddings|encoder|layers|layernorm)\.)/;
/** transformers 5's names of modules, and the published ones. */
const RENAMED: readonly (readonly [RegExp, string])[] = [
  [/^vit\.layers\./, 'vit.encoder.layer.'],
  [/\.attention\.q_proj\./, '.attention.attention.query.'],
  [/\.attention\.k_proj\./, '.attention.attention.key.'],
  [/\.attention\.v_proj\./, '.attention.attention.value.'],
  [/\.attention\.o_proj\./, '.attention.output.dense.'],
  [/\.mlp\.fc1\./, '.intermediate.dense.'],
  [/\.mlp\.fc2\./, '.output.dense.'],
];

/** The published Hugging Face name of the tensor that a file calls `name`; other names come back unchanged. */
export function publishedName(name: string): string {
  let published = name.replace(WRAPPERS, '').replace(BARE_ENCODER, 'vit.');
  for (const [pattern, replacement] of RENAMED) published = published.replace(pattern, replacement);
  return published;
}

/** Published name → shape of every parameter that a model with this config has, in the model's order. */
export function expectedTensors(config: ViTMAEConfig): ReadonlyMap<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const { hidden_size: width, decoder_hidden_size: decoderWidth, patch_size: patch } = config;
  const tokens = 1 + numPatches(config);

  shapes.set('vit.embeddings.cls_token', [1, 1, width]);
  shapes.set(ENCODER_POSITIONS, [1, tokens, width]);
  shapes.set('vit.embeddings.patch_embeddings.projection.weight', [width, config.num_channels, patch, patch]);
  shapes.set('vit.embeddings.patch_embeddings.projection.bias', [width]);
  for (let i = 0; i < config.num_hidden_layers; i++) {
    addLayer(shapes, `vit.encoder.layer.${i}`, width, config.intermediate_size, config.qkv_bias);
  }
  addNorm(shapes, 'vit.layernorm', width);

  shapes.set('decoder.mask_token', [1, 1, decoderWidth]);
  shapes.set(DECODER_POSITIONS, [1, tokens, decoderWidth]);
  addLinear(shapes, 'decoder.decoder_embed', width, decoderWidth);
  for (let i = 0; i < config.decoder_num_hidden_layers; i++) {
    const name = `decoder.decoder_layers.${i}`;
    addLayer(shapes, name, decoderWidth, config.decoder_intermediate_size, config.qkv_bias);
  }
  addNorm(shapes, 'decoder.decoder_norm', decoderWidth);
  addLinear(shapes, 'decoder.decoder_pred', decoderWidth, patchDim(config));
  return shapes;
}

type Shapes = Map<string, readonly number[]>;

function addLayer(shapes: Shapes, name: string, width: number, mlpWidth: number, qkvBias: boolean): void {
  addNorm(shapes, `${name}.layernorm_before`, width);
  for (const part of ['query', 'key', 'value']) {
    addLinear(shapes, `${name}.attention.attention.${part}`, width, width, qkvBias);
  }
  addLinear(shapes, `${name}.attention.output.dense`, width, width);
  addNorm(shapes, `${name}.layernorm_after`, width);
  addLinear(shapes, `${name}.intermediate.dense`, width, mlpWidth);
  addLinear(shapes, `${name}.output.dense`, mlpWidth, width);
}

function addLinear(shapes: Shapes, name: string, from: number, to: number, bias = true): void {
  shapes.set(`${name}.weight`, [to, from]);
  if (bias) shapes.set(`${name}.bias`, [to]);
}

function addNorm(shapes: Shapes, name: string, width: number): void {
  shapes.set(`${name}.weight`, [width]);
  shapes.set(`${name}.bias`, [width]);
}

/**
 * Finds every parameter of the model among a file's tensors, whichever of the known names the file uses. Tensors
 * that the model does not have are ignored.
 * @param origin for people: the file's name
 * @throws LensError `checkpoint-missing-tensor`, `checkpoint-wrong-shape`, `checkpoint-unsupported` for a type
 * that cannot be read, `checkpoint-malformed` when two of the file's names mean the same parameter
 */
export function matchTensors(
  config: ViTMAEConfig,
  stored: Iterable<StoredTensor>,
  origin: string,
): ReadonlyMap<string, TensorEntry> {
  const expected = expectedTensors(config);
  const found = new Map<string, StoredTensor>();
  for (const tensor of stored) {
    const name = publishedName(tensor.name);
    const other = found.get(name);
    if (other !== undefined && expected.has(name)) {
      throw new LensError(
        'checkpoint-malformed',
        `${origin} holds two tensors for one parameter of the model: ${quote(other.name)} and ` +
          `${quote(tensor.name)}. Save the model again without the copy.`,
      );
    }
    found.set(name, tensor);
  }
  refuseMissing(expected, found, origin);

  const entries = new Map<string, TensorEntry>();
  for (const [name, shape] of expected) {
    const tensor = found.get(name) ?? null;
    if (tensor !== null) {
      refuseShape(tensor, shape);
      converterOf(tensor);
    }
    entries.set(name, { name, shape, stored: tensor });
  }
  return entries;
}

function refuseMissing(
  expected: ReadonlyMap<string, unknown>,
  found: ReadonlyMap<string, StoredTensor>,
  origin: string,
): void {
  const missing = [...expected.keys()].filter((name) => !found.has(name) && !COMPUTED.has(name));
  if (missing.length === 0) return;

  const names = [...found.keys()];
  if (!names.some((name) => expected.has(name))) {
    const some = names.length === 0 ? 'no tensor at all' : `tensors such as ${firstThree(names)}`;
    throw new LensError(
      'checkpoint-missing-tensor',
      `${origin} does not hold a ViTMAE model: it has ${some}. Load a ViTMAEForPreTraining checkpoint, for ` +
        'example facebook/vit-mae-base.',
    );
  }
  if (!names.some((name) => name.startsWith('decoder.'))) {
    throw new LensError(
      'checkpoint-missing-tensor',
      `${origin} holds the encoder only. The decoder, which paints the hidden patches, is not in it, so it ` +
        'cannot reconstruct a picture. Load the complete model (ViTMAEForPreTraining), for example ' +
        'facebook/vit-mae-base.',
    );
  }
  throw new LensError(
    'checkpoint-missing-tensor',
    `${origin} lacks ${missing.length} of the ${expected.size} tensors that its config.json asks for: ` +
      `${firstThree(missing)}. Check that config.json and the weights come from the same model.`,
  );
}

function refuseShape(tensor: StoredTensor, shape: readonly number[]): void {
  if (tensor.shape.length === shape.length && tensor.shape.every((side, i) => side === shape[i])) return;
  throw new LensError(
    'checkpoint-wrong-shape',
    `The tensor ${quote(tensor.name)} in ${tensor.source.name} has the shape ${sides(tensor.shape)}, and its ` +
      `config.json asks for ${sides(shape)}. Check that config.json and the weights come from the same model.`,
  );
}

function firstThree(names: readonly string[]): string {
  const listed = names.slice(0, 3).map(quote).join(', ');
  return names.length > 3 ? `${listed} and ${names.length - 3} more` : listed;
}
