/** A model as the files of a portable ONNX model: what `npm run export` and the page's "Save as ONNX" both write. */
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Graph } from '../graph/builder.ts';
import { WEIGHT_BYTES, type WeightType } from '../graph/placement.ts';
import type { PreprocessorConfig } from '../image/processor.ts';
import type { ViTMAEConfig } from '../mae/config.ts';
import { encodePlain, reusedMemory } from '../runtime/session/weight-encoding.ts';
import { buildPortable } from './portable-graphs.ts';
import { portableReadme } from './portable-readme.ts';

/** What the files say of a model beside its weights. */
export interface PortableModel {
  readonly name: string;
  readonly config: ViTMAEConfig;
  readonly preprocessor: PreprocessorConfig;
}

export interface PortableFile {
  readonly name: string;
  /** Size, in bytes. */
  readonly bytes: number;
  /**
   * The content from front to back, one tensor at a time, so that no file is ever whole in memory. Rejects as
   * `Checkpoint.readFloat32` does.
   */
  pieces(): AsyncIterable<Uint8Array<ArrayBuffer>>;
}

type Weights = Pick<Checkpoint, 'readFloat32'>;

/**
 * The files in the order in which they are written: descriptions, `model.onnx`, and its external data, which ONNX
 * finds by name beside it.
 * @param weights of that model; null where only names and sizes are wanted
 */
export function portableFiles(
  model: PortableModel,
  weightType: WeightType,
  weights: Weights | null,
): readonly PortableFile[] {
  const graph = buildPortable(model.config, weightType);
  return [
    inMemory('README.md', encode(portableReadme(model, weightType, [...graph.files.keys()]))),
    inMemory('config.json', encodeJson(configJson(model.config))),
    inMemory('preprocessor_config.json', encodeJson(preprocessorJson(model))),
    inMemory('model.onnx', graph.model),
    ...Array.from(graph.files, ([name, bytes]) => ({
      name,
      bytes,
      pieces: () => dataPieces(graph, name, weightType, weights),
    })),
  ];
}

async function* dataPieces(
  graph: Graph,
  name: string,
  weightType: WeightType,
  weights: Weights | null,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (weights === null) throw new Error('There are no weights to write.');
  const room = reusedMemory();
  let at = 0;
  for (const { tensor, elements, offset } of graph.weights.filter(({ file }) => file === name)) {
    if (offset > at) yield new Uint8Array(offset - at);
    const bytes = new Uint8Array(elements * WEIGHT_BYTES[weightType]);
    const { buffer } = weightType === 'float32' ? bytes : room(elements * WEIGHT_BYTES.float32);
    const values = new Float32Array(buffer, 0, elements);
    await weights.readFloat32(tensor, values);
    if (weightType === 'float16') encodePlain(weightType, values, bytes);
    yield bytes;
    at = offset + bytes.byteLength;
  }
  const end = graph.files.get(name) ?? at;
  if (end > at) yield new Uint8Array(end - at);
}

/** With the keys by which transformers knows the class. */
function configJson(config: ViTMAEConfig) {
  return { architectures: ['ViTMAEForPreTraining'], model_type: 'vit_mae', ...config };
}

/** As ViTImageProcessor reads it; the image's size is what the graph takes. */
function preprocessorJson({ config: { image_size }, preprocessor }: PortableModel) {
  const { do_rescale, rescale_factor, do_normalize, image_mean, image_std } = preprocessor;
  return {
    image_processor_type: 'ViTImageProcessor',
    do_resize: true,
    size: { height: image_size, width: image_size },
    resample: 2,
    do_rescale,
    rescale_factor,
    do_normalize,
    image_mean,
    image_std,
  };
}

function inMemory(name: string, content: Uint8Array<ArrayBuffer>): PortableFile {
  return {
    name,
    bytes: content.byteLength,
    async *pieces() {
      yield content;
    },
  };
}

function encodeJson(value: unknown): Uint8Array<ArrayBuffer> {
  return encode(`${JSON.stringify(value, null, 2)}\n`);
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
