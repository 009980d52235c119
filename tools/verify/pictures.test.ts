import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HubServer } from '../../src/checkpoint/sources/testing/hub-server.ts';
import { readPicture } from './pictures.ts';

const JPEG = Uint8Array.of(0xff, 0xd8, 1);
const PNG = Uint8Array.of(0x89, 0x50, 2);

let server: HubServer;
let folder: string;
beforeEach(async () => {
  server = await HubServer.start();
  folder = await mkdtemp(path.join(tmpdir(), 'mae-lens-pictures-'));
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const at = (url: string) => ({ url, width: 1, height: 1 });

test('a picture comes from its own address, or from a mirror under its name', async () => {
  server.plain.set('/a/fox.jpg', JPEG);
  server.plain.set('/mirror/fox.jpg', PNG);
  const picture = at(`${server.endpoint}/a/fox.jpg`);
  expect(await readPicture(picture, null)).toEqual(JPEG);
  expect(await readPicture(picture, `${server.endpoint}/mirror/`)).toEqual(PNG);
});

test('a picture comes from a folder, as PNG where there is one', async () => {
  const picture = at('https://example.org/a/fox.jpg');
  await expect(readPicture(picture, folder)).rejects.toThrow(
    `The picture fox.jpg is not in ${folder}. Save https://example.org/a/fox.jpg there under that name.`,
  );
  await writeFile(path.join(folder, 'fox.jpg'), JPEG);
  expect(await readPicture(picture, folder)).toEqual(JPEG);
  await writeFile(path.join(folder, 'fox.png'), PNG);
  expect(await readPicture(picture, folder)).toEqual(PNG);
});

test('without a picture it says why and what to do', async () => {
  const url = `${server.endpoint}/a/fox.jpg`;
  await expect(readPicture(at(url), null)).rejects.toThrow(
    /^The server does not give out the picture at .*fox\.jpg \(status 404\)\. Save .* as fox\.jpg into a folder/,
  );
  await server.stop();
  await expect(readPicture(at(url), null)).rejects.toThrow(
    /fox\.jpg could not be downloaded \(.*ECONNREFUSED.*\)\. .* with --pictures\.$/,
  );
});
