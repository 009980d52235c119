/** A forward pass with what happens inside of it: no part of the reference's call, which `Network.encode` serves. */
import type * as Ort from 'onnxruntime-web';
import { throwIfCancelled } from '../base/cancel.ts';
import { LensError } from '../base/errors.ts';
import { readable } from '../runtime/session/tensors.ts';
import type { DecoderHalf } from './decoder-half.ts';
import type { EncoderHalf } from './encoder-half.ts';
import type { HalfNetwork, Mask, Placement } from './half.ts';
import type { Switches } from './switches.ts';

/** Layers or hidden states by their number. */
export type Which = 'all' | readonly number[];

export interface HalfRequest extends Switches {
  /** 0, before the first layer, to layers. */
  readonly hiddenStates?: Which | undefined;
  /** 0 to layers - 1. */
  readonly attentions?: Which | undefined;
}

export interface InspectionRequest extends Placement {
  readonly encoder?: HalfRequest | undefined;
  readonly decoder?: HalfRequest | undefined;
  /** Logits that the decoder gives if the encoder ends with these hidden states (the last layer norm follows). */
  readonly encoderLens?: Which | undefined;
  /** Logits that the decoder's end gives for these of its hidden states. */
  readonly decoderLens?: Which | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of each tensor as soon as it is there. */
  readonly tell?: ((name: InspectedName, index: number, tensor: Ort.Tensor) => void) | undefined;
}

/** As golden files call them; `logits` and `last_hidden_state` have no index and are not among them. */
export const INSPECTED = [
  'hidden_states',
  'attentions',
  'decoder_hidden_states',
  'decoder_attentions',
  'encoder_lens',
  'decoder_lens',
] as const;
export type InspectedName = (typeof INSPECTED)[number];

/** Tensors on the processor, float32; those with an index by it, and only what was asked for. */
export interface Inspection extends Readonly<Record<InspectedName, ReadonlyMap<number, Ort.Tensor>>> {
  /** [B, T, D] */
  readonly last_hidden_state: Ort.Tensor;
  /** [B, L, p·p·C] */
  readonly logits: Ort.Tensor;
}

/** See `Network.inspect`. */
export async function inspect(
  encoder: EncoderHalf,
  decoder: DecoderHalf,
  patches: Float32Array,
  masks: readonly Mask[],
  request: InspectionRequest,
): Promise<Inspection> {
  const found = Object.fromEntries(INSPECTED.map((name) => [name, new Map()])) as Record<
    InspectedName,
    Map<number, Ort.Tensor>
  >;
  const { grid, interpolation, signal } = request;
  const add = (name: InspectedName, index: number, tensor: Ort.Tensor) => {
    found[name].set(index, tensor);
    request.tell?.(name, index, tensor);
  };
  const check = () => throwIfCancelled(signal, 'cancelled/inspection');

  /** Attentions one layer after another, each from the hidden state before it. */
  const attend = async (
    half: HalfNetwork,
    name: 'attentions' | 'decoder_attentions',
    { attentions, headMask }: HalfRequest,
    states: ReadonlyMap<number, Ort.Tensor>,
  ) => {
    for (const layer of numbers(attentions, half.stack.layers)) {
      check();
      add(name, layer, await half.attention(layer, states.get(layer) as Ort.Tensor, headMask));
    }
  };

  check();
  const ofEncoder = { ...request.encoder, grid, interpolation };
  const lens = numbers(request.encoderLens, encoder.stack.layers + 1);
  const wanted = wantedStates(encoder, ofEncoder, lens);
  const encoded = await encoder.encode(patches, masks, ofEncoder, wanted);
  const states = encoded.hiddenStates;
  const ofDecoder = { ...request.decoder, grid, interpolation };
  const decoderLens = numbers(request.decoderLens, decoder.stack.layers + 1);
  try {
    for (const state of numbers(ofEncoder.hiddenStates, encoder.stack.layers + 1))
      add('hidden_states', state, states.get(state) as Ort.Tensor);
    check();
    const decoded = await decoder.decode(
      encoded.output,
      masks,
      ofDecoder,
      wantedStates(decoder, ofDecoder, decoderLens),
    );
    for (const state of numbers(ofDecoder.hiddenStates, decoder.stack.layers + 1))
      add('decoder_hidden_states', state, decoded.hiddenStates.get(state) as Ort.Tensor);

    for (const state of lens) {
      check();
      const latent = encoder.lastNorm(states.get(state) as Ort.Tensor);
      add('encoder_lens', state, (await decoder.decode(latent, masks, ofDecoder, [])).output);
    }
    check();
    const forLens = decoderLens.map(
      (state) => [state, decoded.hiddenStates.get(state) as Ort.Tensor] as const,
    );
    if (forLens.length > 0)
      await decoder.predict(forLens, (state, logits) => add('decoder_lens', state, logits));
    await attend(encoder, 'attentions', ofEncoder, states);
    await attend(decoder, 'decoder_attentions', ofDecoder, decoded.hiddenStates);
    return {
      ...found,
      last_hidden_state: await readable(encoder.backend, encoded.output),
      logits: decoded.output,
    };
  } catch (error) {
    encoded.output.dispose();
    throw error;
  }
}

/** The hidden states that have to be fetched for what was asked for. */
function wantedStates(half: HalfNetwork, request: HalfRequest, lens: readonly number[]): number[] {
  const { layers } = half.stack;
  const asked = [
    ...numbers(request.hiddenStates, layers + 1),
    ...numbers(request.attentions, layers),
    ...lens,
  ];
  return [...new Set(asked)].sort((a, b) => a - b);
}

function numbers(which: Which | undefined, count: number): readonly number[] {
  if (which === 'all') return Array.from({ length: count }, (_, i) => i);
  const none = which?.find((i) => !(Number.isInteger(i) && i >= 0 && i < count));
  if (none !== undefined) throw new LensError('mask-invalid/layer', { layer: none, layers: count });
  return which ?? [];
}
