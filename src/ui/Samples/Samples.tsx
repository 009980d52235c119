/** Where images come from: the drop zone, and the sample images beside it. */

import { actionWords, keyLabels } from '../../actions/action.ts';
import { openImage, openSample, pasteImage } from '../../actions/all.ts';
import type { Sample } from '../../store/image/samples.ts';
import { useActionContext, useLensState, useWords } from '../lens-context.tsx';
import { PlacedNotice } from '../Notice/NoticeCard.tsx';
import { Tip } from '../Tip/Tip.tsx';
import styles from './Samples.module.css';

export function Samples() {
  const words = useWords().page.images;
  const samples = useLensState((state) => state.samples);
  const opening = useLensState((state) => state.opening);
  return (
    <section className={styles.samples} aria-label={words.label} aria-busy={opening !== null}>
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
  const { images } = context.words.page;
  const Icon = openImage.icon;
  return (
    <Tip text={images.ownTip({ paste: keyLabels(pasteImage).join() })} keys={keyLabels(openImage)}>
      <button type="button" className={styles.drop} onClick={() => openImage.perform(context)}>
        <Icon aria-hidden className={styles.icon} />
        <span>
          <strong>{images.own}</strong>
          <span className={styles.ways}> {images.ways}</span>
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
    <Tip text={actionWords(action, context.words).explanation} keys={keyLabels(action)}>
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
