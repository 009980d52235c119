/** One half of the network on its device: its session, and the inputs by which heads and layers are switched off. */
import type * as Ort from 'onnxruntime-web';
import { LensError } from '../base/errors.ts';
import type { ReadTensor } from '../checkpoint/checkpoint.ts';
import { buildAttentionProbe } from '../graph/attention.ts';
import type { Graph } from '../graph/builder.ts';
import type { GraphOptions } from '../graph/graph-options.ts';
import type { WeightType } from '../graph/placement.ts';
import { type Half, type LayerStack, stackOf } from '../graph/stacks.ts';
import { floatTypes } from '../graph/transformer.ts';
import type { ViTMAEConfig } from '../mae/config.ts';
import type { Grid } from '../mae/geometry.ts';
import { geometryOf, patchCount } from '../mae/geometry.ts';
import type { Masking } from '../mae/masking.ts';
import type { PositionInterpolation } from '../mae/position.ts';
import { type Backend, type Feeds, type Outputs, Session } from '../runtime/session/session.ts';
import { type ComputeValues, readable, toComputeValues } from '../runtime/session/tensors.ts';
import { checkLayer, type Switches, SwitchInputs } from './switches.ts';

/** What of a masking the network takes. */
export type Mask = Pick<Masking, 'idsKeep' | 'idsRestore'>;

/** What both halves are made from. */
export interface Parts {
  readonly config: ViTMAEConfig;
  readonly backend: Backend;
  readonly graphOptions: GraphOptions;
  readonly readTensor: ReadTensor;
}

/** The patches' grid where it is not the model's own: position embeddings are interpolated. */
export interface Placement {
  readonly grid?: Grid | undefined;
  /** `reference` where absent. */
  readonly interpolation?: PositionInterpolation | undefined;
}

export interface HalfOutputs {
  /** The half's own output. */
  readonly output: Ort.Tensor;
  /** [B, T, width] float32 each, by their number: 0 before the first layer, i after layer i. */
  readonly hiddenStates: ReadonlyMap<number, Ort.Tensor>;
}

export abstract class HalfNetwork {
  readonly half: Half;
  readonly stack: LayerStack;
  protected readonly parts: Parts;
  readonly #session: Session;
  readonly #switches: SwitchInputs;

  protected constructor(half: Half, parts: Parts, session: Session, graph: Graph) {
    this.half = half;
    this.parts = parts;
    this.stack = stackOf(half, parts.config);
    this.#session = session;
    const { backend, readTensor } = parts;
    this.#switches = new SwitchInputs(graph.switches, this.stack, this.computeType, backend, readTensor);
  }

  /** The attention probabilities of a layer, [B, heads, T, T], for the hidden state before it; see `attentions`. */
  async attention(layer: number, hiddenState: Ort.Tensor, headMask?: Float32Array): Promise<Ort.Tensor> {
    const { config, backend, graphOptions, readTensor } = this.parts;
    checkLayer(layer, this.stack);
    const probe = await Session.create(
      backend,
      buildAttentionProbe(config, graphOptions, this.half, layer),
      readTensor,
    );
    try {
      const outputs = await probe.run({ hidden_state: hiddenState }, ['attentions']);
      const attentions = outputOf(outputs, 'attentions');
      if (headMask !== undefined) this.#multiplyHeads(attentions, layer, headMask);
      return attentions;
    } finally {
      await probe.release();
    }
  }

  get backend(): Backend {
    return this.parts.backend;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
    this.#switches.dispose();
  }

  protected get computeType(): WeightType {
    return floatTypes(this.parts.graphOptions.dtype).computeType;
  }

  protected computeValues(values: Float32Array<ArrayBuffer>): ComputeValues {
    return toComputeValues(values, this.computeType);
  }

  /** The checkpoint's position embeddings, [1 + L, width], for the model's own grid. */
  protected readPositions(): Float32Array<ArrayBuffer> {
    const tokens = 1 + patchCount(geometryOf(this.parts.config).grid);
    const table = new Float32Array(tokens * this.stack.width);
    this.parts.readTensor(this.stack.positions, table);
    return table;
  }

  /** @param hiddenStates which of them are wanted */
  protected async run(
    feeds: Feeds,
    output: string,
    [batch, tokens]: readonly [number, number],
    switches: Switches,
    hiddenStates: readonly number[],
  ): Promise<HalfOutputs> {
    const name = (state: number) => `hidden_states.${state}`;
    const fetches = [output, ...hiddenStates.map(name)];
    const outputs = await this.#session.run({ ...feeds, ...this.#switches.feeds(switches) }, fetches);
    const dims = [batch, tokens, this.stack.width];
    const read = new Map<number, Ort.Tensor>();
    for (const state of hiddenStates)
      read.set(state, await readable(this.parts.backend, outputOf(outputs, name(state)), dims));
    return { output: outputOf(outputs, output), hiddenStates: read };
  }

  #multiplyHeads(attentions: Ort.Tensor, layer: number, headMask: Float32Array): void {
    const { heads } = this.stack;
    const [batch = 0, , tokens = 0] = attentions.dims;
    const values = attentions.data as Float32Array;
    for (let map = 0; map < batch * heads; map++) {
      const factor = headMask[layer * heads + (map % heads)] ?? 1;
      if (factor === 1) continue;
      for (let i = map * tokens ** 2; i < (map + 1) * tokens ** 2; i++)
        values[i] = factor * (values[i] as number);
    }
  }
}

export function outputOf(outputs: Outputs, name: string): Ort.Tensor {
  const found = outputs[name];
  if (found === undefined) throw new LensError('engine-failed/no-output', { name });
  return found;
}
