/** The choice of device and dtype, and why they are these; behind DeviceButton. */
import { Popover } from '@base-ui/react/popover';
import { reasonText } from '../../base/reason.ts';
import { en } from '../../locales/en.ts';
import type { DeviceChoice } from '../../runtime/device/choice.ts';
import { type RadioChoice, RadioRows } from '../Choices/RadioRows.tsx';
import { useLens, useLensState } from '../lens-context.tsx';
import type { PopupProps } from '../Popup/PopupButton.tsx';
import popup from '../Popup/PopupPanel.module.css';
import { PopupPanel } from '../Popup/PopupPanel.tsx';
import { Agreement } from './Agreement.tsx';
import { DtypeChoices } from './DtypeChoices.tsx';
import styles from './Header.module.css';

const CHOICES: readonly RadioChoice<DeviceChoice>[] = [
  { value: 'auto', name: 'Auto', words: 'WebGPU where it works, WebAssembly elsewhere.' },
  { value: 'webgpu', name: 'WebGPU', words: 'The graphics processor: usually the fastest.' },
  { value: 'wasm', name: 'WebAssembly', words: 'The processor: works in every browser.' },
];

export function DeviceMenu(props: PopupProps) {
  const lens = useLens();
  const wanted = useLensState((state) => state.model.wantedDevice);
  const report = useLensState((state) => state.model.info?.device ?? null);
  return (
    <PopupPanel {...props} align="end" sideOffset={6} scrolls className={styles.popup}>
      <div className={styles.columns}>
        <section className={styles.column}>
          <Popover.Title className={popup.title}>Device</Popover.Title>
          <RadioRows label="Device" choices={CHOICES} chosen={wanted} onChoose={lens.setDevice} />
          {report !== null && (
            <p className={styles.running}>
              Running on {report.label}.{report.reason !== undefined && <> {reasonText(report.reason, en)}</>}
            </p>
          )}
        </section>
        <DtypeChoices />
      </div>
      <Agreement />
    </PopupPanel>
  );
}
