/** One run in flight, the newest job next, the ones between never started. */
export interface Runner<Job> {
  /** Runs the job next, in place of any that waits. */
  request(job: Job): void;
  /** Forgets the job that waits; the one in flight goes on. */
  forget(): void;
}

export function createRunner<Job, Answer>(
  run: (job: Job) => Promise<Answer>,
  onAnswer: (job: Job, answer: Answer) => void,
  onError: (job: Job, error: unknown) => void,
): Runner<Job> {
  let waiting: { readonly job: Job } | null = null;
  let running = false;

  async function work(): Promise<void> {
    running = true;
    for (let next = take(); next !== null; next = take()) {
      const { job } = next;
      await run(job).then(
        (answer) => onAnswer(job, answer),
        (error: unknown) => onError(job, error),
      );
    }
    running = false;
  }

  function take(): { readonly job: Job } | null {
    const next = waiting;
    waiting = null;
    return next;
  }

  return {
    request(job) {
      waiting = { job };
      if (!running) void work();
    },
    forget() {
      waiting = null;
    },
  };
}
