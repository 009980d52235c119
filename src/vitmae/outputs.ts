/** What the models return: names, order and shapes of transformers' output classes. */
import type { Tensor } from '@xenova/transformers';

interface SharedOutput {
  /** [B, L] float32: 1 = masked. */
  readonly mask: Tensor;
  /** [B, L] int64: where each patch stands in the order of its noise. */
  readonly ids_restore: Tensor;
  /**
   * layers + 1 tensors [B, 1 + kept, D]: the embeddings, then the output of each encoder layer, the last one before
   * the last layer norm. CLS first, then the kept patches in the order of their noise. When asked for.
   */
  readonly hidden_states?: readonly Tensor[];
  /** One tensor [B, heads, 1 + kept, 1 + kept] for each encoder layer, after softmax and head mask. When asked for. */
  readonly attentions?: readonly Tensor[];
}

export interface ViTMAEModelOutput extends SharedOutput {
  /** [B, 1 + kept, D] float32: the encoder's output, CLS first, then the kept patches in the order of their noise. */
  readonly last_hidden_state: Tensor;
}

export interface ViTMAEForPreTrainingOutput extends SharedOutput {
  /**
   * [] float32 ([1] of the TensorFlow class): mean squared error of the masked patches. null where none is masked, for
   * which the reference computes 0/0.
   */
  readonly loss: Tensor | null;
  /** [B, L, p·p·C] float32: the predicted pixels of every patch. */
  readonly logits: Tensor;
}

type OnRequest = readonly (readonly Tensor[])[];

/** `return_dict: false`: last_hidden_state, mask, ids_restore, then hidden_states and attentions where asked for. */
export type ViTMAEModelTuple = readonly [Tensor, Tensor, Tensor, ...OnRequest];

/** `return_dict: false`: loss, logits, mask, ids_restore, then hidden_states and attentions where asked for. */
export type ViTMAEForPreTrainingTuple = readonly [Tensor | null, Tensor, Tensor, Tensor, ...OnRequest];

/** The part of a tuple that both models have. */
export function tupleOf({ mask, ids_restore, hidden_states, attentions }: SharedOutput) {
  return [
    mask,
    ids_restore,
    ...(hidden_states === undefined ? [] : [hidden_states]),
    ...(attentions === undefined ? [] : [attentions]),
  ] as const;
}
