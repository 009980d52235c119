/** Tells screen readers the steps, politely: what was opened, what the model does, what was painted. */

import { useEffect, useState } from 'react';
import type { Words } from '../../locales/words.ts';
import { type LensState, resultStatus, shownResult } from '../../store/state.ts';
import { deviceLabel } from '../device-label.ts';
import { useLens, useWords } from '../lens-context.tsx';
import { sweepStep } from '../Sweep/texts.ts';

/** A result is told when the visitor's hand has rested this long. */
const SETTLED_MS = 700;

export function Announcer() {
  const { store, sweeps } = useLens();
  const words = useWords();
  const [said, say] = useState('');

  useEffect(() => {
    let step = stepText(store.getState(), words);
    let painted = '';
    let measured = measurementText(store.getState(), words);
    let timer: number | undefined;
    const unsubscribe = store.subscribe((state) => {
      const now = stepText(state, words);
      if (now !== step) {
        step = now;
        if (now !== '') say(now);
      }
      const measurement = measurementText(state, words);
      if (measurement !== measured) {
        measured = measurement;
        if (measurement !== '') say(measurement);
      }
      window.clearTimeout(timer);
      const result = resultText(state, words);
      if (result === painted || result === '') return;
      timer = window.setTimeout(() => {
        painted = result;
        say(result);
      }, SETTLED_MS);
    });
    return () => {
      window.clearTimeout(timer);
      unsubscribe();
    };
  }, [store, words]);

  useEffect(
    () =>
      sweeps.store.subscribe(({ sweeps }, { sweeps: before }) => {
        for (const kind of ['seeds', 'ratios'] as const) {
          const now = sweepStep(sweeps[kind], words);
          if (now !== '' && now !== sweepStep(before[kind], words)) say(now);
        }
      }),
    [sweeps, words],
  );

  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {said}
    </p>
  );
}

/** Steps, not bytes. Failures are alerts of their own. */
function stepText({ model, opening }: LensState, words: Words): string {
  const told = words.page.announcements;
  if (opening !== null) return told.opening({ name: opening });
  switch (model.phase.phase) {
    case 'loading':
      return told.loading;
    case 'compiling':
      return told.compiling;
    case 'warming-up':
      return told.warmingUp;
    case 'ready':
      return model.info === null
        ? told.readyHere
        : told.ready({ device: deviceLabel(model.info.device, words) });
    default:
      return '';
  }
}

function measurementText({ agreement: { measuring, measured } }: LensState, { dtypes, page }: Words): string {
  const told = page.announcements;
  if (measuring === null)
    return measured === null
      ? ''
      : told.measured({ dtype: dtypes[measured.dtype], psnr: measured.lowestPsnr });
  const dtype = dtypes[measuring.dtype];
  return measuring.step?.phase === 'comparing'
    ? told.comparing({ dtype })
    : told.loadingCopy({ dtype, second: dtypes[measuring.second] });
}

function resultText(state: LensState, { page }: Words): string {
  const { image } = state;
  const result = shownResult(state);
  const status = resultStatus(state);
  if (image === null || result === null || (status !== null && status !== 'precomputed')) return '';
  const { patches, kept } = result.masking;
  return page.announcements.painted({
    name: image.name,
    masked: patches - kept,
    patches,
    loss: result.loss,
  });
}
