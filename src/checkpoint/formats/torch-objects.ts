/**
 * What the pickle inside a PyTorch file may name, and what stands for it: tensors, their storages, dicts, and inert
 * data that training programs keep beside the weights. It is a closed list; nothing else has a meaning, and nothing
 * is ever run. Functions by torch/_utils.py, persistent ids by torch/serialization.py.
 */
import type { LensError } from '../../base/errors.ts';
import type { Refuse } from '../bytes/refusal.ts';
import { brief, quote } from '../bytes/words.ts';
import type { DType } from '../tensors/tensors.ts';
import { Callable, Instance, Tuple, type Vocabulary } from './pickle-objects.ts';

/** Memory that tensors lie in: the entry `data/<key>` of the archive. */
export class PickledStorage {
  readonly key: string;
  /** Undefined for bytes without a type, which the tensor gives them. */
  readonly dtype: DType | undefined;
  /** In values; in bytes where there is no type. */
  readonly length: number;

  constructor(key: string, dtype: DType | undefined, length: number) {
    this.key = key;
    this.dtype = dtype;
    this.length = length;
  }
}

/** A view of a storage. Offset and strides are in values, from 0 on. */
export class PickledTensor {
  readonly storage: PickledStorage;
  readonly dtype: DType;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(
    storage: PickledStorage,
    dtype: DType,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
  ) {
    this.storage = storage;
    this.dtype = dtype;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** PyTorch itself stops at 64. */
const MAX_DIMENSIONS = 64;
/** Items of dicts that are made from a list, over the whole file; torch.save fills dicts in another way. */
const MAX_LISTED_ITEMS = 100_000;

const STORAGES: ReadonlyMap<string, DType> = new Map([
  ['torch.FloatStorage', 'F32'],
  ['torch.HalfStorage', 'F16'],
  ['torch.BFloat16Storage', 'BF16'],
  ['torch.DoubleStorage', 'F64'],
  ['torch.LongStorage', 'I64'],
  ['torch.IntStorage', 'I32'],
  ['torch.ShortStorage', 'I16'],
  ['torch.CharStorage', 'I8'],
  ['torch.ByteStorage', 'U8'],
  ['torch.BoolStorage', 'BOOL'],
  ['torch.ComplexFloatStorage', 'C64'],
]);

/** Its name has changed over the versions. */
const UNTYPED: ReadonlySet<string> = new Set([
  'torch.storage.UntypedStorage',
  'torch.UntypedStorage',
  'torch.storage._UntypedStorage',
  'torch._UntypedStorage',
]);

const DTYPES: ReadonlyMap<string, DType> = new Map([
  ['torch.float32', 'F32'],
  ['torch.float16', 'F16'],
  ['torch.bfloat16', 'BF16'],
  ['torch.float64', 'F64'],
  ['torch.int64', 'I64'],
  ['torch.int32', 'I32'],
  ['torch.int16', 'I16'],
  ['torch.int8', 'I8'],
  ['torch.uint8', 'U8'],
  ['torch.uint16', 'U16'],
  ['torch.uint32', 'U32'],
  ['torch.uint64', 'U64'],
  ['torch.bool', 'BOOL'],
  ['torch.complex64', 'C64'],
  ['torch.float8_e4m3fn', 'F8_E4M3'],
  ['torch.float8_e5m2', 'F8_E5M2'],
  ['torch.float8_e8m0fnu', 'F8_E8M0'],
  ['torch.float8_e4m3fnuz', 'F8_E4M3FNUZ'],
  ['torch.float8_e5m2fnuz', 'F8_E5M2FNUZ'],
]);

/** Classes and functions whose objects are kept as data, arguments and state unread. Python 2's names too. */
const INERT: ReadonlySet<string> = new Set([
  '__builtin__.bytearray',
  '__builtin__.complex',
  '__builtin__.dict',
  '__builtin__.frozenset',
  '__builtin__.list',
  '__builtin__.set',
  '_codecs.encode',
  'argparse.Namespace',
  'builtins.bytearray',
  'builtins.complex',
  'builtins.dict',
  'builtins.frozenset',
  'builtins.list',
  'builtins.set',
  'collections.Counter',
  'collections.defaultdict',
  'numpy._core.multiarray._reconstruct',
  'numpy._core.multiarray.scalar',
  'numpy.core.multiarray._reconstruct',
  'numpy.core.multiarray.scalar',
  'numpy.dtype',
  'numpy.ndarray',
  'pathlib.Path',
  'pathlib.PosixPath',
  'pathlib.PurePosixPath',
  'pathlib.PureWindowsPath',
  'pathlib.WindowsPath',
  'torch.Tensor',
  'torch.device',
  'torch.nn.parameter.Parameter',
  'torch.serialization._get_layout',
  'torch.storage.TypedStorage',
  'torch.storage._TypedStorage',
]);

/** Modules of models: a file that names them was saved with the whole model instead of its weights. */
const MODELS = /^(?:__main__|models?(?:_mae)?|timm|torch\.nn\.modules|torch\.fx|torchvision|transformers)\./;

/** The vocabulary for one file. */
export function torchVocabulary(refuse: Refuse): Vocabulary {
  let listed = 0;
  /** Called with a list, it takes as long as the list, and a pickle can name one list again and again. */
  const orderedDict = (args: readonly unknown[]) => {
    const [items = []] = args;
    if (items instanceof Map) return items;
    if (!Array.isArray(items)) throw refuse('checkpoint-malformed/pickle-dict-from', { value: brief(items) });
    listed += items.length;
    if (listed > MAX_LISTED_ITEMS) throw refuse('checkpoint-malformed/pickle-too-many-dicts');
    return new Map(
      items.map((item) => {
        const pair = item instanceof Tuple ? item.items : item;
        if (!Array.isArray(pair) || pair.length !== 2)
          throw refuse('checkpoint-malformed/pickle-dict-not-pairs');
        return [pair[0], pair[1]];
      }),
    );
  };

  const functions: ReadonlyMap<string, (args: readonly unknown[]) => unknown> = new Map([
    ['collections.OrderedDict', orderedDict],
    ['torch.Size', ([sizes]: readonly unknown[]) => sizes],
    ['torch._utils._rebuild_tensor', (args) => tensor(args, undefined, refuse)],
    ['torch._utils._rebuild_tensor_v2', (args) => tensor(args, undefined, refuse)],
    ['torch._utils._rebuild_tensor_v3', (args) => tensor(args, args[6], refuse)],
    ['torch._utils._rebuild_parameter', ([data]) => data],
    ['torch._utils._rebuild_parameter_with_state', ([data]) => data],
    [
      'torch._tensor._rebuild_from_type_v2',
      ([rebuild, , args]) => {
        // One level: that of an ordinary tensor with attributes.
        if (!(rebuild instanceof Callable) || !rebuild.name.startsWith('torch._utils.')) {
          throw refuse('checkpoint-malformed/pickle-rebuilds-unknown');
        }
        if (!(args instanceof Tuple)) throw refuse('checkpoint-malformed/pickle-rebuilds-without-arguments');
        return rebuild.call(args.items);
      },
    ],
  ]);

  return {
    find(name) {
      const call = functions.get(name);
      if (call !== undefined) return new Callable(name, call);
      if (INERT.has(name) || DTYPES.has(name) || STORAGES.has(name) || UNTYPED.has(name)) {
        return new Callable(name, (args) => new Instance(name, args));
      }
      throw unknown(name, refuse);
    },
    load: (id) => storage(id, refuse),
  };
}

function unknown(name: string, refuse: Refuse): LensError {
  return MODELS.test(name)
    ? refuse('checkpoint-unsupported/python-object', { name: quote(name) })
    : refuse('checkpoint-unsupported/python-call', { name: quote(name) });
}

/** ("storage", type, key, location, length), and in old files what part of another it is, which no program writes. */
function storage(id: unknown, refuse: Refuse): PickledStorage {
  const items = id instanceof Tuple ? id.items : [];
  const [kind, type, key, , length, part = null] = items;
  if (kind !== 'storage' || !(type instanceof Callable) || typeof key !== 'string' || part !== null) {
    throw refuse('checkpoint-malformed/pickle-not-a-storage', { value: brief(kind ?? id) });
  }
  if (!isSize(length))
    throw refuse('checkpoint-malformed/pickle-storage-length', {
      storage: quote(key),
      length: brief(length),
    });
  const dtype = STORAGES.get(type.name);
  if (dtype === undefined && !UNTYPED.has(type.name)) {
    throw refuse('checkpoint-malformed/pickle-storage-type', { storage: quote(key), type: quote(type.name) });
  }
  return new PickledStorage(key, dtype, length);
}

/** (storage, offset, shape, strides, …) */
function tensor(
  [memory, offset, shape, strides]: readonly unknown[],
  type: unknown,
  refuse: Refuse,
): PickledTensor {
  if (!(memory instanceof PickledStorage))
    throw refuse('checkpoint-malformed/pickle-tensor-without-storage', { value: brief(memory) });
  const dtype = type instanceof Callable ? DTYPES.get(type.name) : memory.dtype;
  if (dtype === undefined)
    throw refuse('checkpoint-malformed/pickle-tensor-without-type', { storage: quote(memory.key) });
  const [sides, steps] = [sizes(shape), sizes(strides)];
  if (!isSize(offset) || sides === undefined || steps === undefined || sides.length !== steps.length) {
    throw refuse('checkpoint-malformed/pickle-tensor-shape', { storage: quote(memory.key) });
  }
  return new PickledTensor(memory, dtype, offset, sides, steps);
}

function sizes(value: unknown): readonly number[] | undefined {
  const items = value instanceof Tuple ? value.items : value;
  if (!Array.isArray(items) || items.length > MAX_DIMENSIONS) return undefined;
  return items.every(isSize) ? items : undefined;
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
