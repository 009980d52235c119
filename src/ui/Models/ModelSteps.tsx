/** Tells screen readers what was looked up and what a download had to do. Phases and results are the Announcer's. */
import { useLensState } from '../lens-context.tsx';
import { size } from '../words.ts';
import { useModels } from './use-models.ts';

export function ModelSteps() {
  const inquiry = useModels((state) => state.inquiry);
  const note = useLensState(({ model: { phase } }) => (phase.phase === 'loading' ? (phase.note ?? '') : ''));
  let words = note;
  if (inquiry !== null) {
    const { plan, source } = inquiry;
    if (plan === null) words = `Looking up ${source.name}.`;
    else if (plan.remainingBytes === null) words = `${plan.title} was found.`;
    else words = `${plan.title} was found: ${size(plan.remainingBytes)} to download.`;
  }
  return (
    <p className="visually-hidden" role="status">
      {words}
    </p>
  );
}
