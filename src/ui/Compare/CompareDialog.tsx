/** Two panels in one, large, and larger still: a slider moves the border between them. */
import { type CSSProperties, type KeyboardEvent, type Ref, useRef, useState } from 'react';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import { ModalDialog } from '../ModalDialog/ModalDialog.tsx';
import { PanelCanvas } from '../Stage/PanelCanvas.tsx';
import {
  combinedScene,
  interpolationScene,
  maskedScene,
  originalScene,
  reconstructionScene,
  type SceneOf,
} from '../Stage/scene.ts';
import { viewportAfterKey } from '../Zoom/keys.ts';
import { useViewport } from '../Zoom/use-viewport.ts';
import { ZoomBar } from '../Zoom/ZoomBar.tsx';
import styles from './CompareDialog.module.css';

const PANELS = {
  original: originalScene,
  masked: maskedScene,
  reconstruction: reconstructionScene,
  combined: combinedScene,
  interpolation: interpolationScene,
} satisfies Readonly<Record<string, SceneOf>>;
type Name = keyof typeof PANELS;

const NAMES = Object.keys(PANELS) as Name[];

export function CompareDialog() {
  const lens = useLens();
  const open = useLensState((state) => state.view.dialog === 'compare');
  const words = useWords();
  const slider = useRef<HTMLInputElement>(null);
  return (
    <ModalDialog
      title={words.page.compare.title}
      open={open}
      onOpenChange={(next) => lens.setDialog(next ? 'compare' : null)}
      initialFocus={slider}
      className={styles.compare}
    >
      <Comparison sliderRef={slider} />
    </ModalDialog>
  );
}

function Comparison({ sliderRef }: { readonly sliderRef: Ref<HTMLInputElement> }) {
  const lens = useLens();
  const {
    page: { compare },
    stage: { titles },
  } = useWords();
  const [chosenLeft, setLeft] = useState<Name>('original');
  const [chosenRight, setRight] = useState<Name>('combined');
  /** Of the left panel, in per cent. */
  const [share, setShare] = useState(50);
  const root = useRef<HTMLDivElement>(null);
  useViewport(root);
  const zoomed = useLensState(({ viewport }) => viewport.zoom > 1);
  const interpolation = useLensState((state) => state.view.interpolation);
  const errors = useLensState((state) => state.view.errors);
  const names = NAMES.filter((name) => interpolation || name !== 'interpolation');
  const left = names.includes(chosenLeft) ? chosenLeft : 'original';
  const right = names.includes(chosenRight) ? chosenRight : 'combined';
  const title = (name: Name) => titles[name === 'combined' && errors ? 'errors' : name];

  const keyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = viewportAfterKey(lens.store.getState().viewport, event.key);
    if (next === null) return;
    event.preventDefault();
    lens.setViewport(next);
  };

  return (
    <div ref={root} className={styles.comparison}>
      <div className={styles.names}>
        <Choice label={compare.left} names={names} value={left} title={title} onChange={setLeft} />
        <Choice label={compare.right} names={names} value={right} title={title} onChange={setRight} />
      </div>
      <div className={styles.frame} data-viewport="pan" style={{ '--part': `${share}%` } as CSSProperties}>
        <section
          className={styles.view}
          data-window
          aria-label={compare.panels}
          aria-description={compare.keys}
          tabIndex={zoomed ? 0 : -1}
          onKeyDown={keyDown}
        >
          <div className={styles.panel}>
            <PanelCanvas scene={PANELS[right]} summary={compare.rightPanel({ panel: title(right) })} />
          </div>
          <div className={`${styles.panel} ${styles.left}`}>
            <PanelCanvas scene={PANELS[left]} summary={compare.leftPanel({ panel: title(left) })} />
          </div>
          <div className={styles.border} aria-hidden />
        </section>
        <input
          ref={sliderRef}
          className={styles.slider}
          type="range"
          min={0}
          max={100}
          value={share}
          aria-label={compare.border}
          aria-valuetext={compare.shares({ left: title(left), right: title(right), share })}
          onChange={(event) => setShare(event.currentTarget.valueAsNumber)}
        />
      </div>
      <div className={styles.zooms}>
        <ZoomBar />
      </div>
    </div>
  );
}

function Choice(props: {
  readonly label: string;
  readonly names: readonly Name[];
  readonly value: Name;
  readonly title: (name: Name) => string;
  readonly onChange: (name: Name) => void;
}) {
  const { label, names, value, title, onChange } = props;
  return (
    <select
      className={styles.choice}
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = names.find((name) => name === event.currentTarget.value);
        if (chosen !== undefined) onChange(chosen);
      }}
    >
      {names.map((name) => (
        <option key={name} value={name}>
          {title(name)}
        </option>
      ))}
    </select>
  );
}
