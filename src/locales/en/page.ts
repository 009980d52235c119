/** The page itself: its head, where images come from, what lies over it, and what is told aloud. */
import { quantities } from './quantities.ts';

export const page = {
  name: 'MAE Lens',
  openWhole: 'Open the whole page',
  themes: { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
  tools: 'Tools',
  close: 'Close',
  dismiss: 'Dismiss this message',
  chooseImage: 'Choose an image',
  lookUpModel: ({ model }: { readonly model: string }) => `See what ${model} takes`,
  images: {
    label: 'Images',
    own: 'Your image',
    ownTip: ({ paste }: { readonly paste: string }) =>
      `Drop an image anywhere on the page, paste one (${paste}), or choose one here. It stays on this device.`,
    /** What an image that was pasted is called. */
    pasted: 'pasted image',
    ways: 'Drop, paste or choose. It stays on this device.',
  },
  drop: {
    image: 'Drop the image. It stays on this device.',
    model: 'A model’s files, or a whole folder of them, work too.',
  },
  compare: {
    title: 'Compare',
    left: 'On the left',
    right: 'On the right',
    leftPanel: ({ panel }: { readonly panel: string }) => `On the left: ${panel}`,
    rightPanel: ({ panel }: { readonly panel: string }) => `On the right: ${panel}`,
    panels: 'The two panels',
    keys: 'Arrows move over the image, plus and minus zoom, 0 shows all of it.',
    border: 'Border between the two panels',
    /** @param share of the left one, in per cent */
    shares: ({
      left,
      right,
      share,
    }: {
      readonly left: string;
      readonly right: string;
      readonly share: number;
    }) => `${share} % ${left}, ${100 - share} % ${right}`,
  },
  /** For screen readers, politely. */
  announcements: {
    opening: ({ name }: { readonly name: string }) => `Opening ${name}.`,
    loading: 'Loading the model.',
    compiling: 'Compiling the model.',
    warmingUp: 'Warming the model up.',
    ready: ({ device }: { readonly device: string }) => `The model is ready, on ${device}.`,
    readyHere: 'The model is ready, on this device.',
    comparing: ({ dtype }: { readonly dtype: string }) => `Comparing ${dtype} with float32.`,
    loadingCopy: ({ dtype, second }: { readonly dtype: string; readonly second: string }) =>
      `Loading a ${second} copy of the model, to measure ${dtype}.`,
    measured: ({ dtype, psnr }: { readonly dtype: string; readonly psnr: number }) =>
      `${dtype} was measured: ${quantities.decibels(psnr)} at worst.`,
    painted({
      name,
      masked,
      patches,
      loss,
    }: {
      readonly name: string;
      readonly masked: number;
      readonly patches: number;
      /** Null where no patch is masked. */
      readonly loss: number | null;
    }) {
      const error = loss === null ? 'no masked patch' : `loss ${quantities.loss(loss)}`;
      return `${name}: ${masked} of ${patches} patches hidden and painted, ${error}.`;
    },
  },
} as const;
