/** The config of a checkpoint that has no config.json, from the shapes of its tensors and from its file's name. */

import { LensError } from '../../base/errors.ts';
import { assumptions } from '../../locales/en/checkpoint-notices.ts';
import { parseConfig, type ViTMAEConfig } from '../../mae/config.ts';
import { type Grid, squareGrid } from '../../mae/geometry.ts';
import { refusalOf } from '../bytes/refusal.ts';
import { quote, sides } from '../bytes/words.ts';
import type { Part } from '../checkpoint.ts';
import type { NamedTensors } from './names.ts';
import { DECODER_EMBED, layerIndex, PROJECTION } from './parameters.ts';
import { isSquare, likelyGrid, positionsOf } from './positions.ts';

/** What the shapes cannot say, and where it was taken from. */
export interface InferredConfig {
  readonly config: ViTMAEConfig;
  /** For people: what was assumed. */
  readonly assumptions: string;
}

/** Width → heads of the published encoders; `mae_vit_{base,large,huge}` in models_mae.py. */
const ENCODER_HEADS: ReadonlyMap<number, number> = new Map([
  [768, 12],
  [1024, 16],
  [1280, 16],
]);
/** Other widths: what base and large have, and nearly every Vision Transformer of another size. */
const ENCODER_HEAD_WIDTH = 64;
/** All published decoders are 512 wide and have 16 heads. */
const DECODER_HEAD_WIDTH = 32;
/** Where the file has no positions either. */
const USUAL_IMAGE_SIZE = 224;

/**
 * Width, depth, MLP, patch and channels are in the shapes, the grid in the fixed positions (`gridFromPositions`); where they
 * are others, it is the square or the likeliest grid of their number. Heads are not: those of the published widths, elsewhere one
 * for every 64 values of the encoder's width and every 32 of the decoder's. Epsilon is that of the family that
 * names its tensors so. Pixels are normalised where the file's training arguments say so, otherwise where its name is
 * that of the authors' files of that kind (`mae_pretrain_vit_…_full.pth`; their `mae_visualize_…` are raw), otherwise
 * not. Where the encoder alone is needed the decoder's sizes are the published ones. The activation is gelu, the image a
 * square of 224 pixels where there are no positions.
 * @param metadata `args.norm_pix_loss` and `args.mask_ratio`, if the file has them
 * @param origin for people, and for what it says: the file's name
 * @param stated the grid that the positions' values say; undefined where they say none
 * @throws LensError `not-found` when only config.json could tell, `checkpoint-wrong-shape` when the shapes contradict
 * each other, `checkpoint-missing-tensor` when one that tells a size is missing, `config-unsupported` for a model that
 * this page cannot run
 */
export function inferConfig(
  named: NamedTensors,
  metadata: ReadonlyMap<string, string>,
  origin: string,
  needs: Part = 'all',
  stated?: Grid,
): InferredConfig {
  const { found, scheme } = named;
  const shape: ShapeOf = (name, axes) => {
    const tensor = found.get(name);
    if (tensor === undefined) {
      throw refusalOf(origin)('checkpoint-missing-tensor/size-unknown', { tensor: quote(name) });
    }
    if (tensor.shape.length !== axes || tensor.shape.includes(0))
      throw wrong(origin, tensor.name, tensor.shape);
    return tensor.shape;
  };

  const [width = 0, channels, patch = 0] = shape(PROJECTION, 4);
  const heads = ENCODER_HEADS.get(width) ?? wholeHeads(width, ENCODER_HEAD_WIDTH, 'encoder', origin);
  const [mlpWidth] = shape('vit.encoder.layer.0.intermediate.dense.weight', 2);
  const decoder = needs === 'all' ? decoderSizes(found.keys(), shape, origin) : {};
  const { grid, assumed } =
    stated === undefined ? gridByCount(named, patch, origin) : { grid: stated, assumed: null };
  const normPixLoss = paintsNormalised(metadata, origin);
  const maskRatio = Number(metadata.get('args.mask_ratio') ?? 0.75);

  const config = parse(origin, {
    hidden_size: width,
    num_hidden_layers: depth(found.keys(), 'encoder'),
    num_attention_heads: heads,
    intermediate_size: mlpWidth,
    layer_norm_eps: scheme.layerNormEps,
    image_size: [grid.rows * patch, grid.columns * patch],
    patch_size: patch,
    num_channels: channels,
    qkv_bias: found.has('vit.encoder.layer.0.attention.attention.query.bias'),
    ...decoder,
    mask_ratio: maskRatio >= 0 && maskRatio <= 1 ? maskRatio : 0.75,
    norm_pix_loss: normPixLoss,
  });
  const { layerNormEps } = scheme;
  const decoderHeads = needs === 'all' ? config.decoder_num_attention_heads : null;
  return {
    config,
    assumptions: assumptions({
      file: origin,
      heads,
      decoderHeads,
      layerNormEps,
      normPixLoss,
      grid: assumed,
    }),
  };
}

