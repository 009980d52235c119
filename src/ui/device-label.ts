import type { Words } from '../locales/words.ts';
import type { DeviceReport } from '../runtime/device/choice.ts';
import { DTYPE_NAMES } from '../runtime/device/dtype.ts';

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
  return report.dtype === 'fp32' ? device : words.device.label({ device, dtype: DTYPE_NAMES[report.dtype] });
}
