/**
 * The address's fragment: everything that makes the result, and what a teacher hides. One table says how each part
 * is written and read; what is as usual is left out. An image of the visitor's own never goes into a link, nor does a
 * model opened from files.
 */
import { toLensError } from '../../base/errors.ts';
import { findStrategy, type StrategyId } from '../../mae/strategies/strategies.ts';
import { SAMPLES } from '../image/samples.ts';
import { DEFAULT_SETTINGS, type Generator, noiseOf, normalizeSeed } from '../mask/settings.ts';
import { DEMO, readHubName } from '../model/model-link.ts';
import { type PaintedGrid, packPainted, unpackPainted } from './mask-codec.ts';

/** What is shown on top of the images, or beside them. */
export const VIEW_FLAGS = ['grid', 'order', 'errors', 'interpolation'] as const;
export type ViewFlag = (typeof VIEW_FLAGS)[number];

/** What a link can hide, so that a teacher can share a simpler page. */
export const HIDEABLE = [
  'header',
  'samples',
  'ratio',
  'seed',
  'generator',
  'strategy',
  'brush',
  'facts',
  'tools',
  'lesson',
] as const;
export type Hideable = (typeof HIDEABLE)[number];

/** How much of the page is shown. */
export interface Frame {
  /** Whether the page stands in another one's frame. */
  readonly embed: boolean;
  /** In the order of `HIDEABLE`. */
  readonly hide: readonly Hideable[];
}

export const WHOLE_PAGE: Frame = { embed: false, hide: [] };

export interface Link extends Frame {
  /** `demo`, or a name on the hub as in model-link.ts; null for a model that no link can name. */
  readonly model: string | null;
  /** The sample's id; null for an image of one's own. */
  readonly sample: string | null;
  readonly ratio: number;
  /** As in the settings: decimal digits, maybe with a minus. */
  readonly seed: string;
  readonly generator: Generator;
  readonly strategy: StrategyId;
  /** Null when nothing is painted. The model may have another grid: see `paintedOn`. */
  readonly painted: PaintedGrid | null;
  /** In the order of `VIEW_FLAGS`. */
  readonly view: readonly ViewFlag[];
}

export const DEFAULT_LINK: Link = {
  model: DEMO,
  sample: SAMPLES[0]?.id ?? null,
  ratio: DEFAULT_SETTINGS.ratio,
  seed: DEFAULT_SETTINGS.seed,
  generator: DEFAULT_SETTINGS.generator,
  strategy: 'random',
  painted: null,
  view: [],
  ...WHOLE_PAGE,
};

/** Stands in a link for what the link does not hold. */
const OWN = 'own';

/** For a link whose `sample` is null. */
export const OWN_IMAGE_MESSAGE =
  'This link was made with an image of somebody’s own, which never goes into a link. Open that image yourself to see the same result.';
/** For a link whose `model` is null. */
export const OWN_MODEL_MESSAGE =
  'This link was made with a model opened from files or from an address of its own, which never go into a link. Open that model yourself to see the same result.';

/** The value, or what is wrong with its text, or both where a part of it can be used. */
type Read<T> = { readonly value: T; readonly problem?: string } | { readonly problem: string };

interface Property<T> {
  /** Its name in the fragment. */
  readonly key: string;
  /** For people, after “The link’s”. */
  readonly label: string;
  readonly write: (value: T) => string;
  readonly read: (text: string) => Read<T>;
}

const PROPERTIES: { readonly [Name in keyof Link]: Property<Link[Name]> } = {
  model: { key: 'model', label: 'model', write: (model) => model ?? OWN, read: readModel },
  sample: { key: 'image', label: 'image', write: (sample) => sample ?? OWN, read: readSample },
  ratio: { key: 'ratio', label: 'mask ratio', write: String, read: readRatio },
  seed: { key: 'seed', label: 'seed', write: (seed) => seed, read: readSeed },
  generator: {
    key: 'generator',
    label: 'generator',
    write: (generator) => generator,
    read: (text) => oneOf(['torch', 'numpy'], text),
  },
  strategy: {
    key: 'strategy',
    label: 'masking strategy',
    write: (strategy) => strategy,
    read: (text) => orUnknown(findStrategy(text)?.id, text),
  },
  painted: {
    key: 'painted',
    label: 'painted mask',
    write: (painted) => (painted === null ? '' : packPainted(painted)),
    read: readPainted,
  },
  view: {
    key: 'view',
    label: 'view',
    write: (flags) => flags.join(','),
    read: (text) => someOf(VIEW_FLAGS, text),
  },
  embed: {
    key: 'embed',
    label: 'embed flag',
    write: (embed) => (embed ? '1' : '0'),
    read: (text) =>
      text === '1' || text === '0' ? { value: text === '1' } : { problem: 'it is neither 1 nor 0' },
  },
  hide: {
    key: 'hide',
    label: 'list of hidden parts',
    write: (parts) => parts.join(','),
    read: (text) => someOf(HIDEABLE, text),
  },
};

