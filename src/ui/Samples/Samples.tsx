/** Where images come from: the drop zone, and the sample images beside it. */

import { keyLabels } from '../../actions/action.ts';
import { openImage, openSample, pasteImage } from '../../actions/all.ts';
import type { Sample } from '../../store/image/samples.ts';
import { useActionContext, useLensState } from '../lens-context.tsx';
import { PlacedNotice } from '../Notice/NoticeCard.tsx';
import { Tip } from '../Tip/Tip.tsx';
import styles from './Samples.module.css';

export function Samples() {
  const samples = useLensState((state) => state.samples);
  const opening = useLensState((state) => state.opening);
  return (
    <section className={styles.samples} aria-label="Images" aria-busy={opening !== null}>
      <div className={styles.messages}>
        <PlacedNotice place="samples" />
      </div>
      <ul className={styles.strip}>
        <li className={styles.first}>
          <DropTile />
        </li>
        {samples.map((sample, index) => (
          <li key={sample.id}>
            <SampleTile sample={sample} index={index} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function DropTile() {
  const context = useActionContext();
  const Icon = openImage.icon;
  return (
    <Tip
      text={`Drop an image anywhere on the page, paste one (${keyLabels(pasteImage).join()}), or choose one here. It stays on this device.`}
      keys={keyLabels(openImage)}
    >
      <button type="button" className={styles.drop} onClick={() => openImage.perform(context)}>
        <Icon aria-hidden className={styles.icon} />
        <span>
          <strong>Your image</strong>
          <span className={styles.ways}> Drop, paste or choose. It stays on this device.</span>
        </span>
      </button>
    </Tip>
  );
}

function SampleTile({ sample, index }: { readonly sample: Sample; readonly index: number }) {
  const context = useActionContext();
  const chosen = useLensState((state) => state.settings.sample === sample.id);
  const action = openSample(sample, index);
  return (
    <Tip text={action.explanation} keys={keyLabels(action)}>
      <button
        type="button"
        className={styles.tile}
        aria-pressed={chosen}
        onClick={() => action.perform(context)}
      >
        <img src={sample.thumbnail} alt="" draggable={false} decoding="async" />
        <span className={styles.name}>{sample.title}</span>
      </button>
    </Tip>
  );
}
