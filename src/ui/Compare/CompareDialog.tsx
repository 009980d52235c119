/** Two panels in one, large: a slider moves the border between them. */
import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type CSSProperties, type Ref, useRef, useState } from 'react';
import { useLens, useLensState } from '../lens-context.tsx';
import sheet from '../Sheet/Sheet.module.css';
import { PanelCanvas } from '../Stage/PanelCanvas.tsx';
import {
  combinedScene,
  maskedScene,
  originalScene,
  reconstructionScene,
  type SceneOf,
} from '../Stage/scene.ts';
import styles from './CompareDialog.module.css';

const PANELS = {
  original: originalScene,
  masked: maskedScene,
  reconstruction: reconstructionScene,
  combined: combinedScene,
} satisfies Readonly<Record<string, SceneOf>>;
type Name = keyof typeof PANELS;

const NAMES = Object.keys(PANELS) as Name[];

export function CompareDialog() {
  const lens = useLens();
  const open = useLensState((state) => state.view.dialog === 'compare');
  const slider = useRef<HTMLInputElement>(null);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => lens.setDialog(next ? 'compare' : null)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={sheet.backdrop} />
        <Dialog.Popup className={`${sheet.sheet} ${styles.compare}`} initialFocus={slider}>
          <div className={sheet.head}>
            <Dialog.Title className={sheet.title}>Compare</Dialog.Title>
            <Dialog.Close className={sheet.close} aria-label="Close">
              <X aria-hidden size={18} />
            </Dialog.Close>
          </div>
          <Comparison sliderRef={slider} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Comparison({ sliderRef }: { readonly sliderRef: Ref<HTMLInputElement> }) {
  const [left, setLeft] = useState<Name>('original');
  const [right, setRight] = useState<Name>('combined');
  const [part, setPart] = useState(50);
  const errors = useLensState((state) => state.view.errors);
  const title = (name: Name) =>
    name === 'combined' ? (errors ? 'error per patch' : 'reconstruction + visible') : name;
  return (
    <>
      <div className={styles.names}>
        <Choice label="On the left" value={left} title={title} onChange={setLeft} />
        <Choice label="On the right" value={right} title={title} onChange={setRight} />
      </div>
      <div className={styles.stage} style={{ '--part': `${part}%` } as CSSProperties}>
        <div className={styles.panel}>
          <PanelCanvas scene={PANELS[right]} summary={`On the right: ${title(right)}`} />
        </div>
        <div className={`${styles.panel} ${styles.left}`}>
          <PanelCanvas scene={PANELS[left]} summary={`On the left: ${title(left)}`} />
        </div>
        <div className={styles.border} aria-hidden />
        <input
          ref={sliderRef}
          className={styles.slider}
          type="range"
          min={0}
          max={100}
          value={part}
          aria-label="Border between the two panels"
          aria-valuetext={`${part} % ${title(left)}, ${100 - part} % ${title(right)}`}
          onChange={(event) => setPart(event.currentTarget.valueAsNumber)}
        />
      </div>
    </>
  );
}

function Choice(props: {
  readonly label: string;
  readonly value: Name;
  readonly title: (name: Name) => string;
  readonly onChange: (name: Name) => void;
}) {
  const { label, value, title, onChange } = props;
  return (
    <select
      className={styles.choice}
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = NAMES.find((name) => name === event.currentTarget.value);
        if (chosen !== undefined) onChange(chosen);
      }}
    >
      {NAMES.map((name) => (
        <option key={name} value={name}>
          {title(name)}
        </option>
      ))}
    </select>
  );
}