const NAMES = Object.keys(PROPERTIES) as (keyof Link)[];

/** The fragment without its `#`; empty when everything is as usual. */
export function formatLink(link: Link): string {
  return NAMES.flatMap((name) => {
    const text = written(name, link);
    return text === written(name, DEFAULT_LINK) ? [] : [`${PROPERTIES[name].key}=${escaped(text)}`];
  }).join('&');
}

export interface ParsedLink {
  readonly link: Link;
  /** What could not be used, in whole sentences; the usual value stands in its place. */
  readonly problems: readonly string[];
}

/**
 * Reads a fragment, with its `#` or without. Keys that it does not know are somebody else's and kept silent about;
 * of a key that comes twice the first counts.
 */
export function parseLink(fragment: string): ParsedLink {
  const texts = new URLSearchParams(fragment.replace(/^#/, '').replaceAll('+', '%2B'));
  const problems: string[] = [];
  let link = DEFAULT_LINK;
  for (const name of NAMES) {
    const text = texts.get(PROPERTIES[name].key);
    if (text === null) continue;
    const read = PROPERTIES[name].read(text);
    if ('value' in read) link = { ...link, [name]: read.value };
    if (read.problem !== undefined) {
      const instead = 'value' in read ? 'The rest of it is used.' : 'The usual one is used instead.';
      problems.push(`The link’s ${PROPERTIES[name].label} cannot be used: ${read.problem}. ${instead}`);
    }
  }
  // What one library takes for a seed the other may refuse.
  try {
    noiseOf(link.seed, link.generator, 1);
  } catch (error) {
    problems.push(toLensError(error, 'seed-invalid', 'The link’s seed cannot be used.').message);
    link = { ...link, seed: DEFAULT_LINK.seed };
  }
  return { link, problems };
}

/** The painted cells for a model's grid, or a sentence on why there are none. */
export function paintedOn(
  painted: PaintedGrid,
  grid: number,
): { readonly painted: PaintedGrid['painted'] } | { readonly problem: string } {
  if (painted.grid === grid) return { painted: painted.painted };
  return {
    problem: `The link’s painted mask is for ${painted.grid} x ${painted.grid} patches, but this model has ${grid} x ${grid}. Open the link with the model it was made for.`,
  };
}

function written<Name extends keyof Link>(name: Name, link: Link): string {
  return PROPERTIES[name].write(link[name]);
}

/** Percent-encoded, except for what is harmless in a fragment and easier to read as it is. */
function escaped(text: string): string {
  return encodeURIComponent(text).replaceAll(/%(?:2F|2C|40|3A)/g, decodeURIComponent);
}

function readModel(text: string): Read<string | null> {
  if (text === OWN) return { value: null };
  const name = text === DEMO ? DEMO : readHubName(text);
  if (name !== null) return { value: name };
  return {
    problem: `“${shortened(text)}” is neither “demo” nor a name such as facebook/vit-mae-base, with its revision after an @ where it has one`,
  };
}

function readSample(text: string): Read<string | null> {
  if (text === OWN) return { value: null };
  return orUnknown(SAMPLES.find(({ id }) => id === text)?.id, text);
}

function readRatio(text: string): Read<number> {
  const ratio = /^\d*\.?\d+(e-\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return ratio >= 0 && ratio <= 1
    ? { value: ratio }
    : { problem: `“${shortened(text)}” is not a number from 0 to 1` };
}

function readSeed(text: string): Read<string> {
  // The longest seed that PyTorch takes has twenty digits; very long ones would only cost time.
  if (text.length <= 40) {
    try {
      return { value: normalizeSeed(text) };
    } catch {
      // Said below.
    }
  }
  return { problem: `“${shortened(text)}” is not a whole number such as 2` };
}

function readPainted(text: string): Read<PaintedGrid | null> {
  if (text === '') return { value: null };
  try {
    const painted = unpackPainted(text);
    return { value: painted.painted.size === 0 ? null : painted };
  } catch {
    return { problem: 'it is damaged. Copy the whole link again' };
  }
}

function oneOf<T extends string>(known: readonly T[], text: string): Read<T> {
  return orUnknown(
    known.find((candidate) => candidate === text),
    text,
  );
}

function orUnknown<T>(value: T | undefined, text: string): Read<T> {
  return value === undefined ? { problem: `there is none called “${shortened(text)}”` } : { value };
}

/** Words that are known, in their own order; a stranger among them is told. */
function someOf<T extends string>(known: readonly T[], text: string): Read<readonly T[]> {
  const words = text.split(',').filter((word) => word !== '');
  const value = known.filter((candidate) => words.includes(candidate));
  const stranger = words.find((word) => !known.some((candidate) => candidate === word));
  return stranger === undefined
    ? { value }
    : { value, problem: `there is nothing called “${shortened(stranger)}”` };
}

function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
