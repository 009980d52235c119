/** What can be taken along: files, the clipboard, and the script. */
const normalised: readonly string[] = [
  'This model predicts every patch normalised by its own mean and deviation. They are taken from the',
  'original here, so the result knows more about the hidden patches than the model did.',
];

export const share = {
  button: 'Save',
  tip: 'The figure and the panels as images, and all numbers: to save, or to copy.',
  figure: 'The figure, as PNG',
  copyFigure: 'Copy the figure',
  panels: 'One panel, as PNG',
  others: 'For others',
  numbers: 'The numbers, as JSON',
  embed: 'Copy HTML to embed this',
  notLive: 'The numbers come with the live model’s result.',
  notPainted: 'There is something to save when the model has painted.',
  /** Of the files: “cat-figure.png”. */
  fileNames: {
    image: 'image',
    figure: 'figure',
    numbers: 'numbers',
    seeds: 'runs-seeds',
    ratios: 'runs-ratios',
  },

  python: {
    title: 'The same in Python',
    notReady: 'The script is written when the model has been loaded. Open this again then.',
    about:
      'It computes this very result with the transformers library: the same image, the same mask, the same four panels.',
    bundled: 'The demo model’s files lie beside this page; the script says where.',
    ownImage: 'Put your image beside the script.',
    label: 'Python script',
    copy: 'Copy the script',
    copied: 'Copied.',
    refused: 'The browser did not allow copying. Select the script and copy it by hand.',
    /** The script's own comments; each of one line, but `normalised`. */
    comments: {
      image: ({ url }: { readonly url: string }) => `The image: ${url}`,
      resize:
        'Resized by Pillow itself, because transformers 5 may do it with torchvision, which rounds differently.',
      folder: 'A folder with config.json and the weights.',
      folderFrom: ({ url }: { readonly url: string }) => `A folder with the files from ${url}`,
      dtype: ({ dtype }: { readonly dtype: string }) =>
        `The page computed in ${dtype}, this is float32: loss and pixels differ slightly.`,
      keeps: ({ kept, patches }: { readonly kept: number; readonly patches: number }) =>
        `Keeps ${kept} of ${patches} patches.`,
      noise: 'The place of each patch in the shuffled order, written out: the smallest are kept.',
      noLoss: 'Nothing is masked, so there is no loss (the model says nan).',
      normalised,
    },
  },
} as const;
