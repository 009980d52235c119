/**
 * The whole of ViTMAEForPreTraining as one ONNX model of standard operators only, for use elsewhere. The page
 * itself runs encoder and decoder apart (encoder.ts, decoder.ts).
 */

import { type Graph, GraphBuilder } from '../graph/builder.ts';
import { PORTABLE_OPTIONS } from '../graph/graph-options.ts';
import type { WeightType } from '../graph/placement.ts';
import { linear, type Stack, transformerStack } from '../graph/transformer.ts';
import type { ViTMAEConfig } from '../mae/config.ts';
import { geometryOf, imageHeight, imageWidth, patchCount, patchLength } from '../mae/geometry.ts';
import { VARIANCE_EPS } from '../mae/loss.ts';

/**
 * Inputs, for B images of L patches:
 * - `pixel_values` [B, 3, S, S] float32, normalised;
 * - `noise` [B, L] float32: the patches with the smallest values are kept, equal ones in their order;
 * - `len_keep` [1] int64: how many patches are kept, `int(L * (1 - mask_ratio))` in the reference.
 *
 * Outputs, named as the reference names them: `loss` [] (NaN when nothing is masked, as there), `logits`
 * [B, L, p·p·3], `mask` [B, L] float32, `ids_restore` [B, L] int64, `last_hidden_state` [B, 1 + len_keep, D].
 */
export function buildPortable(config: ViTMAEConfig, weightType: WeightType): Graph {
  const g = new GraphBuilder('ViTMAEForPreTraining', { weightType, fileName: (index) => dataFile(index) });
  const { hidden_size: width } = config;
  const geometry = geometryOf(config);
  const length = patchCount(geometry.grid);
  const pixelValues = g.input('pixel_values', 'float32', [
    'B',
    geometry.channels,
    imageHeight(geometry),
    imageWidth(geometry),
  ]);
  const noise = g.input('noise', 'float32', ['B', length]);
  const lenKeep = g.input('len_keep', 'int64', [1]);

  // random_masking. TopK of all values is a stable argsort.
  const idsShuffle = argsort(g, noise, length);
  const idsRestore = argsort(g, idsShuffle, length);
  const idsKeep = g.node('Slice', [idsShuffle, g.ints([0]), lenKeep, g.ints([1])]);
  const kept = g.node('Less', [idsRestore, lenKeep]);
  const mask = g.node('Cast', [g.node('Not', [kept])], { to: 1n });

  const batch = g.node('Slice', [g.node('Shape', [noise]), g.ints([0]), g.ints([1])]);
  const embedded = g.node('Add', [
    patchEmbeddings(g, config, pixelValues),
    g.weight('vit.embeddings.position_embeddings', (length + 1) * width, [1, length, width], width),
  ]);
  const visible = gatherTokens(g, embedded, idsKeep);
  const clsToken = g.node('Add', [
    g.weight('vit.embeddings.cls_token', width, [1, 1, width]),
    g.weight('vit.embeddings.position_embeddings', (length + 1) * width, [1, 1, width]),
  ]);
  const tokens = g.node('Concat', [expand(g, clsToken, batch, g.ints([1]), width), visible], { axis: 1n });
  const encoderCount = g.node('Add', [lenKeep, g.ints([1])]);
  const latentRows = layers(g, config, tokens, batch, encoderCount, {
    prefix: 'vit.encoder.layer',
    lastNorm: 'vit.layernorm',
    layers: config.num_hidden_layers,
    shape: { width, intermediate: config.intermediate_size, heads: config.num_attention_heads },
  });
  const shape = g.node('Concat', [batch, encoderCount, g.ints([width])], { axis: 0n });
  const latent = g.node('Reshape', [latentRows, shape]);

  const logits = decode(g, config, { latentRows, batch, lenKeep, encoderCount, idsRestore });
  const loss = reconstructionLoss(g, config, pixelValues, logits, mask);
  g.output(loss, 'loss', []);
  g.output(logits, 'logits', ['B', length, patchLength(geometry)]);
  g.output(mask, 'mask', ['B', length]);
  g.output(idsRestore, 'ids_restore', ['B', length], 'int64');
  g.output(latent, 'last_hidden_state', ['B', 'T', width]);
  return g.finish();
}

/** The name of the n-th file of weights beside `model.onnx`. */
function dataFile(index: number): string {
  return index === 0 ? 'model.onnx.data' : `model.onnx.data.${index}`;
}

/** Ascending along the last axis, int64. */
function argsort(g: GraphBuilder, values: string, length: number): string {
  return g.nodeWithOutputs('TopK', [values, g.ints([length])], 2, { axis: -1n, largest: 0n, sorted: 1n })[1];
}

/** The convolution with kernel and stride p, as rows: [B, L, D]. */
function patchEmbeddings(g: GraphBuilder, config: ViTMAEConfig, pixelValues: string): string {
  const { hidden_size: width, patch_size: p, num_channels } = config;
  const prefix = 'vit.embeddings.patch_embeddings.projection';
  const kernel = g.weight(`${prefix}.weight`, width * patchLength(geometryOf(config)), [
    width,
    num_channels,
    p,
    p,
  ]);
  const bias = g.weight(`${prefix}.bias`, width, [width]);
  const strides = [BigInt(p), BigInt(p)];
  const maps = g.node('Conv', [pixelValues, kernel, bias], { kernel_shape: strides, strides });
  const rows = g.node('Reshape', [maps, g.ints([0, width, -1])]);
  return g.node('Transpose', [rows], { perm: [0n, 2n, 1n] });
}

