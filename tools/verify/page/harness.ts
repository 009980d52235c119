/** Runs golden cases on the page's own engine, in the browser; verify.ts opens this page and calls `verifyDirectory`. */
import type { Tensor } from '@xenova/transformers';
import { memorySource } from '../../../src/checkpoint/bytes/bytes.ts';
import type { Checkpoint } from '../../../src/checkpoint/checkpoint.ts';
import { openFromUrl } from '../../../src/checkpoint/sources/url.ts';
import type { AttentionKind } from '../../../src/graph/graph-options.ts';
import type { ViTMAEConfig } from '../../../src/mae/config.ts';
import { tryAttention } from '../../../src/runtime/device/attention-check.ts';
import { type ChosenBackend, chooseBackend } from '../../../src/runtime/device/backend.ts';
import { IN_FP32 } from '../../../src/runtime/device/dtype.ts';
import { loadBrowserRuntime } from '../../../src/runtime/device/ort.ts';
import { ViTMAEForPreTraining } from '../../../src/vitmae/modeling.ts';
import { Network } from '../../../src/vitmae/network.ts';
import { TFViTMAEForPreTraining } from '../../../src/vitmae/tf-modeling.ts';
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
  const { report, backend } = chosen;
  const { graphOptions } = chosen;
  const network = await Network.create(checkpoint, { backend, graphOptions });
  const model = classFor(checkpoint).onNetwork(checkpoint, { network, chosen });
  const cases: { name: string; comparisons: Comparison[] }[] = [];
  for (const name of request.cases) {
    const { tensors, maskRatio, interpolate, skipLayers, decoderSkipLayers } = await fetchCase(
      `${request.url}/cases/${name}`,
    );
    const input = (key: string) => {
      const values = tensors.get(key);
      return (
        values &&
        new backend.ort.Tensor('float32', Float32Array.from(values.data as Float32Array), values.shape)
      );
    };
    const pixel_values = input('pixel_values');
    const noise = input('noise');
    const head_mask = input('head_mask');
    if (pixel_values === undefined || noise === undefined)
      throw new Error(`${name} lacks pixel_values or noise.`);
    model.config.mask_ratio = maskRatio;
    const output = await model.inspect({
      pixel_values,
      noise,
      ...(head_mask === undefined ? {} : { head_mask }),
      decoder_head_mask: input('decoder_head_mask') ?? null,
      skip_layers: { encoder: skipLayers, decoder: decoderSkipLayers },
      interpolate_pos_encoding: interpolate,
      output_attentions: numbered('attentions', tensors),
      output_hidden_states: numbered('hidden_states', tensors),
      output_decoder_attentions: numbered('decoder_attentions', tensors),
      output_decoder_hidden_states: numbered('decoder_hidden_states', tensors),
      encoder_lens: numbered('encoder_lens', tensors),
      decoder_lens: numbered('decoder_lens', tensors),
    });
    const flat = flatten(output, tensors);
    cases.push({
      name,
      comparisons: [...tensors]
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

/** A checkpoint of TensorFlow gives TensorFlow's numbers. */
function classFor({ framework }: Checkpoint): typeof ViTMAEForPreTraining {
  return framework === 'tf' ? TFViTMAEForPreTraining : ViTMAEForPreTraining;
}

let opened: ChosenBackend | null = null;
/** The form of attention that the opened device computes rightly, by the sizes with which it was tried. */
const tried = new Map<string, AttentionKind>();

/**
 * The page's one backend: the models of all directories share its device, and with it the shaders that are already
 * compiled. Attention is tried anew for every config whose sizes are others.
 */
async function backendFor(device: 'wasm' | 'webgpu', config: ViTMAEConfig): Promise<ChosenBackend> {
  const { image_size, patch_size, mask_ratio, hidden_size, decoder_hidden_size } = config;
  const heads = [config.num_attention_heads, config.decoder_num_attention_heads];
  const sizes = [image_size, patch_size, mask_ratio, hidden_size, decoder_hidden_size, ...heads].join();
  if (opened === null || opened.report.kind !== device) {
    opened = await chooseBackend({ device, config, dtype: IN_FP32 }, loadBrowserRuntime);
    tried.clear();
    tried.set(sizes, opened.graphOptions.attention);
    return opened;
  }
  if (device === 'wasm') return opened;
  let attention = tried.get(sizes) ?? null;
  if (attention === null) {
    const found = await tryAttention(opened.backend, config);
    if (found.attention === null)
      throw new Error(`Attention is wrong on this device: ${JSON.stringify(found.errors)}.`);
    attention = found.attention;
    tried.set(sizes, attention);
  }
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

/** Which of a list's tensors a case expects, from `hidden_states.0` and the like. */
function numbered(list: string, tensors: ReadonlyMap<string, unknown>): readonly number[] {
  const numbers = [...tensors.keys()].flatMap((key) => {
    const [name, number] = key.split('.');
    return name === list && number !== undefined ? [Number(number)] : [];
  });
  return numbers.sort((a, b) => a - b);
}

/** The outputs under the names that a case uses: `hidden_states.0`. */
function flatten(output: object, tensors: ReadonlyMap<string, unknown>): Map<string, Values> {
  const flat = new Map<string, Values>();
  const add = (name: string, { dims, data }: Tensor) =>
    flat.set(name, { shape: dims, data: data as Float32Array });
  for (const [name, value] of Object.entries(output) as [string, Tensor | readonly Tensor[] | null][]) {
    if (Array.isArray(value)) {
      const numbers = numbered(name, tensors);
      for (const [i, tensor] of (value as readonly Tensor[]).entries()) add(`${name}.${numbers[i]}`, tensor);
    } else if (value !== null) add(name, value as Tensor);
  }
  return flat;
}
