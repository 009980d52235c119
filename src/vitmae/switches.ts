/** What can be switched off in a half of the network, and the inputs that do it. */
import type * as Ort from 'onnxruntime-web';
import { LensError } from '../base/errors.ts';
import type { ReadTensor } from '../checkpoint/checkpoint.ts';
import { type Switches as GraphSwitches, SWITCHES } from '../graph/builder.ts';
import type { WeightType } from '../graph/placement.ts';
import type { LayerStack } from '../graph/stacks.ts';
import { headMaskName, switchedVectors } from '../graph/transformer.ts';
import type { Backend, Feeds } from '../runtime/session/session.ts';
import { inputTensor, residentTensor, toComputeValues } from '../runtime/session/tensors.ts';

export interface Switches {
  /** [layers, heads], 1 = keep: multiplies each head's attention probabilities. */
  readonly headMask?: Float32Array | undefined;
  /** Layers that leave their tokens as they are, counted from 0. */
  readonly skipLayers?: readonly number[] | undefined;
}

/** The vectors that a graph takes from outside; while nothing is switched off they are the same tensors in every run. */
export class SwitchInputs {
  readonly #graph: GraphSwitches;
  readonly #stack: LayerStack;
  readonly #type: WeightType;
  readonly #backend: Backend;
  /** All vectors, one after another, with everything switched on. */
  readonly #allOn: Float32Array<ArrayBuffer>;
  readonly #resident: Feeds;

  constructor(
    graph: GraphSwitches,
    stack: LayerStack,
    type: WeightType,
    backend: Backend,
    readTensor: ReadTensor,
  ) {
    this.#graph = graph;
    this.#stack = stack;
    this.#type = type;
    this.#backend = backend;
    this.#allOn = new Float32Array(graph.vectors.reduce((sum, { elements }) => sum + elements, 0));
    const kinds = new Map(graph.vectors.map(({ name, normally }) => [name, normally]));
    for (const [name, values] of this.#partsOf(this.#allOn)) {
      if (kinds.get(name) === 'ones') values.fill(1);
      else readTensor(name, values);
    }
    this.#resident = this.#tensors(this.#allOn, residentTensor);
  }

  /** @throws LensError `mask-invalid` for a head mask of another size or a layer that does not exist */
  feeds({ headMask, skipLayers = [] }: Switches): Feeds {
    if (headMask === undefined && skipLayers.length === 0) return this.#resident;
    const { prefix, layers, heads, width } = this.#stack;
    const values = this.#allOn.slice();
    const parts = new Map(this.#partsOf(values));
    if (headMask !== undefined) {
      if (headMask.length !== layers * heads)
        throw new LensError('mask-invalid/head-mask', { layers, heads });
      for (let i = 0; i < layers; i++) {
        const factors = parts.get(headMaskName(`${prefix}.${i}`));
        for (let k = 0; k < width; k++)
          factors?.fill(headMask[i * heads + Math.floor((k * heads) / width)] ?? 1, k, k + 1);
      }
    }
    for (const layer of skipLayers) {
      checkLayer(layer, this.#stack);
      const ofLayer = `${prefix}.${layer}`;
      for (const name of [headMaskName(ofLayer), ...switchedVectors(ofLayer)]) parts.get(name)?.fill(0);
    }
    return this.#tensors(values, inputTensor);
  }

  dispose(): void {
    for (const tensor of Object.values(this.#resident)) tensor.dispose();
  }

  /** The vectors' places in the memory of all of them. */
  #partsOf(values: Float32Array<ArrayBuffer>): (readonly [string, Float32Array<ArrayBuffer>])[] {
    let start = 0;
    return this.#graph.vectors.map(({ name, elements }) => {
      const part = values.subarray(start, start + elements);
      start += elements;
      return [name, part] as const;
    });
  }

  #tensors(
    values: Float32Array<ArrayBuffer>,
    make: (...of: Parameters<typeof inputTensor>) => Ort.Tensor,
  ): Feeds {
    const parts = this.#graph.packed ? [[SWITCHES, values] as const] : this.#partsOf(values);
    return Object.fromEntries(
      parts.map(([name, part]) => [
        name,
        make(this.#backend, toComputeValues(part, this.#type), [part.length]),
      ]),
    );
  }
}

export function checkLayer(layer: number, { layers }: LayerStack): void {
  if (!(Number.isInteger(layer) && layer >= 0 && layer < layers))
    throw new LensError('mask-invalid/layer', { layer, layers });
}
