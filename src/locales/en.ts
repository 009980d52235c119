/**
 * Every word of the interface, in English. The type of every other language is `Words`, made of this one: a key that is
 * missing or too many does not compile. An entry is a sentence, or a function of what stands in it. One file of `en/`
 * for each part of the interface; the errors apart from the rest, so that workers carry no other words.
 */
import { actions, openSample } from './en/actions.ts';
import { assumptions, downloadNotices } from './en/checkpoint-notices.ts';
import { device } from './en/device.ts';
import { dtypes } from './en/dtypes.ts';
import { facts } from './en/facts.ts';
import { format } from './en/format.ts';
import { help } from './en/help.ts';
import { mask } from './en/mask.ts';
import { models } from './en/models.ts';
import { notices } from './en/notices.ts';
import { onnx } from './en/onnx.ts';
import { page } from './en/page.ts';
import { quantities } from './en/quantities.ts';
import { reasons } from './en/reasons.ts';
import { share } from './en/share.ts';
import { stage } from './en/stage.ts';
import { strategies } from './en/strategies.ts';
import { sweep } from './en/sweep.ts';

export const en = {
  format,
  dtypes,
  reasons,
  notices,
  downloadNotices,
  assumptions,
  quantities,
  page,
  actions,
  openSample,
  stage,
  strategies,
  mask,
  facts,
  device,
  models,
  onnx,
  sweep,
  share,
  help,
};