/** torch.gather along the tokens: [B, N, width] by [B, K] gives [B, K, width]. */
function gatherTokens(g: GraphBuilder, tokens: string, ids: string): string {
  return g.node('GatherND', [tokens, g.node('Unsqueeze', [ids, g.ints([-1])])], { batch_dims: 1n });
}

/** [1, 1, width] repeated to [B, count, width]. */
function expand(g: GraphBuilder, token: string, batch: string, count: string, width: number): string {
  return g.node('Expand', [token, g.node('Concat', [batch, count, g.ints([width])], { axis: 0n })]);
}

/** A stack of layers and the layer norm after it, over [B, T, width]; gives [B·T, width]. */
function layers(
  g: GraphBuilder,
  config: ViTMAEConfig,
  tokens: string,
  batch: string,
  count: string,
  stack: Pick<Stack, 'prefix' | 'lastNorm' | 'layers' | 'shape'>,
): string {
  const { width, heads } = stack.shape;
  const tokenShape = g.node('Concat', [batch, count, g.ints([heads, width / heads])], { axis: 0n });
  return transformerStack(g, config, tokens, { ...stack, options: PORTABLE_OPTIONS, tokenShape });
}

/** ViTMAEDecoder: logits [B, L, p·p·3]. */
function decode(
  g: GraphBuilder,
  config: ViTMAEConfig,
  encoder: {
    readonly latentRows: string;
    readonly batch: string;
    readonly lenKeep: string;
    readonly encoderCount: string;
    readonly idsRestore: string;
  },
): string {
  const { latentRows, batch, lenKeep, encoderCount, idsRestore } = encoder;
  const width = config.decoder_hidden_size;
  const geometry = geometryOf(config);
  const length = patchCount(geometry.grid);
  const values = patchLength(geometry);
  const rows = linear(g, PORTABLE_OPTIONS, latentRows, ['decoder.decoder_embed'], config.hidden_size, width);
  const latent = g.node('Reshape', [
    rows,
    g.node('Concat', [batch, encoderCount, g.ints([width])], { axis: 0n }),
  ]);
  const cls = g.node('Slice', [latent, g.ints([0]), g.ints([1]), g.ints([1])]);
  const visible = g.node('Slice', [latent, g.ints([1]), encoderCount, g.ints([1])]);
  const maskToken = g.weight('decoder.mask_token', width, [1, 1, width]);
  const masked = expand(g, maskToken, batch, g.node('Sub', [g.ints([length]), lenKeep]), width);
  const shuffled = g.node('Concat', [visible, masked], { axis: 1n });
  const tokens = g.node('Concat', [cls, gatherTokens(g, shuffled, idsRestore)], { axis: 1n });
  const positions = g.weight('decoder.decoder_pos_embed', (length + 1) * width, [1, length + 1, width]);
  const decoded = layers(g, config, g.node('Add', [tokens, positions]), batch, g.ints([length + 1]), {
    prefix: 'decoder.decoder_layers',
    lastNorm: 'decoder.decoder_norm',
    layers: config.decoder_num_hidden_layers,
    shape: {
      width,
      intermediate: config.decoder_intermediate_size,
      heads: config.decoder_num_attention_heads,
    },
  });
  const predicted = linear(g, PORTABLE_OPTIONS, decoded, ['decoder.decoder_pred'], width, values);
  const withCls = g.node('Reshape', [predicted, g.ints([-1, length + 1, values])]);
  return g.node('Slice', [withCls, g.ints([1]), g.ints([length + 1]), g.ints([1])]);
}

/** forward_loss of the reference, with its unbiased variance where `norm_pix_loss` asks for it. */
function reconstructionLoss(
  g: GraphBuilder,
  config: ViTMAEConfig,
  pixelValues: string,
  logits: string,
  mask: string,
): string {
  const geometry = geometryOf(config);
  const { grid, patchSize: p, channels } = geometry;
  const N = patchLength(geometry);
  const blocks = g.node('Reshape', [pixelValues, g.ints([-1, channels, grid.rows, p, grid.columns, p])]);
  const ordered = g.node('Transpose', [blocks], { perm: [0n, 2n, 4n, 3n, 5n, 1n] });
  const patches = g.node('Reshape', [ordered, g.ints([-1, patchCount(grid), N])]);
  const mean = (x: string) => g.node('ReduceMean', [x, g.ints([-1])], { keepdims: 1n });
  let target = patches;
  if (config.norm_pix_loss) {
    const centred = g.node('Sub', [patches, mean(patches)]);
    const biased = mean(g.node('Mul', [centred, centred]));
    const variance = g.node('Mul', [biased, g.float(N / (N - 1))]);
    target = g.node('Div', [centred, g.node('Sqrt', [g.node('Add', [variance, g.float(VARIANCE_EPS)])])]);
  }
  const difference = g.node('Sub', [logits, target]);
  const squares = g.node('Mul', [difference, difference]);
  const perPatch = g.node('ReduceMean', [squares, g.ints([-1])], { keepdims: 0n });
  const sum = (x: string) => g.node('ReduceSum', [x], { keepdims: 0n });
  return g.node('Div', [sum(g.node('Mul', [perPatch, mask])), sum(mask)]);
}
