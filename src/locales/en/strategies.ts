/** The masking strategies: what they are called, one plain sentence on what each does, and the paper's own term. */
export const strategies = {
  random: {
    label: 'Random',
    sentence: 'Hides patches at random, each as likely as any other; this is what the model was trained on.',
    term: 'Random sampling (the paper’s default).',
  },
  block: {
    label: 'Blocks',
    sentence: 'Hides large random blocks, so that whole parts of the image are gone.',
    term: 'Block-wise sampling (paper, figure 6).',
  },
  grid: {
    label: 'Grid',
    sentence: 'Keeps patches in a regular pattern; at 75 % one of every four.',
    term: 'Grid-wise sampling (paper, figure 6).',
  },
  checkerboard: {
    label: 'Checkerboard',
    sentence: 'Hides every other patch, like the dark squares of a chessboard.',
    term: 'Not in the paper.',
  },
  centre: {
    label: 'Centre',
    sentence: 'Hides a square in the middle; the ratio is its size.',
    term: 'Not in the paper.',
  },
  border: {
    label: 'Border',
    sentence: 'Hides a frame around the image; the ratio is its width.',
    term: 'Not in the paper.',
  },
  left: {
    label: 'Left half',
    sentence: 'Hides the left half of the image.',
    term: 'Not in the paper.',
  },
  right: {
    label: 'Right half',
    sentence: 'Hides the right half of the image.',
    term: 'Not in the paper.',
  },
  single: {
    label: 'Single patch',
    sentence: 'Hides everything but one patch; the seed chooses which.',
    term: 'Not in the paper.',
  },
} as const;

export type StrategyKey = keyof typeof strategies;

/** Its name within a sentence. */
export function strategyName(strategy: StrategyKey): string {
  return strategies[strategy].label.toLowerCase();
}
