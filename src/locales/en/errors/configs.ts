/** config.json and preprocessor_config.json: what contradicts itself, and what this page does not do. */
export interface Value {
  /** As in the file, with dots where it is nested. */
  readonly key: string;
  readonly reason: string;
}

const wrong = (why: string) =>
  `This config.json cannot be right: ${why}. Fetch the file again from where the model was published.`;

const otherModel = (why: string) =>
  `This page cannot run the model that config.json describes: ${why}. Choose another ViTMAE checkpoint.`;

export const configErrors = {
  'config-invalid/form': wrong('its content has an unexpected form'),
  'config-invalid/no-multiple': ({
    whole,
    wholeValue,
    part,
    partValue,
  }: {
    readonly whole: string;
    readonly wholeValue: number;
    readonly part: string;
    readonly partValue: number;
  }) => wrong(`${whole} (${wholeValue}) is not a multiple of ${part} (${partValue})`),
  'config-invalid/no-object': wrong('it is not a JSON object'),
  'config-invalid/value': ({ key, reason }: Value) => wrong(`${key}: ${reason}`),

  'config-unsupported/hidden-act': ({
    act,
    known,
  }: {
    readonly act: string;
    readonly known: readonly string[];
  }) => otherModel(`hidden_act is "${act}"; supported are ${known.join(', ')}`),
  'config-unsupported/model-type': ({ type }: { readonly type: string }) =>
    otherModel(`model_type is "${type}"; this page runs "vit_mae" models only`),
  'config-unsupported/no-square': ({
    key,
    height,
    width,
  }: {
    readonly key: string;
    readonly height: number;
    readonly width: number;
  }) => otherModel(`${key} is [${height}, ${width}]; only squares are supported, as in the reference`),
  'config-unsupported/patches': ({ patches, limit }: { readonly patches: number; readonly limit: number }) =>
    otherModel(`it cuts an image into ${patches} patches; at most ${limit} are supported`),
  'config-unsupported/position-width': ({ width }: { readonly width: number }) =>
    `This checkpoint has no position embeddings, and a model of width ${width} has none to fall back on: the width must be a multiple of 4.`,
  'config-unsupported/too-large': ({
    key,
    value,
    limit,
  }: {
    readonly key: string;
    readonly value: number;
    readonly limit: number;
  }) => otherModel(`${key} is ${value}; at most ${limit} is supported`),
} as const;
