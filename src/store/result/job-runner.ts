/** One run in flight, the newest job next, the ones between never started. */
export interface JobRunner<Job> {
  /** Runs the job next, in place of any that waits. */
  request(job: Job): void;
  /** Forgets the job that waits; the one in flight goes on. */
  forget(): void;
  /** Resolves when no job is in flight and none waits; null when that is so. */
  working(): Promise<void> | null;
}

export function createJobRunner<Job, Answer>(
  run: (job: Job) => Promise<Answer>,
  onAnswer: (job: Job, answer: Answer) => void,
  onError: (job: Job, error: unknown) => void,
): JobRunner<Job> {
  let waiting: { readonly job: Job } | null = null;
  let running: Promise<void> | null = null;

  async function work(): Promise<void> {
    for (let next = take(); next !== null; next = take()) {
      const { job } = next;
      await run(job).then(
        (answer) => onAnswer(job, answer),
        (error: unknown) => onError(job, error),
      );
    }
    running = null;
  }

  function take(): { readonly job: Job } | null {
    const next = waiting;
    waiting = null;
    return next;
  }

  return {
    request(job) {
      waiting = { job };
      running ??= work();
    },
    forget() {
      waiting = null;
    },
    working: () => running,
  };
}
