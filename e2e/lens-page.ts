import { expect, type Locator, type Page } from '@playwright/test';
import type { TestFile } from './images.ts';

export type Place = 'original' | 'masked' | 'reconstruction' | 'combined' | 'interpolation';

/** A panel's pixels, [side, side, 3]. */
export interface Pixels {
  readonly side: number;
  readonly rgb: Uint8Array;
}

/** Loading a model and its first runs take most of a minute on a busy machine with two cores. */
const MODEL_TIMEOUT = 90_000;

/** The page, as a test speaks of it. */
export class LensPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get slider(): Locator {
    return this.page.getByRole('slider', { name: 'Mask ratio' });
  }

  get seed(): Locator {
    return this.page.getByRole('textbox', { name: 'Seed' });
  }

  /** What went wrong, where it was done. */
  get alert(): Locator {
    return this.page.getByRole('alert');
  }

  get facts(): Locator {
    return this.page.getByLabel('Facts');
  }

  panel(place: Place): Locator {
    return this.page.locator(`figure[data-place="${place}"]`);
  }

  /** A panel's image; its name says in words what it shows. */
  canvas(place: Place): Locator {
    return this.panel(place).getByRole('img');
  }

  /** @param url Relative to the served page. */
  async open(url = './'): Promise<void> {
    await this.page.goto(url);
    // Until then it is an image of the page; see tools/shell.
    await expect(this.page.locator('#shell')).toHaveCount(0);
    await expect(this.page.getByRole('heading', { name: 'MAE Lens', level: 1 })).toBeVisible();
  }

  /** Keeps the model from arriving: for tests that need none, and for what the page shows before it. */
  async holdModel(): Promise<() => Promise<void>> {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const pattern = /\/models\/demo\//;
    await this.page.route(pattern, async (route) => {
      await held;
      await route.continue();
    });
    return async () => {
      release();
      await this.page.unroute(pattern);
    };
  }

  /** Waits until the painted panels are what the settings say, painted by the live model. */
  async painted(): Promise<void> {
    await expect(this.canvas('reconstruction')).toHaveAccessibleName(
      /^Reconstruction: every patch .*(loss [\d.]+\d|no masked patch)\.$/,
      { timeout: MODEL_TIMEOUT },
    );
  }

  /** Waits until the first sample is on the stage. */
  async firstImage(): Promise<void> {
    await expect(this.canvas('original')).toHaveAccessibleName(/^Original: Cat, /);
  }

  async choose(file: TestFile): Promise<void> {
    await this.page.locator('input[type="file"]').setInputFiles({ ...file });
  }

  /** Opens a file and waits for it on the stage. */
  async openFile(file: TestFile): Promise<void> {
    await this.choose(file);
    await expect(this.canvas('original')).toHaveAccessibleName(new RegExp(`^Original: ${file.name}, `));
  }

  async setRatio(percent: number): Promise<void> {
    await this.slider.fill(String(percent));
  }

  async chooseDevice(name: 'Auto' | 'WebGPU' | 'WebAssembly'): Promise<void> {
    await this.page.getByRole('button', { name: /^Device: / }).click();
    const devices = this.page.getByRole('radiogroup', { name: 'Device' });
    await devices.getByRole('radio', { name: new RegExp(`^${name}`) }).check();
    await this.page.keyboard.press('Escape');
  }

  /**
   * Makes every panel exactly as large as the model's input, so that nothing is enlarged and its pixels can be
   * compared one by one.
   */
  async exactPanels(side = 224): Promise<void> {
    await this.page.addStyleTag({
      content: `figure canvas { width: ${side}px !important; height: ${side}px !important; }`,
    });
    const sides = () =>
      this.page
        .locator('figure canvas')
        .evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).width));
    await expect.poll(async () => (await sides()).every((found) => found === side)).toBe(true);
  }

  async pixels(place: Place): Promise<Pixels> {
    const { side, text } = await this.canvas(place).evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      let binary = '';
      for (let i = 0; i < (data?.length ?? 0); i += 4) {
        binary += String.fromCharCode(data?.[i] ?? 0, data?.[i + 1] ?? 0, data?.[i + 2] ?? 0);
      }
      return { side: canvas.width, text: btoa(binary) };
    });
    return { side, rgb: new Uint8Array(Buffer.from(text, 'base64')) };
  }
}

/** The colour at a point, given in parts of the side. */
export function colourAt({ side, rgb }: Pixels, x: number, y: number): readonly [number, number, number] {
  const at = (Math.floor(y * side) * side + Math.floor(x * side)) * 3;
  return [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
}

/** The largest difference of any channel of any pixel. */
export function largestDifference(a: Pixels, b: Pixels): number {
  if (a.side !== b.side || a.rgb.length !== b.rgb.length) throw new Error('The panels differ in size.');
  let largest = 0;
  for (let i = 0; i < a.rgb.length; i++)
    largest = Math.max(largest, Math.abs((a.rgb[i] ?? 0) - (b.rgb[i] ?? 0)));
  return largest;
}
