/** What is told of a model while it is downloaded, and of one that was opened: src/checkpoint. */
import type { Counts, Damage, Names } from '../values.ts';
import { damaged } from './phrases.ts';

/** Troubles of a download that were dealt with. A key is `kind/name`, as with errors. */
export const downloadNotices = {
  'changed/since-it-began': ({ file }: Names<'file'>) =>
    `${file} is another file now than when its download began: it starts over.`,
  'changed/on-server': ({ file }: Names<'file'>) =>
    `${file} has changed on the server since its download began: it starts over.`,
  'no-resume/starts-over': ({ file }: Names<'file'>) =>
    `${file} cannot be resumed from this server: it starts over.`,
  'damaged/cut-in-storage': ({ file }: Names<'file'>) =>
    `${file} is no longer stored completely: what is missing is fetched again.`,
  'damaged/in-storage': ({ file }: Names<'file'>) =>
    `${file} is damaged where it was stored: it is fetched again.`,
  'damaged/arrived': ({ file, damage }: Names<'file'> & { readonly damage: Damage }) =>
    `${file} arrived damaged (${damaged(damage)}): it is fetched again.`,
  'retrying/interrupted': ({ file }: Names<'file'>) =>
    `${file} was interrupted: what has arrived is kept, trying again.`,
} as const;

/** What a model's images are normalised with, where no file says it for its channels. */
export const normalizationAssumed = ({
  channels,
  mean,
  std,
}: Counts<'channels'> & { readonly mean: readonly number[]; readonly std: readonly number[] }): string =>
  `No preprocessor_config.json says how images of ${channels === 1 ? 'one channel' : `${channels} channels`} are normalised; assumed are ` +
  `a mean of [${mean.join(', ')}] and a deviation of [${std.join(', ')}].`;

/** What was assumed about a model that came without its config.json. */
export const assumptions = ({
  file,
  heads,
  decoderHeads,
  layerNormEps,
  normPixLoss,
  grid,
}: Names<'file'> &
  Counts<'heads' | 'layerNormEps'> & {
    /** Null where there is the encoder alone. */
    readonly decoderHeads: number | null;
    readonly normPixLoss: boolean;
    /** Null where nothing had to be assumed of it. */
    readonly grid: { readonly rows: number; readonly columns: number } | null;
  }): string => {
  const assumed = [
    `the numbers of attention heads (${heads} in the encoder${decoderHeads === null ? '' : `, ${decoderHeads} in the decoder`})`,
    `a LayerNorm epsilon of ${layerNormEps.toExponential()}`,
    'gelu',
    ...(grid === null ? [] : [`a grid of ${grid.rows} rows of ${grid.columns} patches`]),
    ...(decoderHeads === null ? [] : [normPixLoss ? 'normalised pixels' : 'raw pixels']),
  ];
  const all = `${assumed.slice(0, -1).join(', ')}${assumed.length > 3 ? ',' : ''} and ${assumed.at(-1)}`;
  return `${file} came without a config.json. Most of it is in the shapes; assumed are ${all}.`;
};
