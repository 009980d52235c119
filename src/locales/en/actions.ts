/** What a person can do: a verb and its object, as a button says it, and one sentence for people who have never read the paper. */
export const actions = {
  'open-image': {
    label: 'Choose an image',
    explanation: 'Opens an image from this device. It stays here: nothing is uploaded.',
  },
  'paste-image': {
    label: 'Paste an image',
    explanation: 'Takes the image that was last copied.',
  },
  'mask-more': {
    label: 'Hide more',
    explanation: 'Raises the mask ratio by 5 %.',
  },
  'mask-less': {
    label: 'Hide less',
    explanation: 'Lowers the mask ratio by 5 %.',
  },
  'new-seed': {
    label: 'New seed',
    explanation: 'Draws another seed, so that other patches are hidden.',
  },
  'switch-generator': {
    label: 'Switch between PyTorch and NumPy',
    explanation: 'The same seed gives another mask in the other library; this page has both.',
  },
  'patch-grid': {
    label: 'Patch grid',
    explanation: 'Draws the borders of the patches: the squares that the model reads as its words.',
  },
  'choose-model': {
    label: 'Choose a model',
    explanation: 'The model in use, the official ones, and your own files.',
  },
  'save-as-onnx': {
    label: 'Save as ONNX…',
    explanation: 'Takes the model in use along, in the format that other programs run.',
  },
  retry: {
    label: 'Try again',
    explanation: 'Loads the model again, or repeats the run that failed.',
  },
  'switch-theme': {
    label: 'Switch theme',
    explanation: 'Goes from the system’s theme to light, to dark, and back.',
  },
  'open-help': {
    label: 'Help',
    explanation: 'What this page shows, and all its shortcuts.',
  },
  undo: {
    label: 'Undo',
    explanation: 'Takes back the last change of the mask: paint, ratio, seed or strategy.',
  },
  redo: {
    label: 'Redo',
    explanation: 'Does again what was taken back.',
  },
  'invert-mask': {
    label: 'Invert the mask',
    explanation: 'Hides what was visible, and reveals what was hidden.',
  },
  'mask-all': {
    label: 'Hide all patches',
    explanation: 'Hides everything, so that you can reveal patch by patch.',
  },
  'keep-all': {
    label: 'Reveal all patches',
    explanation: 'Reveals everything, so that you can hide patch by patch.',
  },
  'clear-paint': {
    label: 'Take the paint off',
    explanation: 'Goes back to the mask of strategy, ratio and seed, as it was without your painting.',
  },
  'show-order': {
    label: 'Number the patches',
    explanation:
      'Writes each patch’s place in the shuffled order on it (ids_restore). Bold ones are kept: the encoder gets them in this order (ids_keep).',
  },
  'show-errors': {
    label: 'Error per patch',
    explanation: 'Colours each painted patch in the last panel by how far it is from the original.',
  },
  compare: {
    label: 'Compare',
    explanation: 'Two panels in one, large, with a slider between them.',
  },
  'copy-link': {
    label: 'Copy the link',
    explanation: 'A link that opens this page with this very mask. Images of your own never go into it.',
  },
  'show-python': {
    label: 'Python',
    explanation: 'The same with transformers in Python: a script to copy.',
  },
  sweep: {
    label: 'Several runs',
    explanation: 'Many seeds, averaged, with where they differ; and the loss at every ratio as a chart.',
  },
  interpolation: {
    label: 'Interpolation',
    explanation:
      'Shows beside it what can be painted without having learned anything: the smoothest surface through the visible patches (harmonic inpainting).',
  },
  'zoom-in': {
    label: 'Zoom in',
    explanation:
      'Enlarges all panels together. Also: Ctrl or ⌘ with the wheel, two fingers, or a double click on any panel but the masked one. Drag to move; on the masked panel with the middle button or two fingers.',
  },
  'zoom-out': {
    label: 'Zoom out',
    explanation: 'Makes all panels show more of the image.',
  },
  'zoom-fit': {
    label: 'Whole image',
    explanation: 'Makes all panels show the whole image again.',
  },
} as const;

export interface Titled {
  readonly title: string;
}

/** For each of the sample images. */
export const openSample = {
  label: ({ title }: Titled) => `Open the sample “${title}”`,
  explanation: ({ title }: Titled) => `Opens the sample image “${title}”.`,
} as const;
