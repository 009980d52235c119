/** How one and the same model is written for a device. */

/** Attention as com.microsoft.MultiHeadAttention, or as MatMul and Softmax, which expose the probabilities. */
export type AttentionKind = 'fused' | 'composed';

/**
 * What a graph computes in: `float32`; `float16`, weights and arithmetic, for graphics devices; or `int8`, where
 * linear layers multiply 8-bit integers and everything between them is float32.
 */
export type Dtype = 'fp32' | 'fp16' | 'q8';

export interface GraphOptions {
  readonly attention: AttentionKind;
  readonly dtype: Dtype;
  /**
   * How linear layers keep their weights: as PyTorch stores them, [out, in], or transposed, [in, out], which the
   * fast paths of graphics devices ask for. `int8` is always [in, out].
   */
  readonly layout: 'out-in' | 'in-out';
  /** Whether query, key and value are one product, split afterwards. */
  readonly packedProjections: boolean;
  /**
   * Whether operators of ONNX itself must do. The runtime's own are faster in places: an addition and the layer norm
   * after it are one of them (com.microsoft.SkipLayerNormalization).
   */
  readonly standardOperators: boolean;
}

/** Only operators of ONNX itself, one for each step that the paper names. */
export const PORTABLE_OPTIONS: GraphOptions = {
  attention: 'composed',
  dtype: 'fp32',
  layout: 'out-in',
  packedProjections: false,
  standardOperators: true,
};
