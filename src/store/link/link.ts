/**
 * The address's fragment: everything that makes the result, and what a teacher hides. One table says how each part
 * is written and read; what is as usual is left out. An image of the visitor's own never goes into a link, nor does a
 * model opened from files.
 */
import { type LensError, toLensError } from '../../base/errors.ts';
import { findStrategy, type StrategyId } from '../../mae/strategies/strategies.ts';
import { SAMPLES } from '../image/samples.ts';
import { DEFAULT_SETTINGS, type Generator, noiseOf, normalizeSeed } from '../mask/settings.ts';
import { DEMO, readHubName } from '../model/model-link.ts';
import type { Message } from '../notices/message.ts';
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
  /** Null when nothing is painted. The model may have another grid. */
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

/** The value, or what is wrong with its text, or both where a part of it can be used. */
type Read<T> =
  | { readonly value: T; readonly problem?: Message }
  | { readonly value?: undefined; readonly problem: Message };

interface Property<T> {
  /** Its name in the fragment. */
  readonly key: string;
  readonly write: (value: T) => string;
  readonly read: (text: string) => Read<T>;
}

const PROPERTIES: { readonly [Name in keyof Link]: Property<Link[Name]> } = {
  model: { key: 'model', write: (model) => model ?? OWN, read: readModel },
  sample: { key: 'image', write: (sample) => sample ?? OWN, read: readSample },
  ratio: { key: 'ratio', write: String, read: readRatio },
  seed: { key: 'seed', write: (seed) => seed, read: readSeed },
  generator: {
    key: 'generator',
    write: (generator) => generator,
    read: (text) => oneOf(['torch', 'numpy'], text, 'link-generator'),
  },
  strategy: {
    key: 'strategy',
    write: (strategy) => strategy,
    read: (text) => known(findStrategy(text)?.id, text, 'link-strategy'),
  },
  painted: {
    key: 'painted',
    write: (painted) => (painted === null ? '' : packPainted(painted)),
    read: readPainted,
  },
  view: {
    key: 'view',
    write: (flags) => flags.join(','),
    read: (text) => someOf(VIEW_FLAGS, text, 'link-view'),
  },
  embed: {
    key: 'embed',
    write: (embed) => (embed ? '1' : '0'),
    read: (text) =>
      text === '1' || text === '0' ? { value: text === '1' } : { problem: { key: 'link-embed' } },
  },
  hide: {
    key: 'hide',
    write: (parts) => parts.join(','),
    read: (text) => someOf(HIDEABLE, text, 'link-hide'),
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
  /** What could not be used; the usual value stands in its place. */
  readonly problems: readonly (Message | LensError)[];
}

/**
 * Reads a fragment, with its `#` or without. Keys that it does not know are somebody else's and kept silent about;
 * of a key that comes twice the first counts.
 */
export function parseLink(fragment: string): ParsedLink {
  const texts = new URLSearchParams(fragment.replace(/^#/, '').replaceAll('+', '%2B'));
  const problems: (Message | LensError)[] = [];
  let link = DEFAULT_LINK;
  for (const name of NAMES) {
    const text = texts.get(PROPERTIES[name].key);
    if (text === null) continue;
    const read = PROPERTIES[name].read(text);
    if (read.value !== undefined) link = { ...link, [name]: read.value };
    if (read.problem !== undefined) problems.push(read.problem);
  }
  // What one library takes for a seed the other may refuse.
  try {
    noiseOf(link.seed, link.generator, 1);
  } catch (error) {
    problems.push(toLensError(error, 'seed-invalid/unusable'));
    link = { ...link, seed: DEFAULT_LINK.seed };
  }
  return { link, problems };
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
  return name === null ? cannotUse('link-model', text) : { value: name };
}

function readSample(text: string): Read<string | null> {
  if (text === OWN) return { value: null };
  return known(SAMPLES.find(({ id }) => id === text)?.id, text, 'link-sample');
}

function readRatio(text: string): Read<number> {
  const ratio = /^\d*\.?\d+(e-\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return ratio >= 0 && ratio <= 1 ? { value: ratio } : cannotUse('link-ratio', text);
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
  return cannotUse('link-seed', text);
}

function readPainted(text: string): Read<PaintedGrid | null> {
  if (text === '') return { value: null };
  try {
    const painted = unpackPainted(text);
    return { value: painted.painted.size === 0 ? null : painted };
  } catch {
    return { problem: { key: 'link-painted' } };
  }
}

/** The messages that quote what stands in the link. */
type QuotingKey = Extract<Message, { readonly params: { readonly text: string } }>['key'];

function oneOf<T extends string>(all: readonly T[], text: string, otherwise: QuotingKey): Read<T> {
  return known(
    all.find((candidate) => candidate === text),
    text,
    otherwise,
  );
}

function known<T>(value: T | undefined, text: string, otherwise: QuotingKey): Read<T> {
  return value === undefined ? cannotUse(otherwise, text) : { value };
}

/** Words that are known, in their own order; a stranger among them is told. */
function someOf<T extends string>(all: readonly T[], text: string, key: QuotingKey): Read<readonly T[]> {
  const words = text.split(',').filter((word) => word !== '');
  const value = all.filter((candidate) => words.includes(candidate));
  const stranger = words.find((word) => !all.some((candidate) => candidate === word));
  return stranger === undefined ? { value } : { value, ...cannotUse(key, stranger) };
}

function cannotUse(key: QuotingKey, text: string): { readonly problem: Message } {
  return { problem: { key, params: { text: text.length <= 40 ? text : `${text.slice(0, 40)}…` } } };
}
