import type * as Ort from 'onnxruntime-web';
import { buildEncoder } from '../graph/encoder.ts';
import { type Grid, geometryOf, patchCount, patchLength, sameGrid } from '../mae/geometry.ts';
import { layerNorm } from '../mae/layer-norm.ts';
import { encoderPositions } from '../mae/position.ts';
import { type Feeds, Session } from '../runtime/session/session.ts';
import { type ComputeValues, inputTensor } from '../runtime/session/tensors.ts';
import { HalfNetwork, type HalfOutputs, type Mask, type Parts, type Placement } from './half.ts';
import type { Switches } from './switches.ts';

/** The encoder: `last_hidden_state` from the kept patches. */
export class EncoderHalf extends HalfNetwork {
  #positions: { readonly grid: Grid; readonly table: ComputeValues } | null = null;

  static async create(parts: Parts): Promise<EncoderHalf> {
    const graph = buildEncoder(parts.config, parts.graphOptions);
    // The latent goes from encoder to decoder without leaving the GPU.
    const session = await Session.create(parts.backend, graph, parts.readTensor, ['last_hidden_state']);
    return new EncoderHalf('encoder', parts, session, graph);
  }

  /** See `Network.encode`. */
  encode(
    patches: Float32Array,
    masks: readonly Mask[],
    request: Switches & Placement,
    hiddenStates: readonly number[],
  ): Promise<HalfOutputs> {
    const feeds = this.#feeds(patches, masks, request);
    const kept = masks[0]?.idsKeep.length ?? 0;
    return this.run(feeds, 'last_hidden_state', [masks.length, 1 + kept], request, hiddenStates);
  }

  /** What the decoder would be given if the encoder ended with this hidden state: the last layer norm of it. */
  lastNorm(hiddenState: Ort.Tensor): Ort.Tensor {
    const { config, readTensor, backend } = this.parts;
    const { width, lastNorm } = this.stack;
    const [weight, bias] = ['weight', 'bias'].map((name) => {
      const values = new Float32Array(width);
      readTensor(`${lastNorm}.${name}`, values);
      return values;
    }) as [Float32Array, Float32Array];
    const normed = layerNorm(hiddenState.data as Float32Array, weight, bias, config.layer_norm_eps);
    return new backend.ort.Tensor('float32', normed, hiddenState.dims);
  }

  #feeds(patches: Float32Array, masks: readonly Mask[], placement: Placement): Feeds {
    const { backend, config } = this.parts;
    const { Tensor } = backend.ort;
    const geometry = geometryOf(config);
    const { grid = geometry.grid } = placement;
    const length = patchCount(grid);
    const values = patchLength(geometry);
    const { width } = this.stack;
    const kept = masks[0]?.idsKeep.length ?? 0;
    // One row that no token refers to, where nothing is kept; see buildEncoder.
    const rows = Math.max(1, masks.length * kept);
    const valuesPerImage = patches.length === length * values ? 0 : length * values;
    const table = this.#tableFor(grid);
    const visible = new Float32Array(rows * values);
    const count = (1 + rows) * width;
    const positions = table instanceof Uint16Array ? new Uint16Array(count) : new Float32Array(count);
    positions.set(table.subarray(0, width));
    const tokenIndex = new Int32Array(masks.length * (1 + kept));
    masks.forEach(({ idsKeep }, b) => {
      idsKeep.forEach((id, k) => {
        const row = b * kept + k;
        const from = b * valuesPerImage + id * values;
        visible.set(patches.subarray(from, from + values), row * values);
        positions.set(table.subarray((1 + id) * width, (2 + id) * width), (1 + row) * width);
        tokenIndex[b * (1 + kept) + 1 + k] = 1 + row;
      });
    });
    return {
      patches: new Tensor('float32', visible, [rows, values]),
      position_embeddings: inputTensor(backend, positions, [1 + rows, width]),
      token_index: new Tensor('int32', tokenIndex, [masks.length, 1 + kept]),
    };
  }

  /** [1 + L, D] for a grid; kept for the next run, which mostly has the same. */
  #tableFor(grid: Grid): ComputeValues {
    if (this.#positions === null || !sameGrid(this.#positions.grid, grid)) {
      const native = geometryOf(this.parts.config).grid;
      const table = encoderPositions(this.readPositions(), native, grid);
      this.#positions = { grid, table: this.computeValues(table) };
    }
    return this.#positions.table;
  }
}
