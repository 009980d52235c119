/** From a file's tensors to the model's parameters, whichever of the known names the file uses. */

import type { AskedBy } from '../../locales/values.ts';
import type { ViTMAEConfig } from '../../mae/config.ts';
import { refusalOf } from '../bytes/refusal.ts';
import { firstNames, quote, sides } from '../bytes/words.ts';
import type { TensorEntry } from '../checkpoint.ts';
import { refuseUnreadable, type StoredTensor } from '../tensors/tensors.ts';
import {
  CLS_TOKEN,
  DECODER_POSITIONS,
  ENCODER_POSITIONS,
  expectedTensors,
  isParameter,
  PROJECTION,
} from './parameters.ts';
import type { NamingScheme, Parameter } from './scheme.ts';
import { SCHEMES } from './schemes.ts';

/** A file may lack these: they are fixed, not learned. */
const COMPUTED: ReadonlySet<string> = new Set([ENCODER_POSITIONS, DECODER_POSITIONS]);

/** What training wrappers put before every name. */
const WRAPPERS = /^(?:module\.|model\.|_orig_mod\.)+/;
/** What a classifier has in the decoder's place. */
const CLASSIFIER = /^(?:classifier|head|fc_norm)\./;

/** A model's parameters in a file. */
export interface NamedTensors {
  readonly scheme: NamingScheme;
  /** By their published names, in the file's order. */
  readonly found: ReadonlyMap<string, StoredTensor>;
}

/**
 * Finds every parameter of the model among a file's tensors. Tensors that the model does not have are ignored.
 * @param origin for people: the file's name
 * @throws LensError what `nameTensors` and `matchNamed` throw
 */
export function matchTensors(
  config: ViTMAEConfig,
  stored: Iterable<StoredTensor>,
  origin: string,
): ReadonlyMap<string, TensorEntry> {
  return matchNamed(config, nameTensors(stored, origin), origin);
}

/**
 * Finds out by which scheme a file's tensors are named, and which parameters they are.
 * @throws LensError `checkpoint-missing-tensor` when they are not those of a masked autoencoder, or of its encoder
 * only, `checkpoint-malformed` when two of the file's names mean the same parameter, `checkpoint-wrong-shape` when the
 * scheme finds no parameter in a tensor of that shape
 */
export function nameTensors(
  stored: Iterable<StoredTensor>,
  origin: string,
  schemes: readonly NamingScheme[] = SCHEMES,
): NamedTensors {
  const tensors = [...stored];
  const read = schemes.map((scheme) => ({ scheme, known: knownTo(scheme, tensors) }));
  const { scheme, known } = read.reduce((best, next) =>
    next.known.length > best.known.length ? next : best,
  );
  const places = new Map<string, Place>();
  for (const { tensor, parameters } of known) {
    for (const parameter of parameters) {
      const other = places.get(parameter.name)?.tensor.name;
      if (other !== undefined) {
        const names = { one: quote(other), other: quote(tensor.name) };
        throw refusalOf(origin)('checkpoint-malformed/parameter-twice', names);
      }
      places.set(parameter.name, { tensor, parameter });
    }
  }
  const names = tensors.map(({ name }) => name);
  refuseOthers(places, names, origin);
  const found = new Map([...places].map(([name, { parameter }]) => [name, parameter.view()]));
  return { scheme, found };
}

/**
 * The parameters that a config asks for.
 * @param askedBy what asks for them, for the error's sentence
 * @throws LensError `checkpoint-missing-tensor`, `checkpoint-wrong-shape`, `checkpoint-unsupported` for a type that
 * cannot be read
 */
export function matchNamed(
  config: ViTMAEConfig,
  { found }: NamedTensors,
  origin: string,
  askedBy: AskedBy = 'config',
): ReadonlyMap<string, TensorEntry> {
  const expected = expectedTensors(config);
  const missing = [...expected.keys()].filter((name) => !found.has(name) && !COMPUTED.has(name));
  if (missing.length > 0) {
    throw refusalOf(origin)('checkpoint-missing-tensor/parameters', {
      count: missing.length,
      expected: expected.size,
      missing: firstNames(missing),
      askedBy,
    });
  }
  const entries = new Map<string, TensorEntry>();
  for (const [name, shape] of expected) {
    const tensor = found.get(name) ?? null;
    if (tensor !== null) {
      refuseShape(tensor, shape, askedBy);
      refuseUnreadable(tensor);
    }
    entries.set(name, { name, shape, stored: tensor });
  }
  return entries;
}

/** A name without what wrappers put before it. */
function unwrapped(name: string): string {
  return name.replace(WRAPPERS, '');
}

/** Which of a file's tensor holds which parameter. */
interface Place {
  readonly tensor: StoredTensor;
  readonly parameter: Parameter;
}

function knownTo(
  scheme: NamingScheme,
  tensors: readonly StoredTensor[],
): { readonly tensor: StoredTensor; readonly parameters: readonly Parameter[] }[] {
  return tensors
    .map((tensor) => ({ tensor, parameters: scheme.parameters(unwrapped(tensor.name), tensor) }))
    .filter(({ parameters }) => parameters.length > 0 && parameters.every(({ name }) => isParameter(name)));
}

function refuseOthers(found: ReadonlyMap<string, unknown>, names: readonly string[], origin: string): void {
  // Models of language have layers of the same names.
  const isVision = found.has(CLS_TOKEN) || found.has(PROJECTION);
  if (found.size > 0 && [...found.keys()].some((name) => name.startsWith('decoder.'))) return;
  if (!isVision) {
    throw refusalOf(origin)('checkpoint-missing-tensor/other-model', { found: firstNames(names) });
  }
  const head = names.find((name) => CLASSIFIER.test(unwrapped(name)));
  throw head === undefined
    ? refusalOf(origin)('checkpoint-missing-tensor/encoder-only')
    : refusalOf(origin)('checkpoint-missing-tensor/classifier', { tensor: quote(head) });
}

function refuseShape(tensor: StoredTensor, shape: readonly number[], askedBy: AskedBy): void {
  if (tensor.shape.length === shape.length && tensor.shape.every((side, i) => side === shape[i])) return;
  throw refusalOf(tensor.source.name)('checkpoint-wrong-shape/parameter', {
    tensor: quote(tensor.name),
    shape: sides(tensor.shape),
    expected: sides(shape),
    askedBy,
  });
}
