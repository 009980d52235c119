/** A network on the device that was asked for, or on WebAssembly where a GPU takes the model but cannot run it. */
import { toLensError } from '../base/errors.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import {
  type BackendRequest,
  type ChosenBackend,
  chooseBackend,
  fallbackReason,
  wasmBackend,
} from '../runtime/device/backend.ts';
import type { RuntimeLoader } from '../runtime/session/session.ts';
import { Network } from './network.ts';

export interface NetworkRequest extends Omit<BackendRequest, 'config'> {
  readonly loadRuntime: RuntimeLoader;
  /** `eager` composes attention of plain operators; `sdpa`, where absent, is one operator where the device has it right. */
  readonly attention?: 'sdpa' | 'eager' | undefined;
  /** Whether the decoder is made at once. True where absent. */
  readonly decoder?: boolean;
  /** Told when the device is certain, before the sessions are made; also again, when a GPU had to be given up. */
  readonly onChosen?: (chosen: ChosenBackend) => void;
}

export interface OpenedNetwork {
  readonly network: Network;
  readonly chosen: ChosenBackend;
}

/** @throws LensError; see `Session.create` */
export async function openNetwork(checkpoint: Checkpoint, request: NetworkRequest): Promise<OpenedNetwork> {
  const { device, dtype, onGraphics, loadRuntime, onChosen, decoder = true } = request;
  const { config } = checkpoint;
  const wanted = { device, config, dtype, ...(onGraphics === undefined ? {} : { onGraphics }) };
  const create = async (chosen: ChosenBackend): Promise<OpenedNetwork> => {
    onChosen?.(chosen);
    const graphOptions =
      request.attention === 'eager'
        ? { ...chosen.graphOptions, attention: 'composed' as const }
        : chosen.graphOptions;
    const { backend } = chosen;
    return { network: await Network.create(checkpoint, { backend, graphOptions }, { decoder }), chosen };
  };
  const chosen = await chooseBackend(wanted, loadRuntime);
  try {
    return await create(chosen);
  } catch (error) {
    if (chosen.backend.kind === 'wasm') throw toLensError(error, 'engine-failed/compile-model');
    return create(await wasmBackend(loadRuntime, dtype, fallbackReason(error)));
  }
}
