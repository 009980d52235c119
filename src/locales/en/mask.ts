/** The mask: how it was made, the controls that make it, and the tools that paint on it. */
import { format } from './format.ts';
import { type StrategyKey, strategies, strategyName } from './strategies.ts';

/** What made a mask. */
export interface MaskFacts {
  /** The part that is masked, from 0 to 1. */
  readonly ratio: number;
  readonly strategy: StrategyKey;
  /** Null where every seed gives the same mask. */
  readonly seed: string | null;
  /** The library whose random numbers it takes. */
  readonly generator: string;
  readonly painted: boolean;
}

export interface Counts {
  readonly kept: number;
  readonly patches: number;
}

/** What made a mask, and the Python that gives the same noise. */
export interface Origin {
  readonly strategy: StrategyKey;
  readonly painted: boolean;
  readonly call: string;
}

function facts({ ratio, strategy, seed, painted }: MaskFacts): readonly string[] {
  return [
    format.percent(ratio),
    ...(strategy === 'random' ? [] : [strategyName(strategy)]),
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(painted ? ['painted by hand'] : []),
  ];
}

export const mask = {
  /** "75 %, seed 2", "75 %, blocks, seed 2, painted by hand" */
  label: (mask: MaskFacts) => facts(mask).join(', '),
  /** "75 %, seed 2, PyTorch": all that made some pixels. */
  fullLabel: (mask: MaskFacts) =>
    [...facts(mask), ...(mask.seed === null ? [] : [mask.generator])].join(', '),

  controls: 'What is hidden',
  ratio: {
    label: 'Mask ratio',
    tip: 'How much of the image is hidden. In training it was 75 %: so much that guessing from the neighbours is not enough.',
    value: ({ ratio, kept, patches }: Counts & { readonly ratio: number }) =>
      `<strong>${format.percent(ratio)}</strong>, ${kept} of ${patches} patches seen`,
    spoken: ({ ratio, kept, patches }: Counts & { readonly ratio: number }) =>
      `${format.percent(ratio)}, ${patches - kept} of ${patches} patches masked`,
    mark: (ratio: number) => format.percent(ratio),
    paperMark: (ratio: number) => `${format.percent(ratio)} as in the paper`,
    nothingMasked: 'Nothing is hidden, so there is nothing to paint.',
    nothingKept: 'The encoder sees its CLS token alone.',
    slow: 'This model takes its time here: the mask follows at once, the painting when your hand rests.',
    without: ({ strategy }: { readonly strategy: StrategyKey }) =>
      `“${strategies[strategy].label}” always hides the same number of patches.`,
  },
  seed: {
    label: 'Seed',
    tip: 'The same seed hides the same patches, here and in Python. Arrow keys count up and down.',
    without: ({ strategy }: { readonly strategy: StrategyKey }) =>
      `“${strategies[strategy].label}” is not random: every seed gives the same mask.`,
  },
  generator: {
    label: 'Generator',
    tip: 'Whose random numbers choose the patches. The same seed gives another mask in each library.',
  },
  strategy: {
    tip: 'How the hidden patches are chosen: at random as in training, in blocks, in a grid, and more.',
    title: 'What is hidden',
    chosen: ({ strategy, painted }: { readonly strategy: StrategyKey; readonly painted: boolean }) =>
      painted ? `${strategies[strategy].label} + paint` : strategies[strategy].label,
    button: ({ strategy, painted }: { readonly strategy: StrategyKey; readonly painted: boolean }) =>
      `Masking: ${painted ? `${strategies[strategy].label} + paint` : strategies[strategy].label}`,
    withoutSeed: 'The seed does not count.',
    withoutRatio: 'The ratio does not count.',
    withoutBoth: 'Ratio and seed do not count.',
  },
  origin: {
    /** Where the noise makes the mask. */
    drawn({ strategy, painted, call }: Origin) {
      const code = `<call>${call}</call>`;
      if (strategy === 'random')
        return `<lead>${painted ? 'Painted over the mask of' : 'The mask of'}</lead> ${code}`;
      return `<lead>${strategies[strategy].label}${painted ? ', painted over' : ''}, placed by</lead> ${code}`;
    },
    /** Where the strategy alone does. */
    fixed: ({ strategy, painted }: Omit<Origin, 'call'>) =>
      `<lead>${strategies[strategy].sentence}${painted ? ' Painted over.' : ''}</lead>`,
    /** Where a seed was typed that gives no mask, so that the last good one stays. Call is null where none makes it. */
    still: ({ problem, call }: { readonly problem: string; readonly call: string | null }) =>
      `<problem>${problem} Still the mask of</problem>${call === null ? '' : ` <call>${call}</call>`}`,
  },
  grid: {
    label: 'Patches of the masked image',
    keys: 'Arrows move, Space hides or reveals, Shift with arrows goes on, F fills.',
  },
  brush: {
    label: 'Brush',
    hint: 'The mask is yours: draw on the masked image to hide and reveal patches.',
    painted: ({ count, strategy }: { readonly count: number; readonly strategy: StrategyKey }) =>
      `${format.plural(count, { one: '# patch', other: '# patches' })} painted by hand, the others ${
        strategy === 'random' ? 'random' : `as ${strategyName(strategy)}`
      }.`,
    tools: {
      cells: {
        name: 'Brush',
        tip: 'Drag on the masked image to hide or reveal patches. With Shift it draws a rectangle.',
      },
      rectangle: {
        name: 'Rectangle',
        tip: 'Drag on the masked image to hide or reveal a rectangle.',
      },
      fill: {
        name: 'Fill',
        tip: 'Click on the masked image to turn a patch and all that hang together with it.',
      },
    },
  },
} as const;
