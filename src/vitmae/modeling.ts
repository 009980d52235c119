/**
 * ViTMAEModel and ViTMAEForPreTraining, called as in transformers and transformers.js: load with
 * `from_pretrained`, then call with `{ pixel_values, noise, … }`. Names and shapes are the reference's.
 */
import '../base/english-of-models.ts';
import { Tensor } from '@xenova/transformers';
import { lossAgainst, normalizeBy, patchScale, type Variance } from '../mae/loss.ts';
import type { TensorLike, ViTMAEInputs } from './inputs.ts';
import {
  INSPECT_NAMES,
  type InspectInputs,
  type InspectOutput,
  inspected,
  inspectionRequest,
} from './inspect-inputs.ts';
import {
  tupleOf,
  type ViTMAEForPreTrainingOutput,
  type ViTMAEForPreTrainingTuple,
  type ViTMAEModelOutput,
  type ViTMAEModelTuple,
} from './outputs.ts';
import { type Prepared, ViTMAEPreTrainedModel } from './pretrained-model.ts';
import { toTensor } from './to-tensor.ts';

/** `await model(inputs)`; a LensError `argument-invalid`, `mask-invalid` or `seed-invalid` says what was expected. */
export interface ViTMAEModel {
  (inputs: ViTMAEInputs & { readonly return_dict: false }): Promise<ViTMAEModelTuple>;
  (inputs: ViTMAEInputs): Promise<ViTMAEModelOutput>;
}

/** The encoder: what is left after pre-training. Takes checkpoints that hold the encoder alone, too. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface says how instances are called
export class ViTMAEModel extends ViTMAEPreTrainedModel {
  protected override get kind(): string {
    return 'ViTMAEModel';
  }

  protected override get hasDecoder(): boolean {
    return false;
  }

  /** What `await model(inputs)` does. */
  async _call(inputs: ViTMAEInputs): Promise<ViTMAEModelOutput | ViTMAEModelTuple> {
    const prepared = this.prepare(inputs);
    const network = await this.network();
    const encoded = await network.encode(prepared.patches, prepared.masks, prepared);
    const last_hidden_state = toTensor(await network.download(encoded.last_hidden_state));
    const shared = this.shared(prepared, encoded);
    if (inputs.return_dict ?? this.config.return_dict) return { last_hidden_state, ...shared };
    return [last_hidden_state, ...tupleOf(shared)];
  }
}

/** `await model(inputs)`; a LensError `argument-invalid`, `mask-invalid` or `seed-invalid` says what was expected. */
export interface ViTMAEForPreTraining {
  (inputs: ViTMAEInputs & { readonly return_dict: false }): Promise<ViTMAEForPreTrainingTuple>;
  (inputs: ViTMAEInputs): Promise<ViTMAEForPreTrainingOutput>;
}

/** Encoder and decoder: paints every patch from the visible ones. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface says how instances are called
export class ViTMAEForPreTraining extends ViTMAEPreTrainedModel {
  protected override get kind(): string {
    return 'ViTMAEForPreTraining';
  }

  /** What `await model(inputs)` does. */
  async _call(inputs: ViTMAEInputs): Promise<ViTMAEForPreTrainingOutput | ViTMAEForPreTrainingTuple> {
    const prepared = this.prepare(inputs);
    const network = await this.network();
    const encoded = await network.encode(prepared.patches, prepared.masks, prepared);
    const { last_hidden_state: latent } = encoded;
    try {
      const { grid, interpolation } = prepared;
      const logits = toTensor(await network.decode(latent, prepared.masks, { grid, interpolation }));
      const loss = this.lossOf(logits.data as Float32Array, prepared);
      const shared = this.shared(prepared, encoded);
      if (inputs.return_dict ?? this.config.return_dict) return { loss, logits, ...shared };
      return [loss, logits, ...tupleOf(shared)];
    } finally {
      latent.dispose();
    }
  }

  /**
   * A forward pass with what happens inside of it, in both halves; an extension that transformers does not have. Always
   * an object, and with `last_hidden_state` in it.
   */
  async inspect(inputs: InspectInputs): Promise<InspectOutput> {
    const { output_attentions: _, output_hidden_states: __, ...others } = inputs;
    const prepared = this.prepare(others, INSPECT_NAMES);
    const request = inspectionRequest(inputs, prepared, this.config.toModelConfig());
    const network = await this.network();
    const found = await network.inspect(prepared.patches, prepared.masks, request);
    const logits = toTensor(found.logits);
    const loss = this.lossOf(logits.data as Float32Array, prepared);
    return { loss, logits, ...this.shared(prepared, {}), ...inspected(found) };
  }

  /**
   * The loss of predictions: mean squared error of the masked patches, each normalised first with `norm_pix_loss`.
   * @param pixelValues [B, C, H, W] float32
   * @param pred [B, L, p·p·C] float32, such as `logits`
   * @param mask [B, L] float32, 1 = masked
   * @returns [] float32; null where no patch is masked
   */
  forward_loss(
    pixelValues: TensorLike,
    pred: TensorLike,
    mask: TensorLike,
    interpolate = false,
  ): Tensor | null {
    const patches = this.patchify(pixelValues, interpolate);
    return this.#lossTensor(
      pred.data as Float32Array,
      patches.data as Float32Array,
      mask.data as Float32Array,
    );
  }

  protected lossOf(logits: Float32Array, { patches, masks }: Prepared): Tensor | null {
    return this.#lossTensor(logits, patches, Uint8Array.from(masks.flatMap(({ mask }) => [...mask])));
  }

  /** Which variance `norm_pix_loss` divides by. */
  protected get variance(): Variance {
    return 'unbiased';
  }

  /** [], or [1]. */
  protected get lossDims(): number[] {
    return [];
  }

  #lossTensor(logits: Float32Array, patches: Float32Array, mask: ArrayLike<number>): Tensor | null {
    const width = patches.length / mask.length;
    const target = this.config.norm_pix_loss
      ? normalizeBy(patches, patchScale(patches, width, this.variance))
      : patches;
    const { loss } = lossAgainst(logits, target, mask);
    return loss === null ? null : new Tensor('float32', Float32Array.of(loss), this.lossDims);
  }
}
