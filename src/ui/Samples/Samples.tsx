/** Where pictures come from: the drop zone, and the sample pictures beside it. */

import { keyLabels } from '../../actions/action.ts';
import { openPicture, openSample, pastePicture } from '../../actions/all.ts';
import type { Sample } from '../../store/image/samples.ts';
import { useActionContext, useLensState } from '../lens-context.tsx';
import { PlacedNotice } from '../Notice/NoticeCard.tsx';
import { Tip } from '../Tip/Tip.tsx';
import styles from './Samples.module.css';

export function Samples() {
  const samples = useLensState((state) => state.samples);
  const opening = useLensState((state) => state.opening);
  return (
    <section className={styles.samples} aria-label="Pictures" aria-busy={opening !== null}>
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
  const Icon = openPicture.icon;
  return (
    <Tip
      text={`Drop a picture anywhere on the page, paste one (${keyLabels(pastePicture).join()}), or choose one here. It stays on this device.`}
      keys={keyLabels(openPicture)}
    >
      <button type="button" className={styles.drop} onClick={() => openPicture.perform(context)}>
        <Icon aria-hidden className={styles.icon} />
        <span>
          <strong>Your picture</strong>
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
