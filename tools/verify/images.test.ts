import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HubServer } from '../../src/checkpoint/sources/testing/hub-server.ts';
import { readImage } from './images.ts';

const JPEG = Uint8Array.of(0xff, 0xd8, 1);
const PNG = Uint8Array.of(0x89, 0x50, 2);

let server: HubServer;
let folder: string;
beforeEach(async () => {
  server = await HubServer.start();
  folder = await mkdtemp(path.join(tmpdir(), 'mae-lens-images-'));
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const at = (url: string) => ({ url, width: 1, height: 1 });

test('an image comes from its own address, or from a mirror under its name', async () => {
  server.plain.set('/a/fox.jpg', JPEG);
  server.plain.set('/mirror/fox.jpg', PNG);
  const image = at(`${server.endpoint}/a/fox.jpg`);
  expect(await readImage(image, null)).toEqual(JPEG);
  expect(await readImage(image, `${server.endpoint}/mirror/`)).toEqual(PNG);
});

test('an image comes from a folder, as PNG where there is one', async () => {
  const image = at('https://example.org/a/fox.jpg');
  await expect(readImage(image, folder)).rejects.toThrow(
    `The image fox.jpg is not in ${folder}. Save https://example.org/a/fox.jpg there under that name.`,
  );
  await writeFile(path.join(folder, 'fox.jpg'), JPEG);
  expect(await readImage(image, folder)).toEqual(JPEG);
  await writeFile(path.join(folder, 'fox.png'), PNG);
  expect(await readImage(image, folder)).toEqual(PNG);
});

test('without an image it says why and what to do', async () => {
  const url = `${server.endpoint}/a/fox.jpg`;
  await expect(readImage(at(url), null)).rejects.toThrow(
    /^The server does not give out the image at .*fox\.jpg \(status 404\)\. Save .* as fox\.jpg into a folder/,
  );
  await server.stop();
  await expect(readImage(at(url), null)).rejects.toThrow(
    /fox\.jpg could not be downloaded \(.*ECONNREFUSED.*\)\. .* with --images\.$/,
  );
});
