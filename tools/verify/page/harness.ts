/** Runs golden cases on the page's own engine, in the browser; verify.ts opens this page and calls `verifyDirectory`. */

import type { Tensor } from 'onnxruntime-web';
import { memorySource } from '../../../src/checkpoint/bytes/bytes.ts';
import type { Checkpoint } from '../../../src/checkpoint/checkpoint.ts';
import { openFromUrl } from '../../../src/checkpoint/sources/url.ts';
import type { ViTMAEConfig } from '../../../src/mae/config.ts';
import { patchCount, sameGrid, valueCount } from '../../../src/mae/geometry.ts';
import { reconstructionLoss } from '../../../src/mae/loss.ts';
import { randomMasking } from '../../../src/mae/masking.ts';
import { patchify } from '../../../src/mae/patches.ts';
import { tryAttention } from '../../../src/runtime/device/attention-check.ts';
import { type ChosenBackend, chooseBackend } from '../../../src/runtime/device/backend.ts';
import { IN_FP32 } from '../../../src/runtime/device/dtype.ts';
import { loadBrowserRuntime } from '../../../src/runtime/device/ort.ts';
import { Network } from '../../../src/vitmae/network.ts';
import { inEnglish } from '../../browser/in-english.ts';
import { checkpointFromRecipe } from '../../recipe/recipe.ts';
import { type GoldenCase, readCase } from '../case.ts';
import { type Comparison, compare, type Values } from '../compare.ts';

const INPUTS = new Set(['pixel_values', 'noise', 'head_mask', 'decoder_head_mask']);

export interface DirectoryRequest {
  /** Where the page finds the directory. */
  readonly url: string;
  /** File names in its `cases`. */
  readonly cases: readonly string[];
  readonly fromRecipe: boolean;
  readonly device: 'wasm' | 'webgpu';
  readonly atol: number;
}

export interface DirectoryReport {
  readonly device: string;
  readonly attention: string;
  /** Why it did not run on the device that was asked for. */
  readonly fallback: string | null;
  readonly cases: readonly { readonly name: string; readonly comparisons: readonly Comparison[] }[];
}

declare global {
  var verifyDirectory: (request: DirectoryRequest) => Promise<DirectoryReport>;
}

globalThis.verifyDirectory = async (request) => {
  const checkpoint = await open(request);
  const chosen = await backendFor(request.device, checkpoint.config);
  const { report } = chosen;
  const network = await Network.create(checkpoint, chosen);
  const cases: { name: string; comparisons: Comparison[] }[] = [];
  for (const name of request.cases) {
    const golden = await fetchCase(`${request.url}/cases/${name}`);
    const flat = await answer(network, golden, name);
    cases.push({
      name,
      comparisons: [...golden.tensors]
        .filter(([key]) => !INPUTS.has(key))
        .map(([key, expected]) => compare(key, expected, flat.get(key), request.atol)),
    });
  }
  await network.dispose();
  return {
    device: report.label,
    attention: report.attention,
    fallback: report.kind === request.device ? null : (inEnglish(report.reason) ?? 'no reason given'),
    cases,
  };
};

let opened: ChosenBackend | null = null;

/**
 * The page's one backend: the models of all directories share its device, and with it the shaders that are already
 * compiled. The check of attention is made for each of them, as it depends on the sizes.
 */
async function backendFor(device: 'wasm' | 'webgpu', config: ViTMAEConfig): Promise<ChosenBackend> {
  if (opened === null || opened.report.kind !== device) {
    opened = await chooseBackend({ device, config, dtype: IN_FP32 }, loadBrowserRuntime);
    return opened;
  }
  if (device === 'wasm') return opened;
  const { attention, errors } = await tryAttention(opened.backend, config);
  if (attention === null) throw new Error(`Attention is wrong on this device: ${JSON.stringify(errors)}.`);
  return {
    ...opened,
    graphOptions: { ...opened.graphOptions, attention },
    report: { ...opened.report, attention },
  };
}

