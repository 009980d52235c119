/** What the page shows, for people who have never read the paper. */
export const help = {
  title: 'What you are looking at',
  close: 'Close the help',
  story: {
    game: 'A masked autoencoder is a model that learned to see by a game: cut an image into squares, hide most of them, and paint the hidden ones from the rest. This page plays that game with a real model, in your browser. Your images never leave this device.',
    halves: {
      title: 'Two halves',
      text: 'The <em>encoder</em> gets the visible patches and nothing else. The <em>decoder</em> gets what the encoder made of them, with one and the same placeholder for every hidden patch, and paints all of them.',
    },
    worse: {
      title: 'Why do visible patches look worse in the reconstruction?',
      text: 'In training the loss was computed on the hidden patches only. What the decoder paints where it could have copied was never graded, so it never learned to do that well. The fourth panel puts the originals back.',
    },
    blurred: {
      title: 'Why is it blurred?',
      text: 'Many images would fit what is visible. The model is graded by the mean squared error, and the safest answer to that is the average of all of them.',
    },
    learned: {
      title: 'What did it learn?',
      text: 'The switch “Interpolation” adds a fifth panel, painted from the same patches without any model: the smoothest surface through them. What the reconstruction has and that one has not, the model knows from its training.',
    },
    closely: {
      title: 'Looking closely',
      text: 'All panels zoom together: with the buttons beneath them, Ctrl or ⌘ with the wheel, two fingers, or a double click. Drag to move the image; on the masked panel, where dragging paints, use the middle button, two fingers, or the arrow keys.',
    },
    mask: {
      title: 'The mask is yours',
      text: 'Draw on the masked panel with mouse, pen or finger: the first patch decides whether the stroke hides or reveals. With Shift it is a rectangle. By key: arrows move from patch to patch, Space turns one, Shift with arrows goes on from there, F fills. The address always holds the mask, so it can be shared.',
    },
    python: {
      title: 'The same mask as in Python',
      text: 'Seed and generator give the patches that PyTorch or NumPy would give; the call stands beside them. The loss is the reference’s: the mean squared error of the hidden patches, in normalised pixels.',
    },
  },
  credits: 'Credits of the sample images',
  keyboard: 'Keyboard',
  singleKeys: 'Single-key shortcuts',
} as const;
