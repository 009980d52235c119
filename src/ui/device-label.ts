import { reasonText } from '../base/reason.ts';
import type { Words } from '../locales/words.ts';
import type { DeviceReport } from '../runtime/device/choice.ts';
import { dtypeObstacle } from '../store/model/agreement.ts';
import type { LensState } from '../store/state.ts';

/** "WebAssembly · 2 threads", "WebGPU · Apple M2": a graphics device has a name of its own. */
export function deviceName(
  { kind, label, threads }: Pick<DeviceReport, 'kind' | 'label' | 'threads'>,
  { device }: Words,
): string {
  return kind === 'wasm' ? device.wasm({ threads }) : label;
}

/** "WebAssembly · 2 threads", "WebAssembly · 2 threads · int8": float32 goes without saying. */
export function deviceLabel(report: DeviceReport, words: Words): string {
  const device = deviceName(report, words);
  return report.dtype === 'fp32' ? device : words.device.label({ device, dtype: words.dtypes[report.dtype] });
}

/** Why the model in use does not compute in what was asked for; null when it does. */
export function obstacleText({ model }: LensState, words: Words): string | null {
  const obstacle = dtypeObstacle(model);
  return obstacle === null ? null : reasonText(obstacle, words);
}