/** The shape of a parameter that has so many axes. */
type ShapeOf = (name: string, axes: number) => readonly number[];

function decoderSizes(
  names: Iterable<string>,
  shape: ShapeOf,
  origin: string,
): Pick<
  ViTMAEConfig,
  | 'decoder_hidden_size'
  | 'decoder_num_hidden_layers'
  | 'decoder_num_attention_heads'
  | 'decoder_intermediate_size'
> {
  const [width = 0] = shape(DECODER_EMBED, 2);
  const [mlpWidth = 0] = shape('decoder.decoder_layers.0.intermediate.dense.weight', 2);
  return {
    decoder_hidden_size: width,
    decoder_num_hidden_layers: depth(names, 'decoder'),
    decoder_num_attention_heads: wholeHeads(width, DECODER_HEAD_WIDTH, 'decoder', origin),
    decoder_intermediate_size: mlpWidth,
  };
}

function paintsNormalised(metadata: ReadonlyMap<string, string>, origin: string): boolean {
  const said = metadata.get('args.norm_pix_loss');
  if (said !== undefined) return said === 'true' || said === '1';
  return /mae_pretrain_.*_full/i.test(origin);
}

function wholeHeads(width: number, each: number, part: 'encoder' | 'decoder', origin: string): number {
  if (width % each === 0) return width / each;
  throw refusalOf(origin)('not-found/heads-unknown', { part, width });
}

/** Layers are counted from 0; a gap among them is found when the parameters are matched. */
function depth(names: Iterable<string>, stack: 'encoder' | 'decoder'): number {
  let layers = 0;
  for (const name of names) layers = Math.max(layers, 1 + (layerIndex(name, stack) ?? -1));
  return layers;
}

/** From the number of positions: one is the CLS token's. A square is not worth a word. */
function gridByCount(
  { found }: NamedTensors,
  patch: number,
  origin: string,
): { readonly grid: Grid; readonly assumed: Grid | null } {
  const positions = positionsOf(found);
  if (positions === undefined) {
    const grid = squareGrid(Math.floor(USUAL_IMAGE_SIZE / patch));
    return { grid, assumed: grid };
  }
  const [, tokens = 0] = positions.shape;
  const grid = positions.shape.length === 3 ? likelyGrid(tokens - 1) : undefined;
  if (grid === undefined) throw wrong(origin, positions.name, positions.shape);
  return { grid, assumed: isSquare(grid) ? null : grid };
}

function parse(origin: string, json: Record<string, unknown>): ViTMAEConfig {
  try {
    return parseConfig(json);
  } catch (error) {
    if (!(error instanceof LensError)) throw error;
    throw new LensError(
      'config-unsupported/shapes',
      { file: origin, reason: error.message },
      { cause: error },
    );
  }
}

function wrong(origin: string, name: string, shape: readonly number[]): LensError {
  return refusalOf(origin)('checkpoint-wrong-shape/size-unknown', {
    tensor: quote(name),
    shape: sides(shape),
  });
}
