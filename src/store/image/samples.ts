/** The sample images in public/samples; their licences are in CREDITS.md beside them. */
import { LensError } from '../../base/errors.ts';

export interface Sample {
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** Relative to the page. */
  readonly file: string;
  /** The same, small: see tools/samples. */
  readonly thumbnail: string;
}

export const SAMPLES: readonly Sample[] = [
  { id: 'cat', title: 'Cat', file: 'samples/cat.jpg', thumbnail: 'samples/thumbnails/cat.webp' },
  { id: 'coffee', title: 'Coffee', file: 'samples/coffee.jpg', thumbnail: 'samples/thumbnails/coffee.webp' },
  {
    id: 'astronaut',
    title: 'Astronaut',
    file: 'samples/astronaut.jpg',
    thumbnail: 'samples/thumbnails/astronaut.webp',
  },
  { id: 'rocket', title: 'Rocket', file: 'samples/rocket.jpg', thumbnail: 'samples/thumbnails/rocket.webp' },
  { id: 'bricks', title: 'Bricks', file: 'samples/bricks.jpg', thumbnail: 'samples/thumbnails/bricks.webp' },
  {
    id: 'writing',
    title: 'Writing',
    file: 'samples/writing.jpg',
    thumbnail: 'samples/thumbnails/writing.webp',
  },
];

/** Gets a sample over the network. */
export async function fetchSample({ file, title }: Sample, baseUrl: string): Promise<Blob> {
  const answer = await fetch(new URL(file, baseUrl)).catch((cause: unknown) => {
    throw new LensError('network/sample', { title }, { cause });
  });
  if (!answer.ok) throw new LensError('network/sample-status', { title, status: answer.status });
  return answer.blob();
}
