/**
 * TFViTMAEModel and TFViTMAEForPreTraining: the same network with TensorFlow's numbers, where they differ from
 * PyTorch's. Queries, keys and values have their biases whatever `qkv_bias` says; the loss has the shape [1], and
 * with `norm_pix_loss` divides by the biased variance; there is no head_mask.
 */
import { LensError } from '../base/errors.ts';
import type { ViTMAEConfig as ModelConfig } from '../mae/config.ts';
import type { Variance } from '../mae/loss.ts';
import { refuseNoBoolean } from './arguments.ts';
import type { ViTMAEInputs } from './inputs.ts';
import { ViTMAEForPreTraining, ViTMAEModel } from './modeling.ts';
import type {
  ViTMAEForPreTrainingOutput,
  ViTMAEForPreTrainingTuple,
  ViTMAEModelOutput,
  ViTMAEModelTuple,
} from './outputs.ts';
import type { Prepared } from './pretrained-model.ts';

export interface TFViTMAEInputs extends ViTMAEInputs {
  /** Dropout is a matter of training; here every call is evaluation, so this changes nothing. */
  readonly training?: boolean | null;
}

export interface TFViTMAEModel {
  (inputs: TFViTMAEInputs & { readonly return_dict: false }): Promise<ViTMAEModelTuple>;
  (inputs: TFViTMAEInputs): Promise<ViTMAEModelOutput>;
}

/** ViTMAEModel with TensorFlow's numbers. `training: true` acts as evaluation. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface says how instances are called
export class TFViTMAEModel extends ViTMAEModel {
  protected override get kind(): string {
    return 'TFViTMAEModel';
  }

  protected override graphConfig(config: ModelConfig): ModelConfig {
    return withBiases(config);
  }

  protected override prepare(inputs: TFViTMAEInputs): Prepared {
    checkTensorFlow(inputs);
    return super.prepare(inputs, ['training']);
  }
}

export interface TFViTMAEForPreTraining {
  (inputs: TFViTMAEInputs & { readonly return_dict: false }): Promise<ViTMAEForPreTrainingTuple>;
  (inputs: TFViTMAEInputs): Promise<ViTMAEForPreTrainingOutput>;
}

/** ViTMAEForPreTraining with TensorFlow's numbers; `outputs.loss` has the shape [1]. `training: true` acts as evaluation. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface says how instances are called
export class TFViTMAEForPreTraining extends ViTMAEForPreTraining {
  protected override get kind(): string {
    return 'TFViTMAEForPreTraining';
  }

  protected override graphConfig(config: ModelConfig): ModelConfig {
    return withBiases(config);
  }

  protected override get variance(): Variance {
    return 'biased';
  }

  protected override get lossDims(): number[] {
    return [1];
  }

  protected override prepare(inputs: TFViTMAEInputs): Prepared {
    checkTensorFlow(inputs);
    return super.prepare(inputs, ['training']);
  }
}

function withBiases(config: ModelConfig): ModelConfig {
  return { ...config, qkv_bias: true };
}

function checkTensorFlow(inputs: TFViTMAEInputs | null | undefined): void {
  if ((inputs?.head_mask ?? null) !== null) throw new LensError('argument-invalid/head-mask-tensorflow');
  refuseNoBoolean('training', inputs?.training);
}
