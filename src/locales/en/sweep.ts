/** Several runs: averages over seeds, and the loss over ratios. */
import { format } from './format.ts';
import { quantities } from './quantities.ts';
import { type StrategyKey, strategies, strategyName } from './strategies.ts';

const { loss, levels } = quantities;

interface Progress {
  readonly done: number;
  readonly total: number;
}

interface Strategy {
  readonly strategy: StrategyKey;
}

/** The same number of runs as words that need no other number. */
function runs(count: number): string {
  return format.plural(count, { one: 'one run', other: '# runs' });
}

function ofRuns({ done, total }: Progress): string {
  return `${done} of ${total} runs`;
}

export const sweep = {
  title: 'Several runs',
  close: 'Close the runs',
  kinds: 'What the runs differ in',
  seeds: {
    tab: 'Many seeds',
    lead: 'The same image many times, each time with other patches hidden. Where the runs agree, the model is sure. Where they differ, the visible patches do not settle what was there.',
    count: 'Seeds',
    countTip: 'How many masks: each seed hides other patches. Counted up from the seed of the page.',
    progress: 'Runs over seeds',
    notDone: 'The runs over seeds are not done. One at a time.',
    begun: ({ total }: Pick<Progress, 'total'>) => `${total} runs over seeds have begun.`,
  },
  ratios: {
    tab: 'All ratios',
    lead: 'The same image with more and more of it hidden, from 5 % to 95 %. The loss tells how far the painted patches are from the original; it is that of the hidden patches alone.',
    count: 'Seeds at each ratio',
    countTip:
      'One run at each ratio is quick. More show how much the loss depends on which patches are hidden.',
    progress: 'Runs over ratios',
    notDone: 'The runs over ratios are not done. One at a time.',
    begun: ({ total }: Pick<Progress, 'total'>) => `${total} runs over ratios have begun.`,
  },
  again: 'Run again',
  start: ({ runs }: { readonly runs: number }) =>
    format.plural(runs, { one: 'Start # run', other: 'Start # runs' }),
  cancel: 'Cancel',
  useRandom: 'Use random masking',

  progress: {
    running: ({ secondsLeft, ...progress }: Progress & { readonly secondsLeft: number | null }) =>
      secondsLeft === null ? ofRuns(progress) : `${ofRuns(progress)} · ${quantities.timeLeft(secondsLeft)}`,
    cancelling: (progress: Progress) => `${ofRuns(progress)} · the last one ends`,
    waitsForModel: (progress: Progress) => `${ofRuns(progress)} · waits for the model`,
    waitsForLive: (progress: Progress) => `${ofRuns(progress)} · waits for the live view`,
  },
  end: {
    done: ({ total }: Progress) => `All ${total} runs are done.`,
    cancelled: (progress: Progress) => `Cancelled after ${ofRuns(progress)}.`,
    overtaken: (progress: Progress) => `Ended after ${ofRuns(progress)}: the image or the model changed.`,
    /** @param error a sentence */
    failed: ({ error, ...progress }: Progress & { readonly error: string }) =>
      `${error} What was done stays here (${ofRuns(progress)}). Run again to begin anew.`,
  },
  blocked: {
    'no-seed': ({ strategy }: Strategy) =>
      `“${strategies[strategy].label}” is not random: every run would be the same.`,
    'no-ratio': ({ strategy }: Strategy) =>
      `“${strategies[strategy].label}” always hides the same number of patches.`,
    'all-painted': 'Every patch is painted by hand: every run would be the same.',
    'nothing-masked': 'Nothing is hidden, so nothing would be painted. Raise the mask ratio.',
    'everything-masked': 'Everything is hidden: every run would be the same. Lower the mask ratio.',
    'no-image': 'Open an image first.',
    'no-model': 'The runs need the live model. It is not ready yet.',
  },

  /** What the runs are of: "Of: Cat, Demo model, 75 %, seeds 2 to 33, PyTorch." */
  origin: ({
    image,
    model,
    ratio,
    strategy,
    drawn,
    painted,
  }: Strategy & {
    readonly image: string;
    readonly model: string;
    /** Null where it is not one and the same for all. */
    readonly ratio: number | null;
    /** Null where the strategy is not random. */
    readonly drawn: { readonly first: string; readonly last: string; readonly generator: string } | null;
    readonly painted: boolean;
  }) =>
    `Of: ${[
      image,
      model,
      ...(ratio === null ? [] : [format.percent(ratio)]),
      ...(strategy === 'random' ? [] : [strategyName(strategy)]),
      ...(drawn === null
        ? []
        : [
            drawn.first === drawn.last ? `seed ${drawn.first}` : `seeds ${drawn.first} to ${drawn.last}`,
            drawn.generator,
          ]),
      ...(painted ? ['painted by hand'] : []),
    ].join(', ')}.`,
  outdated: {
    image: 'These runs are of an earlier image.',
    model: 'These runs are of an earlier model.',
    settings: 'These runs are of an earlier mask.',
  },

  average: {
    title: 'average',
    summary: ({ count, image }: { readonly count: number; readonly image: string }) =>
      `Average of ${runs(count)} of ${image}: every patch as the runs painted it that did not see it.`,
    /** @param neverMasked patches that were kept in every run */
    caption({ count, neverMasked }: { readonly count: number; readonly neverMasked: number }) {
      const what = `What ${runs(count)} painted, averaged: every patch over the runs that did not see it.`;
      return neverMasked === 0
        ? what
        : `${what} ${format.plural(neverMasked, {
            one: 'One dimmed patch was visible in every run and has no average.',
            other: '# dimmed patches were visible in every run and have no average.',
          })}`;
    },
  },
  spread: {
    title: 'spread',
    notKnown: 'Spread: not known before two runs have hidden the same patch.',
    summary: ({
      count,
      most,
      patch,
    }: {
      readonly count: number;
      readonly most: number;
      readonly patch: number;
    }) =>
      `Spread between ${count} runs, patch by patch: up to ${levels(most)} levels of 255, most at patch ${patch}.`,
    takesTwo: 'A spread takes two runs that hid the same patch.',
    /** @param without patches that have no spread */
    legend({ without }: { readonly without: number }) {
      const what =
        'Standard deviation between the runs, in levels of 0 to 255 (root mean square over a patch’s pixels).';
      return without === 0
        ? what
        : `${what} ${format.plural(without, {
            one: 'One dimmed patch was hidden in fewer than two runs and has none.',
            other: '# dimmed patches were hidden in fewer than two runs and have none.',
          })}`;
    },
    ofStructure:
      'This model paints patches without their brightness and contrast; those are taken from the original, so the spread is that of the structure alone.',
  },
  point: 'Point at a patch, here or on the panels, to read its numbers.',
  /** @param spread null where it has none */
  patch: ({
    patch,
    timesMasked,
    count,
    spread,
  }: {
    readonly patch: number;
    readonly timesMasked: number;
    readonly count: number;
    readonly spread: number | null;
  }) =>
    `Patch ${patch}: hidden in ${timesMasked} of ${count} runs, ${
      spread === null ? 'no spread to tell' : `spread ${levels(spread)} levels`
    }.`,

  losses: {
    average: ({ count }: { readonly count: number }) =>
      format.plural(count, { one: 'Average of the loss', other: 'Average of the # losses' }),
    mean: ({ mean, deviation }: { readonly mean: number; readonly deviation: number | null }) =>
      deviation === null
        ? `<strong>${loss(mean)}</strong>`
        : `<strong>${loss(mean)}</strong> ± ${loss(deviation)} (standard deviation)`,
    lowest: 'Lowest',
    highest: 'Highest',
    ofSeed: ({ value, seed }: { readonly value: number; readonly seed: string }) =>
      `${loss(value)}, seed ${seed}`,
    showSeed: ({ seed }: { readonly seed: string }) => `Show seed ${seed}`,
    summary: ({
      count,
      min,
      max,
      mean,
    }: {
      readonly count: number;
      readonly min: number;
      readonly max: number;
      readonly mean: number;
    }) => `The losses of ${count} runs, from ${loss(min)} to ${loss(max)}, on average ${loss(mean)}.`,
    axis: 'Loss of one run (mean squared error, normalised pixels)',
    caption: 'Each dot is one run. The line is their average, the band one standard deviation to each side.',
    captionRinged:
      'Each dot is one run. The line is their average, the band one standard deviation to each side; the ringed dot is the mask on the stage, if it is one of them.',
  },

  chart: {
    label: 'Set the mask ratio to that of a point',
    ratioAxis: 'Mask ratio (part of the patches that is hidden)',
    lossAxis: 'Loss (normalised pixels²)',
    lossTick: (value: number) => format.decimal(value, 2),
    now: ({ ratio }: { readonly ratio: number }) =>
      `Now ${format.percent(ratio)}. Choose a point to set the mask ratio.`,
    /** "75 %: average loss 0.338, from 0.312 to 0.361 over 3 runs" */
    point: ({
      ratio,
      count,
      mean,
      min,
      max,
    }: {
      readonly ratio: number;
      readonly count: number;
      readonly mean: number;
      readonly min: number;
      readonly max: number;
    }) =>
      count === 1
        ? `${format.percent(ratio)}: loss ${loss(mean)}, one run`
        : `${format.percent(ratio)}: average loss ${loss(mean)}, from ${loss(min)} to ${loss(max)} over ${count} runs`,
    /** Of the point that is chosen or pointed at. */
    told: ({ point }: { readonly point: string }) => `${point}.`,
    captionOne:
      'Each point is one run. The dashed line is the ratio of now, the ring the loss on the stage. At 0 % nothing is hidden, so there is no loss.',
    captionMany:
      'The line is the average of the losses at each ratio, the band goes from the lowest to the highest. The dashed line is the ratio of now, the ring the loss on the stage. At 0 % nothing is hidden, so there is no loss.',
  },

  numbers: {
    all: 'All numbers',
    csv: 'Save as CSV',
    seedCaption: 'The loss of each run',
    ratioCaption: 'The losses at each mask ratio',
    seed: 'Seed',
    ratio: 'Mask ratio',
    masked: 'Hidden patches',
    maskedRange: ({ least, most }: { readonly least: number; readonly most: number }) =>
      least === most ? `${least}` : `${least} to ${most}`,
    loss: 'Loss',
    noLoss: 'none',
    runs: 'Runs',
    mean: 'Average loss',
    min: 'Lowest',
    max: 'Highest',
  },
} as const;
