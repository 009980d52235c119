/** Two panels in one, large, and larger still: a slider moves the border between them. */
import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type CSSProperties, type Ref, useLayoutEffect, useRef, useState } from 'react';
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
  const [zoom, setZoom] = useState<Zoom>(1);
  const view = useRef<HTMLElement>(null);
  const errors = useLensState((state) => state.view.errors);
  const title = (name: Name) =>
    name === 'combined' ? (errors ? 'error per patch' : 'reconstruction + visible') : name;

  // Into the middle, whatever was zoomed to.
  useLayoutEffect(() => {
    const { current } = view;
    if (current === null || zoom === 1) return;
    current.scrollLeft = (current.scrollWidth - current.clientWidth) / 2;
    current.scrollTop = (current.scrollHeight - current.clientHeight) / 2;
  }, [zoom]);

  return (
    <div className={styles.comparison} data-zoomed={zoom > 1}>
      <div className={styles.names}>
        <Choice label="On the left" value={left} title={title} onChange={setLeft} />
        <Choice label="On the right" value={right} title={title} onChange={setRight} />
      </div>
      <div className={styles.frame} style={{ '--part': `${part}%`, '--zoom': zoom } as CSSProperties}>
        <section ref={view} className={styles.view} aria-label="The two panels" tabIndex={zoom > 1 ? 0 : -1}>
          <div className={styles.space}>
            <div className={styles.stage}>
              <div className={styles.panel}>
                <PanelCanvas scene={PANELS[right]} summary={`On the right: ${title(right)}`} />
              </div>
              <div className={`${styles.panel} ${styles.left}`}>
                <PanelCanvas scene={PANELS[left]} summary={`On the left: ${title(left)}`} />
              </div>
              <div className={styles.border} aria-hidden />
            </div>
          </div>
        </section>
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
      <div className={styles.zooms} role="radiogroup" aria-label="Zoom">
        {ZOOMS.map((candidate) => (
          <label key={candidate} className={styles.zoom}>
            <input
              type="radio"
              name="zoom"
              checked={candidate === zoom}
              onChange={() => setZoom(candidate)}
            />
            <span>{candidate}×</span>
          </label>
        ))}
      </div>
    </div>
  );
}

const ZOOMS = [1, 2, 4] as const;
type Zoom = (typeof ZOOMS)[number];

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
