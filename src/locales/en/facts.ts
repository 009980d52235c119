/** One line of facts about the result on the stage. */
import { quantities } from './quantities.ts';

const { loss } = quantities;

export interface Losses {
  /** Null where it is not known. */
  readonly model: number | null;
  readonly interpolation: number | null;
}

function known(value: number | null): string {
  return value === null ? quantities.unknown : loss(value);
}

export const facts = {
  label: 'Facts',
  loss: {
    name: 'Loss',
    tip: 'How far the painted patches are from the original: the mean squared error of the hidden ones, in normalised pixels. Lower is better.',
    nothingMasked: 'no masked patch',
    of: ({ model }: Pick<Losses, 'model'>) => known(model),
    /** Beside that of the interpolation. */
    both: ({ model, interpolation }: Losses) =>
      `model ${known(model)} · interpolation ${known(interpolation)}`,
    /** The same of a result in which nothing was masked. */
    noneAndInterpolation: ({ interpolation }: Pick<Losses, 'interpolation'>) =>
      `model no masked patch · interpolation ${known(interpolation)}`,
    verdict({
      better,
      normalised,
    }: {
      readonly better: 'model' | 'interpolation' | 'neither';
      readonly normalised: boolean;
    }) {
      const first = {
        model: 'Lower is better: here the model is.',
        interpolation: 'Lower is better: here the interpolation is.',
        neither: 'Lower is better: here both are the same.',
      }[better];
      return normalised ? `${first} Both are of normalised patches, as this model was trained.` : first;
    },
  },
  kept: {
    name: 'Seen',
    tip: 'The encoder gets the visible patches and nothing else, and that is why it is quick. Its CLS token comes on top.',
    of: ({ kept, patches }: { readonly kept: number; readonly patches: number }) =>
      kept === 0 ? `CLS token alone, 0 of ${patches}` : `${kept} of ${patches} patches`,
  },
  encoder: { name: 'Encoder', tip: 'Time for the half that reads the visible patches.' },
  decoder: {
    name: 'Decoder',
    tip: 'Time for the half that paints all patches. It always gets all of them, so its time does not change with the ratio.',
  },
  device: {
    name: 'Device',
    tip: 'What the model runs on, in this browser. Change it at the top of the page.',
    reducedTip: ({ dtype }: { readonly dtype: string }) =>
      `What the model runs on, in this browser. Change it at the top of the page. It computes in ${dtype}, so the loss differs slightly from the reference’s.`,
  },
  model: { name: 'Model', tip: 'The model that paints.' },
} as const;
