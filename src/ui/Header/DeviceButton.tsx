/** What the model runs on, and why. */
import { ChevronDown, Cpu } from 'lucide-react';
import { useState } from 'react';
import { part } from '../Later/part.ts';
import { useLensState } from '../lens-context.tsx';
import { PopupButton } from '../Popup/PopupButton.tsx';
import styles from './Header.module.css';

export const deviceMenu = part(async () => (await import('./DeviceMenu.tsx')).DeviceMenu);

export function DeviceButton() {
  const [open, setOpen] = useState(false);
  const report = useLensState((state) => state.model.info?.device ?? null);
  return (
    <PopupButton
      popup={deviceMenu}
      kind="dialog"
      open={open}
      onOpenChange={setOpen}
      place="stage"
      tip={`What the model runs on. Everything is computed on this device. ${report?.reason ?? ''}`}
      tipSide="bottom"
      className={styles.trigger}
      label={`Device: ${report?.label ?? 'not known yet'}`}
    >
      <Cpu aria-hidden size={16} strokeWidth={1.75} />
      <span className={styles.device}>{report?.label ?? 'Device'}</span>
      {report?.reason !== undefined && <span className={styles.dot} aria-hidden />}
      <ChevronDown aria-hidden size={14} />
    </PopupButton>
  );
}
