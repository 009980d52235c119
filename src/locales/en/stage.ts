/** The panels: their titles, what stands beneath them, and what is said of them to those who cannot see them. */
import { format } from './format.ts';
import { type ModelInput, modelInput } from './input.ts';
import { type MaskFacts, mask } from './mask.ts';
import { quantities } from './quantities.ts';

const { loss } = quantities;

/** Titles as in the reference figure; also of what is saved. */
const titles = {
  original: 'original',
  masked: 'masked',
  reconstruction: 'reconstruction',
  combined: 'reconstruction + visible',
  errors: 'error per patch',
  interpolation: 'interpolation',
} as const;

export interface Sizes {
  readonly name: string;
  /** As it came, in pixels. */
  readonly width: number;
  readonly height: number;
  /** What the model gets. */
  readonly input: ModelInput;
}

export interface Counts {
  readonly kept: number;
  readonly patches: number;
}

export interface Painted extends Counts {
  readonly mask: MaskFacts;
  /** Null where no patch is masked. */
  readonly loss: number | null;
  /** Whether it is what the settings say now. */
  readonly age: 'current' | 'precomputed' | 'outdated';
}

/** A patch and its place, counted from 1. */
export interface Cell {
  readonly row: number;
  readonly column: number;
  readonly masked: boolean;
  /** Null where it is not known. */
  readonly error: number | null;
}

const ages = {
  current: '.',
  precomputed: '. Computed ahead; the live model follows.',
  outdated: '. Newer settings are still being painted.',
} as const;

function error(value: number | null): string {
  return value === null ? 'no masked patch' : `loss ${loss(value)}`;
}

export const stage = {
  four: 'The four panels',
  five: 'The five panels',
  titles,
  tips: {
    original: 'The image as the model gets it: small, and in the model’s shape whatever its own was.',
    masked: 'Grey patches are hidden. The encoder never gets them, not even as grey.',
    reconstruction: 'Every patch as the decoder paints it, those too that the encoder saw.',
    combined: 'The painted patches, with the ones that were seen put back in their places.',
    errors:
      'How far each painted patch is from the original. Patches that were seen are dimmed: they are not graded.',
    interpolation:
      'Harmonic inpainting: every hidden pixel is the mean of its four neighbours. No model and no training, so it shows what can be had without them.',
  },
  captions: {
    original: ({ name, width, height, input }: Sizes) =>
      `${name}. ${width} × ${height} pixels, for the model squeezed into ${modelInput(input)}.`,
    masked({ kept, patches }: Counts) {
      if (kept === 0) return 'Everything is hidden. The encoder sees its CLS token alone.';
      if (kept === patches) return 'Nothing is hidden: the encoder sees every patch.';
      return `What the encoder sees: ${kept} patches, and nothing of the other ${patches - kept}.`;
    },
    notPainted: 'Not painted yet. What it saw looks worse: only hidden patches were graded.',
    reconstruction: ({ kept, mask: facts }: { readonly kept: number; readonly mask: MaskFacts }) =>
      `Painted from ${kept} patches (${mask.label(facts)}). What it saw looks worse: only hidden patches were graded.`,
    combined: 'Painted where it was hidden, the original where it was not.',
    interpolation: 'The smoothest surface through the visible patches. Nothing learned.',
    interpolationOfAll: 'Nothing is hidden, so this is the original.',
    interpolationOfNothing: 'Nothing to go by, so the mean grey. Nothing learned.',
  },
  summaries: {
    noImage: 'Original: no image yet.',
    original: ({ name, width, height, input }: Sizes) =>
      `Original: ${name}, ${width} by ${height} pixels, as the model sees it: ${modelInput(input)}.`,
    masked: ({ name, kept, patches }: Counts & { readonly name: string | null }) =>
      `Masked: ${name ?? 'no image yet'}. ${patches - kept} of ${patches} patches are hidden, ${kept} are visible.`,
    notReconstructed: 'Reconstruction: not painted yet.',
    reconstruction: ({ kept, patches, mask: facts, loss, age }: Painted) =>
      `Reconstruction: every patch as the model paints it, from ${kept} of ${patches} patches, at ${mask.fullLabel(facts)}, ${error(loss)}${ages[age]}`,
    notCombined: 'Reconstruction and visible: not painted yet.',
    combined: ({ kept, patches, mask: facts, age }: Omit<Painted, 'loss'>) =>
      `Reconstruction and visible: ${kept} patches of the original, ${patches - kept} painted by the model, at ${mask.fullLabel(facts)}${ages[age]}`,
    notInterpolated: 'Interpolation: not computed yet.',
    interpolation: ({ kept, patches, mask: facts, loss }: Omit<Painted, 'age'>) =>
      `Interpolation: the smoothest surface through ${kept} of ${patches} patches, at ${mask.fullLabel(facts)}, ${error(loss)}.`,
  },
  status: {
    precomputed: 'precomputed',
    'catching-up': 'catching up…',
    'waiting-for-model': 'waiting for the model',
  },
  painting: 'painting…',
  interpolating: 'interpolating…',
  legend: {
    label: 'Mean squared error of each hidden patch, in normalised pixels. Their mean is the loss.',
    nothingMasked: 'Nothing is hidden, so no patch is graded.',
    notKnown: 'The errors are known when the live model has painted.',
  },
  /** Where panels have no captions: the question that everyone asks. */
  whyWorse:
    'Patches that were visible look worse in the reconstruction: training graded the hidden ones only.',
  /** “Row 3, column 7, masked, error 0.12” */
  cell({ row, column, masked, error }: Cell) {
    const place = `Row ${row}, column ${column}`;
    if (!masked) return `${place}, visible`;
    return error === null ? `${place}, masked` : `${place}, masked, error ${format.decimal(error, 2)}`;
  },
  /** The patch that is pointed at; patches are counted from 0, as in Python. */
  patch({
    patch,
    row,
    column,
    masked,
    place,
    error,
    graded,
  }: Cell & { readonly patch: number; readonly place: number; readonly graded: boolean }) {
    return [
      `Patch ${patch}`,
      `row ${row}, column ${column}`,
      masked ? 'masked' : 'visible',
      `${masked ? 'place' : 'kept as number'} ${place} in the shuffled order`,
      ...(error === null ? [] : [`error ${loss(error)}${graded ? '' : ', not graded'}`]),
    ].join(' · ');
  },
  zoom: (factor: number) => `Zoom, ${quantities.zoom(factor)}`,
} as const;
