/**
 * “Save the numbers”: everything about one reconstruction as JSON, keys spelled as the reference spells them. The
 * image itself is not in it.
 */

import { reasonText } from '../base/reason.ts';
import type { Interpolation, ModelInfo } from '../engine/engine.ts';
import type { Reconstruction } from '../engine/model/predictions.ts';
import { en } from '../locales/en.ts';
import type { Painted } from '../mae/manual-mask.ts';
import type { Masking } from '../mae/masking.ts';
import type { StrategyId } from '../mae/strategies/strategies.ts';
import { type Generator, noiseOf, pythonCall } from '../store/mask/settings.ts';

export interface NumbersInput {
  readonly settings: { readonly ratio: number; readonly seed: string; readonly generator: Generator };
  readonly strategy: StrategyId;
  readonly painted: Painted;
  readonly masking: Masking;
  readonly model: Pick<ModelInfo, 'name' | 'config' | 'preprocessor' | 'parameters' | 'bytes' | 'device'>;
  /** Its name and its size as it came, in pixels. */
  readonly image: { readonly name: string; readonly width: number; readonly height: number };
  readonly result: Pick<Reconstruction, 'loss' | 'patchErrors'>;
  /** In milliseconds; null where the result was computed ahead. */
  readonly timing: { readonly encoderMs: number; readonly decoderMs: number } | null;
  /** Of the same mask; null where it is not shown. */
  readonly interpolation: Pick<Interpolation, 'loss' | 'patchErrors' | 'ms'> | null;
}

/** L patches, row by row. */
export interface Numbers {
  readonly format: 'mae-lens-numbers/2';
  readonly settings: {
    /** What was asked for; `kept` tells what came of it. */
    readonly mask_ratio: number;
    readonly strategy: StrategyId;
    /** Decimal digits: PyTorch's seeds are too large for JSON's numbers. */
    readonly seed: string;
    readonly generator: Generator;
    /** The Python that draws `noise`. */
    readonly python: string;
    /** Patches painted by hand. */
    readonly manual_mask: { readonly masked: readonly number[]; readonly kept: readonly number[] };
  };
  readonly image: { readonly name: string; readonly width: number; readonly height: number };
  readonly model: {
    readonly name: string;
    readonly parameters: number;
    readonly bytes: number;
    readonly config: ModelInfo['config'];
    readonly preprocessor: ModelInfo['preprocessor'];
  };
  /** With its reasons in English. */
  readonly device: Omit<ModelInfo['device'], 'reason' | 'dtypeReason'> & {
    readonly reason?: string;
    readonly dtypeReason?: string;
  };
  /** How many patches the encoder gets, of how many. */
  readonly kept: number;
  readonly patches: number;
  /** [L]; the seed's, whether or not the strategy uses it. */
  readonly noise: readonly number[];
  /** [L], 1 = removed. */
  readonly mask: readonly number[];
  /** [kept], in the order in which the encoder gets them. */
  readonly ids_keep: readonly number[];
  /** [L] */
  readonly ids_restore: readonly number[];
  /** As the reference defines it; null when no patch is masked. */
  readonly loss: number | null;
  /** [L]: mean squared error of each patch, kept ones included, in the loss's space. */
  readonly loss_per_patch: readonly number[];
  /** Milliseconds. */
  readonly timing: { readonly encoder_ms: number; readonly decoder_ms: number } | null;
  /** What can be painted without a model, in the space of the model's loss; null where it was not asked for. */
  readonly interpolation: {
    readonly method: 'harmonic inpainting';
    readonly loss: number | null;
    /** [L]; 0 for kept patches. */
    readonly loss_per_patch: readonly number[];
    /** Milliseconds. */
    readonly ms: number;
  } | null;
}

export function numbersOf(input: NumbersInput): Numbers {
  const { settings, strategy, painted, masking, model, image, result, timing, interpolation } = input;
  const { seed, generator, ratio } = settings;
  const length = masking.mask.length;
  const paintedAs = (wanted: 'masked' | 'kept') =>
    Array.from(painted)
      .filter(([, paint]) => paint === wanted)
      .map(([cell]) => cell)
      .sort((a, b) => a - b);
  return {
    format: 'mae-lens-numbers/2',
    settings: {
      mask_ratio: ratio,
      strategy,
      seed,
      generator,
      python: pythonCall(seed, generator, length),
      manual_mask: { masked: paintedAs('masked'), kept: paintedAs('kept') },
    },
    image: { name: image.name, width: image.width, height: image.height },
    model: {
      name: model.name,
      parameters: model.parameters,
      bytes: model.bytes,
      config: model.config,
      preprocessor: model.preprocessor,
    },
    device: reportInEnglish(model.device),
    kept: masking.idsKeep.length,
    patches: length,
    noise: Array.from(noiseOf(seed, generator, length)),
    mask: Array.from(masking.mask),
    ids_keep: Array.from(masking.idsKeep),
    ids_restore: Array.from(masking.idsRestore),
    loss: result.loss,
    loss_per_patch: Array.from(result.patchErrors),
    timing: timing === null ? null : { encoder_ms: timing.encoderMs, decoder_ms: timing.decoderMs },
    interpolation:
      interpolation === null
        ? null
        : {
            method: 'harmonic inpainting',
            loss: interpolation.loss,
            loss_per_patch: Array.from(interpolation.patchErrors),
            ms: interpolation.ms,
          },
  };
}

/** The file's text: indented, but every list of numbers on one line. */
export function numbersJson(numbers: Numbers): string {
  const text = JSON.stringify(numbers, null, 2);
  // Strings hold no line breaks, so that names with brackets in them stay as they are.
  return `${text.replace(/\[\n[\s\d.,e+-]*\]/g, (list) => list.replaceAll(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'))}\n`;
}

function reportInEnglish({ reason, dtypeReason, ...report }: ModelInfo['device']): Numbers['device'] {
  return {
    ...report,
    ...(dtypeReason === undefined ? {} : { dtypeReason: reasonText(dtypeReason, en) }),
    ...(reason === undefined ? {} : { reason: reasonText(reason, en) }),
  };
}