async function open({ url, fromRecipe }: DirectoryRequest): Promise<Checkpoint> {
  if (!fromRecipe) return openFromUrl(url);
  const json = async (file: string): Promise<unknown> => (await fetch(`${url}/${file}`)).json();
  return checkpointFromRecipe(await json('config.json'), await json('recipe.json'));
}

async function fetchCase(url: string): Promise<GoldenCase> {
  const response = await fetch(url);
  return readCase(memorySource(url, new Uint8Array(await response.arrayBuffer())));
}

/** What the network gives for a case, under the names that cases use. */
async function answer(network: Network, golden: GoldenCase, name: string): Promise<Map<string, Values>> {
  const { tensors, interpolate } = golden;
  const pixels = tensors.get('pixel_values');
  const noise = tensors.get('noise')?.data as Float32Array | undefined;
  if (pixels === undefined || noise === undefined) throw new Error(`${name} lacks pixel_values or noise.`);
  const [batch = 0, , height = 0, width = 0] = pixels.shape;
  const { patchSize, grid: native } = network.geometry;
  const grid = { rows: height / patchSize, columns: width / patchSize };
  if (!interpolate && !sameGrid(grid, native)) throw new Error(`${name} does not interpolate to its size.`);
  const geometry = { ...network.geometry, grid };
  const length = patchCount(grid);
  const image = (b: number) =>
    (pixels.data as Float32Array).subarray(b * valueCount(geometry), (b + 1) * valueCount(geometry));
  const patches = new Float32Array(batch * valueCount(geometry));
  for (let b = 0; b < batch; b++) patches.set(patchify(image(b), geometry), b * valueCount(geometry));
  const masks = Array.from({ length: batch }, (_, b) =>
    randomMasking(noise.subarray(b * length, (b + 1) * length), golden.maskRatio),
  );

  const indices = (of: string) =>
    [...tensors.keys()].filter((key) => key.startsWith(`${of}.`)).map((key) => Number(key.split('.')[1]));
  const { num_hidden_layers: layers, decoder_num_hidden_layers: decoderLayers } = network.config;
  const inspection = await network.inspect(patches, masks, {
    grid,
    encoder: {
      headMask: repeated(tensors.get('head_mask'), layers),
      skipLayers: golden.skipLayers,
      hiddenStates: indices('hidden_states'),
      attentions: indices('attentions'),
    },
    decoder: {
      headMask: repeated(tensors.get('decoder_head_mask'), decoderLayers),
      skipLayers: golden.decoderSkipLayers,
      hiddenStates: indices('decoder_hidden_states'),
      attentions: indices('decoder_attentions'),
    },
    encoderLens: indices('encoder_lens'),
    decoderLens: indices('decoder_lens'),
  });

  const { logits, last_hidden_state, ...byIndex } = inspection;
  const mask = masks.flatMap(({ mask }) => [...mask]);
  const { loss } = reconstructionLoss(
    logits.data as Float32Array,
    patches,
    Uint8Array.from(mask),
    network.config.norm_pix_loss,
  );
  const flat = new Map<string, Values>([
    ['mask', { shape: [batch, length], data: mask }],
    ['ids_restore', { shape: [batch, length], data: masks.flatMap(({ idsRestore }) => [...idsRestore]) }],
    ['logits', valuesOf(logits)],
    ['last_hidden_state', valuesOf(last_hidden_state)],
  ]);
  // One number, whichever of the two shapes the case has.
  if (loss !== null) flat.set('loss', { shape: tensors.get('loss')?.shape ?? [], data: [loss] });
  for (const [of, found] of Object.entries(byIndex))
    for (const [index, tensor] of found) flat.set(`${of}.${index}`, valuesOf(tensor));
  return flat;
}

function valuesOf(tensor: Tensor): Values {
  return { shape: tensor.dims, data: tensor.data as Float32Array };
}

/** [heads] or [layers, heads] as [layers, heads]. */
function repeated(headMask: Values | undefined, layers: number): Float32Array | undefined {
  if (headMask === undefined) return undefined;
  const values = [...(headMask.data as Float32Array)];
  const rows = headMask.shape.length === 1 ? Array.from({ length: layers }, () => values).flat() : values;
  return Float32Array.from(rows);
}
