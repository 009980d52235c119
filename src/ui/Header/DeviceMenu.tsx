/** The choice of device and dtype, and why they are these; behind DeviceButton. */
import { Popover } from '@base-ui/react/popover';
import { reasonText } from '../../base/reason.ts';
import type { DeviceChoice } from '../../runtime/device/choice.ts';
import { RadioRows } from '../Choices/RadioRows.tsx';
import { deviceName } from '../device-label.ts';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import type { PopupProps } from '../Popup/PopupButton.tsx';
import popup from '../Popup/PopupPanel.module.css';
import { PopupPanel } from '../Popup/PopupPanel.tsx';
import { Agreement } from './Agreement.tsx';
import { DtypeChoices } from './DtypeChoices.tsx';
import styles from './Header.module.css';

const CHOICES: readonly DeviceChoice[] = ['auto', 'webgpu', 'wasm'];

export function DeviceMenu(props: PopupProps) {
  const lens = useLens();
  const words = useWords();
  const { device } = words;
  const wanted = useLensState((state) => state.model.wantedDevice);
  const report = useLensState((state) => state.model.info?.device ?? null);
  return (
    <PopupPanel {...props} align="end" sideOffset={6} scrolls className={styles.popup}>
      <div className={styles.columns}>
        <section className={styles.column}>
          <Popover.Title className={popup.title}>{device.title}</Popover.Title>
          <RadioRows
            label={device.title}
            choices={CHOICES.map((value) => ({ value, ...device.choices[value] }))}
            chosen={wanted}
            onChoose={lens.setDevice}
          />
          {report !== null && (
            <p className={styles.running}>
              {device.running({
                device: deviceName(report, words),
                reason: report.reason === undefined ? null : reasonText(report.reason, words),
              })}
            </p>
          )}
        </section>
        <DtypeChoices />
      </div>
      <Agreement />
    </PopupPanel>
  );
}
