/** What `inspect` takes and gives beside the documented call: our extension. */
import type { Tensor } from '@xenova/transformers';
import { LensError } from '../base/errors.ts';
import { brief } from '../checkpoint/bytes/words.ts';
import type { ViTMAEConfig as ModelConfig } from '../mae/config.ts';
import { refuseUnknown } from './arguments.ts';
import type { Placement } from './half.ts';
import { headMaskOf, type TensorLike, type ViTMAEInputs } from './inputs.ts';
import {
  INSPECTED,
  type InspectedName,
  type Inspection,
  type InspectionRequest,
  type Which,
} from './inspection.ts';
import type { ViTMAEForPreTrainingOutput, ViTMAEModelOutput } from './outputs.ts';
import { toTensor } from './to-tensor.ts';

/** All of them, none, or those with these numbers, counted from 0. */
export type Chosen = boolean | readonly number[];

export interface InspectInputs
  extends Omit<ViTMAEInputs, 'output_attentions' | 'output_hidden_states' | 'return_dict'> {
  /** Hidden states of the encoder: 0 before its first layer, i after layer i. */
  readonly output_hidden_states?: Chosen | null;
  /** Attentions of the encoder's layers. */
  readonly output_attentions?: Chosen | null;
  /** The same of the decoder. */
  readonly output_decoder_hidden_states?: Chosen;
  readonly output_decoder_attentions?: Chosen;
  /** [heads] or [layers, heads] float32 of the decoder, from 0 to 1. */
  readonly decoder_head_mask?: TensorLike | null;
  /** Layers that leave their tokens as they are. */
  readonly skip_layers?: { readonly encoder?: readonly number[]; readonly decoder?: readonly number[] };
  /** Logits that the decoder gives if the encoder ends with these hidden states (the last layer norm follows). */
  readonly encoder_lens?: Chosen;
  /** Logits that the decoder's end gives for these of its hidden states. */
  readonly decoder_lens?: Chosen;
  /** Ends it: the call rejects with `cancelled`. */
  readonly signal?: AbortSignal;
}

/** Lists have the tensors that were asked for, in the order of their numbers; absent where none was. */
export interface InspectOutput extends ViTMAEForPreTrainingOutput, ViTMAEModelOutput {
  /** [B, 1 + L, E] each */
  readonly decoder_hidden_states?: readonly Tensor[];
  /** [B, heads, 1 + L, 1 + L] each */
  readonly decoder_attentions?: readonly Tensor[];
  /** [B, L, p·p·C] each */
  readonly encoder_lens?: readonly Tensor[];
  /** [B, L, p·p·C] each */
  readonly decoder_lens?: readonly Tensor[];
}

export const INSPECT_NAMES = [
  'output_decoder_hidden_states',
  'output_decoder_attentions',
  'decoder_head_mask',
  'skip_layers',
  'encoder_lens',
  'decoder_lens',
  'signal',
];

/**
 * @param prepared the documented inputs, checked
 * @throws LensError `argument-invalid`, `mask-invalid`
 */
export function inspectionRequest(
  inputs: InspectInputs,
  prepared: Placement & { readonly headMask: Float32Array | undefined },
  config: ModelConfig,
): InspectionRequest {
  const { decoder_head_mask: mask = null, skip_layers = {}, signal } = inputs;
  refuseUnknown('skip_layers', skip_layers, ['encoder', 'decoder']);
  const { decoder_num_hidden_layers: layers, decoder_num_attention_heads: heads } = config;
  return {
    grid: prepared.grid,
    interpolation: prepared.interpolation,
    encoder: {
      headMask: prepared.headMask,
      skipLayers: skip_layers.encoder,
      hiddenStates: which('output_hidden_states', inputs.output_hidden_states),
      attentions: which('output_attentions', inputs.output_attentions),
    },
    decoder: {
      headMask: mask === null ? undefined : headMaskOf('decoder_head_mask', mask, layers, heads),
      skipLayers: skip_layers.decoder,
      hiddenStates: which('output_decoder_hidden_states', inputs.output_decoder_hidden_states),
      attentions: which('output_decoder_attentions', inputs.output_decoder_attentions),
    },
    encoderLens: which('encoder_lens', inputs.encoder_lens),
    decoderLens: which('decoder_lens', inputs.decoder_lens),
    signal,
  };
}

/** The tensors that were found, as transformers.js has them. */
export function inspected(
  found: Inspection,
): Pick<InspectOutput, 'last_hidden_state'> & Partial<Record<InspectedName, readonly Tensor[]>> {
  const lists = INSPECTED.filter((name) => found[name].size > 0).map((name) => {
    const byNumber = [...found[name]].sort(([a], [b]) => a - b);
    return [name, byNumber.map(([, tensor]) => toTensor(tensor))] as const;
  });
  return { last_hidden_state: toTensor(found.last_hidden_state), ...Object.fromEntries(lists) };
}

function which(name: string, chosen: unknown): Which | undefined {
  if (chosen === true) return 'all';
  if (chosen === undefined || chosen === null || chosen === false) return undefined;
  if (Array.isArray(chosen)) return chosen;
  throw new LensError('argument-invalid/type', {
    name,
    value: brief(chosen),
    wanted: 'true, false or a list of numbers',
  });
}
