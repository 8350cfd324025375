import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { diffJson, wholeDiff } from '../../src/filesystem/diff-json.ts';
import { blind, diff, listed, whole } from './sample-diff.ts';

describe('schema/pod-diff.json', () => {
  it('describes what is printed, and nothing else', async () => {
    const schema: unknown = JSON.parse(
      readFileSync(new URL('../../schema/pod-diff.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv2020({ strict: true }).compile(schema as object);
    for (const indent of [0, 2] as const) {
      const text = (await listed(diffJson(diff(whole, blind), indent))).join('');
      const data = JSON.parse(text) as object;
      expect(data).to.deep.equal(JSON.parse(JSON.stringify(await wholeDiff(diff(whole, blind)))));
      expect(text).to.equal(JSON.stringify(data, undefined, indent));
      expect(validate(data), JSON.stringify(validate.errors)).to.equal(true);
      expect(validate({ ...data, more: 1 })).to.equal(false);
    }
  });
});

describe('a diff in pieces', () => {
  it('is JSON without containers too', async () => {
    for (const indent of [0, 2] as const) {
      const text = (await listed(diffJson(diff(), indent))).join('');
      expect(JSON.parse(text)).to.deep.equal({ ...diff() });
    }
  });
  it('holds nothing that steers a terminal', async () => {
    const pod = { namespace: 'n', name: 'p', uid: 'u\u009b2J\u202e', node: 'a' };
    const text = (await listed(diffJson({ ...diff(whole), pod }, 2))).join('');
    expect(text).to.include('u\\u009b2J\\u202e');
  });
});
