/** The sample pictures in public/samples; their licences are in CREDITS.md beside them. */

export interface Sample {
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** Relative to the page. */
  readonly file: string;
}

export const SAMPLES: readonly Sample[] = [
  { id: 'cat', title: 'Cat', file: 'samples/cat.jpg' },
  { id: 'coffee', title: 'Coffee', file: 'samples/coffee.jpg' },
  { id: 'astronaut', title: 'Astronaut', file: 'samples/astronaut.jpg' },
  { id: 'rocket', title: 'Rocket', file: 'samples/rocket.jpg' },
  { id: 'bricks', title: 'Bricks', file: 'samples/bricks.jpg' },
  { id: 'writing', title: 'Writing', file: 'samples/writing.jpg' },
];
