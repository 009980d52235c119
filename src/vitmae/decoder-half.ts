import type * as Ort from 'onnxruntime-web';
import { buildDecoder, buildPrediction } from '../graph/decoder.ts';
import { type Grid, geometryOf, patchCount, patchLength, sameGrid } from '../mae/geometry.ts';
import { decoderPositions, type PositionInterpolation } from '../mae/position.ts';
import { Session } from '../runtime/session/session.ts';
import { residentTensor } from '../runtime/session/tensors.ts';
import { HalfNetwork, type HalfOutputs, type Mask, outputOf, type Parts, type Placement } from './half.ts';
import type { Switches } from './switches.ts';

/** The decoder: logits from `last_hidden_state`. */
export class DecoderHalf extends HalfNetwork {
  #positions: {
    readonly grid: Grid;
    readonly interpolation: PositionInterpolation;
    /** [1, 1 + L, E] */
    readonly tensor: Ort.Tensor;
  } | null = null;

  static async create(parts: Parts): Promise<DecoderHalf> {
    const graph = buildDecoder(parts.config, parts.graphOptions);
    return new DecoderHalf(
      'decoder',
      parts,
      await Session.create(parts.backend, graph, parts.readTensor),
      graph,
    );
  }

  /** See `Network.decode`. */
  async decode(
    latent: Ort.Tensor,
    masks: readonly Mask[],
    request: Switches & Placement,
    hiddenStates: readonly number[],
  ): Promise<HalfOutputs> {
    const { grid = geometryOf(this.parts.config).grid, interpolation = 'reference' } = request;
    const length = patchCount(grid);
    const feeds = {
      last_hidden_state: latent,
      token_index: this.#tokenIndex(masks, length),
      position_embeddings: this.#positionsFor(grid, interpolation),
    };
    const { output, ...rest } = await this.run(
      feeds,
      'logits',
      [masks.length, 1 + length],
      request,
      hiddenStates,
    );
    return { output: this.#asPatches(output, masks.length), ...rest };
  }

  /** What the decoder's end makes of each of its hidden states [B, 1 + L, E]: logits [B, L, p·p·C]. */
  async predict(
    hiddenStates: Iterable<readonly [number, Ort.Tensor]>,
    tell: (state: number, logits: Ort.Tensor) => void,
  ): Promise<void> {
    const { config, backend, graphOptions, readTensor } = this.parts;
    const session = await Session.create(backend, buildPrediction(config, graphOptions), readTensor);
    try {
      for (const [state, hidden] of hiddenStates) {
        const outputs = await session.run({ hidden_state: hidden }, ['logits']);
        tell(state, this.#asPatches(outputOf(outputs, 'logits'), hidden.dims[0] ?? 1));
      }
    } finally {
      await session.release();
    }
  }

  override async dispose(): Promise<void> {
    await super.dispose();
    this.#positions?.tensor.dispose();
    this.#positions = null;
  }

  /** [B·L, N] as [B, L, N]. */
  #asPatches(logits: Ort.Tensor, batch: number): Ort.Tensor {
    const values = patchLength(geometryOf(this.parts.config));
    return logits.reshape([batch, (logits.dims[0] ?? 0) / batch, values]);
  }

  #positionsFor(grid: Grid, interpolation: PositionInterpolation): Ort.Tensor {
    const known = this.#positions;
    if (known !== null && sameGrid(known.grid, grid) && known.interpolation === interpolation)
      return known.tensor;
    const native = geometryOf(this.parts.config).grid;
    const table = decoderPositions(this.readPositions(), native, grid, interpolation);
    const dims = [1, 1 + patchCount(grid), this.stack.width];
    const tensor = residentTensor(this.parts.backend, this.computeValues(table), dims);
    known?.tensor.dispose();
    this.#positions = { grid, interpolation, tensor };
    return tensor;
  }

  /** Per image: the CLS row, then for each patch its row among the latents, or the mask token's after them. */
  #tokenIndex(masks: readonly Mask[], length: number): Ort.Tensor {
    const kept = masks[0]?.idsKeep.length ?? 0;
    const tokens = 1 + kept;
    const maskToken = masks.length * tokens;
    const index = new Int32Array(masks.length * (1 + length));
    masks.forEach(({ idsRestore }, b) => {
      index[b * (1 + length)] = b * tokens;
      idsRestore.forEach((place, l) => {
        index[b * (1 + length) + 1 + l] = place < kept ? b * tokens + 1 + place : maskToken;
      });
    });
    return new this.parts.backend.ort.Tensor('int32', index, [masks.length, 1 + length]);
  }
}
