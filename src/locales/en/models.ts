/** Models: the one in use, the others, what loading one does, and what is stored of them. */
import { type Loaded, loadedOf, type Steps } from './device.ts';
import { format } from './format.ts';
import { type ModelInput, modelInput } from './input.ts';
import { quantities } from './quantities.ts';

export interface Named {
  readonly name: string;
}

export interface Sized {
  readonly bytes: number;
}

export interface Half {
  readonly layers: number;
  readonly width: number;
}

export const models = {
  title: 'Model',
  close: 'Close the models',
  buttonTip: 'The model that paints: its size, what it is doing, and others to choose.',
  /** @param phase what it is doing, in a few words */
  button: ({ name, phase }: Named & { readonly phase: string | null }) =>
    phase === null ? `Model: ${name}` : `Model: ${name}. ${phase}`,

  /** What it is doing, in a few words. */
  phase: {
    loading: 'Loading the model',
    loadingBytes: (loaded: Loaded) => `Loading ${loadedOf(loaded)}`,
    compiling: 'Compiling',
    warmingUp: ({ step, steps }: Steps) => `Warming up, ${step} of ${steps}`,
    failed: 'The model failed',
    /** Where another one is in use. */
    otherFailed: ({ name }: Named) => `${name} failed`,
    waiting: 'waiting for the model',
  },
  /** @param error a sentence */
  failedBeside: ({ error, name, device }: Named & { readonly error: string; readonly device: string }) =>
    `${error} ${name} on ${device} stays in use.`,

  inUse: {
    label: 'The model in use',
    card: 'Model card',
    bundled: 'A small demonstration model; the official ones can be loaded below.',
    none: 'No model is ready yet.',
    parameters: { name: 'Parameters', value: (count: number) => quantities.parameters(count) },
    weights: { name: 'Weights', value: (bytes: number) => format.size(bytes) },
    input: { name: 'Input', value: (input: ModelInput) => modelInput(input) },
    patches: {
      name: 'Patches',
      value: ({ count, side }: { readonly count: number; readonly side: number }) =>
        `${count} of ${side} × ${side}`,
    },
    encoder: {
      name: 'Encoder',
      value: ({ layers, width }: Half) => `${layers} layers, ${width} wide`,
    },
    decoder: {
      name: 'Decoder',
      value: ({ layers, width }: Half) => `${layers} layers, ${width} wide`,
    },
    normalised:
      'Trained on normalised pixels (norm_pix_loss): each patch gets the mean and the deviation of the original back, which the model itself did not paint.',
  },

  choose: {
    title: 'Choose a model',
    lead: 'The official checkpoints run here as they were published. They are downloaded once and stay in this browser; your images never leave it.',
    bundled: 'Comes with the page: small and quick, for a first look.',
    /** What the published ones are good for. */
    published: {
      'facebook/vit-mae-base': '112 million parameters. The paper’s smallest: a good start.',
      'facebook/vit-mae-large': '330 million parameters. The paper’s usual choice.',
      'facebook/vit-mae-huge': '657 million parameters. The largest, with finer patches.',
    },
    otherPublished: 'Published by the paper’s authors.',
    from: ({ host }: { readonly host: string }) => `From ${host}`,
    loading: ({ name }: Named) => `Loading <unseen>${name}</unseen>`,
    inUse: ({ name }: Named) => `In use <unseen>${name}</unseen>`,
    use: ({ name }: Named) => `Use <unseen>${name}</unseen>`,
    resume: ({ name }: Named) => `Resume <unseen>${name}</unseen>`,
    get: ({ name }: Named) => `Get <unseen>${name}</unseen>`,
  },

  stored: {
    label: 'Storage and hub',
    here: 'On this device: opens without network',
    unfinished: ({ bytes, totalBytes }: Sized & { readonly totalBytes: number | null }) =>
      totalBytes === null
        ? `Unfinished: ${format.size(bytes)} are here.`
        : `Unfinished: ${format.size(bytes)} of ${format.size(totalBytes)} are here.`,
    none: 'No model is stored on this device.',
    models: ({ count, bytes }: Sized & { readonly count: number }) =>
      `Stored on this device: ${format.plural(count, { one: 'one model', other: '# models' })}, ${format.size(bytes)}.`,
    free: ({ bytes }: Sized) => `The browser has ${format.size(bytes)} left for this page.`,
    notKept: 'It did not promise to keep them: it may clear them when the disk runs full.',
    delete: ({ name }: Named) => `Delete ${name}`,
    deleteTip: 'Frees the space that it takes on this device.',
    deleteAsk: ({ name, bytes, inUse }: Named & Sized & { readonly inUse: boolean }) =>
      `Delete ${name} from this device? That frees ${format.size(bytes)}; it can be downloaded again.${
        inUse ? ' It stays in use until you choose another model or leave the page.' : ''
      }`,
    deleteBytes: ({ bytes }: Sized) => `Delete ${format.size(bytes)}`,
    keep: 'Keep it',
  },

  any: {
    label: 'By name or address',
    title: 'Any other, by name or address',
    placeholder: 'owner/name',
    lookUp: 'Look up',
    hint: 'A repository (owner/name, or owner/name@revision), a folder’s address, or that of a file of weights.',
  },

  own: {
    title: 'From this device',
    chooseFiles: 'Choose files',
    chooseFolder: 'Choose a folder',
    hint: 'config.json and the weights together, or a single .pth. Dropping them anywhere on the page does the same. Nothing is uploaded.',
    files: 'Files of a model',
    folder: 'Folder of a model',
  },

  hub: {
    title: ({ host }: { readonly host: string }) => `Hub: ${host}`,
    address: 'Address of the hub',
    apply: 'Apply',
    reset: 'Reset',
    hint: 'Where names such as facebook/vit-mae-base are looked up: the hub itself, or a mirror with the same layout.',
  },

  /** What a download will be, before it begins. */
  plan: {
    label: ({ name }: Named) => `Download ${name}`,
    lookingUp: ({ name }: Named) => `Looking up ${name}…`,
    toldLookingUp: ({ name }: Named) => `Looking up ${name}.`,
    toldFound: ({ title, bytes }: { readonly title: string; readonly bytes: number | null }) =>
      bytes === null ? `${title} was found.` : `${title} was found: ${format.size(bytes)} to download.`,
    sizeNotKnown: ({ title }: { readonly title: string }) =>
      `<strong>${title}</strong>: its size is not known beforehand.`,
    size({
      title,
      bytes,
      exact,
      hereBytes,
    }: Sized & { readonly title: string; readonly exact: boolean; readonly hereBytes: number }) {
      const size = `${exact ? '' : 'about '}${format.exactSize(bytes)}`;
      const here = hereBytes === 0 ? '' : `, ${format.size(hereBytes)} are here already`;
      return `<strong>${title}</strong>: ${size} to download${here}.`;
    },
    kept: 'It stays in this browser, so the next visit needs no network.',
    notKept: 'This browser gives the page no storage, so the next visit downloads it again.',
    noRoom: ({ bytes }: Sized) =>
      `The browser has ${format.size(bytes)} left for this page. Delete models that you no longer need first.`,
    download: 'Download',
    downloadBytes: ({ bytes }: Sized) => `Download ${format.size(bytes)}`,
    downloadOther: ({ bytes }: Sized) => `Download the other ${format.size(bytes)}`,
    notNow: 'Not now',
  },

  loading: {
    label: ({ name }: Named) => `Loading ${name}`,
    opening: 'Opening…',
    /** "120 MB of 448 MB, 11.2 MB/s, about 30 s left" */
    progress: ({
      loaded,
      total,
      bytesPerSecond,
      secondsLeft,
    }: Loaded & { readonly bytesPerSecond: number | null; readonly secondsLeft: number | null }) =>
      [
        loadedOf({ loaded, total }),
        ...(bytesPerSecond === null ? [] : [`${format.size(bytesPerSecond)}/s`]),
        ...(secondsLeft === null ? [] : [quantities.timeLeft(secondsLeft)]),
      ].join(', '),
    arrivedKept: 'What has arrived is kept.',
    staysInUseMeanwhile: ({ name }: Named) => `${name} stays in use meanwhile.`,
    cancel: 'Cancel',
    /** @param error a sentence */
    failedBeside: ({ error, name }: Named & { readonly error: string }) => `${error} ${name} stays in use.`,
  },

  /** Before a model is loaded that may be too much for WebAssembly. */
  heavy: {
    float32: ({ bytes }: Sized) =>
      `On WebAssembly, which this page runs on here, it needs ${format.size(bytes)} of memory and a lot of time for each image. In int8, a choice in the device menu, both are less.`,
    int8: ({ bytes }: Sized) =>
      `On WebAssembly, which this page runs on here, it needs ${format.size(bytes)} of memory, in int8, and a lot of time for each image.`,
  },
} as const;
