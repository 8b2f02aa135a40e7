import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { hardened } from './editing';
import { ControlSet } from '../../../src/controls/control-set';
import { fixObject } from '../../../src/controls/fix/fix';
import { ControlPack } from '../../../src/controls/pack';
import { effectiveControls } from '../../../src/controls/superseding';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { FOREIGN_MANIFESTS, manifestText } from '../../support/foreign-manifests';
import { workloadArbitrary } from '../../support/generated-objects/workloads';
import { mutated, numbersFrom, samples } from '../documents/mutations';
import { json, read } from '../documents/reading';

const workloads = workloadArbitrary({ minor: 35 });

/** One object in many styles, with comments on lines of their own here and there. */
const manifests = fc.tuple(fc.array(workloads, { minLength: 1, maxLength: 3 }), fc.record({
  indent: fc.constantFrom(2, 4), indentSeq: fc.boolean(), lineWidth: fc.constantFrom(0, 40),
  defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'), collectionStyle: fc.constantFrom('any', 'any', 'any', 'flow'),
}), fc.record({
  comments: fc.nat(), crlf: fc.boolean(), isEnded: fc.boolean(), asList: fc.boolean(),
})).map(([objects, style, { comments, crlf, isEnded, asList }]) => {
  const documents = asList ? [{ apiVersion: 'v1', kind: 'List', items: objects }] : objects;
  const numbers = numbersFrom(comments);
  const plain = documents.map((object) => stringify(object, { ...style, aliasDuplicateObjects: false, version: '1.1' } as object)).join('---\n');
  const commented = style.collectionStyle === 'flow' || style.lineWidth > 0 ? plain : plain.replace(/^( *)(?:- )?[A-Za-z]+:/gm, (line, indent: string) => (
    numbers(6) === 0 && !line.startsWith('---') ? `${indent}# comment ${numbers(1000)}\n${line}` : line
  ));
  const ended = isEnded ? commented : commented.replace(/\n$/, '');
  return crlf ? ended.replace(/\n/g, '\r\n') : ended;
});

const settings = { numRuns: 60 };

test('any manifest says after it what the fixes of the controls make of it, and nothing is refused', () => {
  fc.assert(fc.property(manifests, (content) => {
    // Some forms of text that goes over several lines are refused by whoever reads them, or edits them.
    fc.pre(read(content).errors.length === 0 && !/\\\r?\n[ \t]*\r?\n/.test(content));
    const file = hardened(content);
    expect(file.problems).toEqual([]);
    expect(read(file.content).errors).toEqual([]);
    expect(read(file.content).objects.length).toBe(read(content).objects.length);
    if (file.changes.length === 0) {
      expect(file.content).toBe(content);
    }
  }), settings);
});

test('hardened again, nothing changes, byte for byte', () => {
  fc.assert(fc.property(manifests, fc.constantFrom(ControlPack.pssRestricted(), ControlPack.recommended()), (content, pack) => {
    const once = hardened(content, pack).content;
    const again = hardened(once, pack);
    expect(again.changes).toEqual([]);
    expect(again.content).toBe(once);
  }), settings);
});

test('single objects become what the plain fixes make of them, where nothing is kept for a reason', () => {
  const set = new ControlSet(effectiveControls(ControlPack.pssRestricted().controls, KubernetesVersion.V1_35), KubernetesVersion.V1_35);
  let same = 0;
  fc.assert(fc.property(workloads, (object) => {
    const file = hardened(stringify(object, { aliasDuplicateObjects: false, version: '1.1' }));
    if (file.left.length === 0) {
      same++;
      expect(json(read(file.content).objects[0])).toEqual(json(fixObject(JSON.parse(JSON.stringify(object)), set).object));
    }
  }), settings);
  expect(same).toBeGreaterThan(5);
});

test('line ends and a missing one at the end stay as they are', () => {
  fc.assert(fc.property(manifests, (content) => {
    const { content: after } = hardened(content);
    expect(/\r\n/.test(after)).toBe(/\r\n/.test(content));
    expect(/(?<!\r)\n/.test(after)).toBe(/(?<!\r)\n/.test(content));
    expect(after.endsWith('\n')).toBe(content.endsWith('\n'));
  }), settings);
});

test('every line that stays is there in its order; only lines about what is fixed go', () => {
  fc.assert(fc.property(manifests, (content) => {
    const file = hardened(content);
    const untouched = file.edits.reduceRight((text, { start, end }) => text.slice(0, start) + text.slice(end), content);
    const rest = file.edits.reduceRight((text, edit, i) => {
      const shift = file.edits.slice(0, i).reduce((sum, each) => sum + each.text.length - (each.end - each.start), 0);
      return text.slice(0, edit.start + shift) + text.slice(edit.start + shift + edit.text.length);
    }, file.content);
    expect(rest).toBe(untouched);
  }), settings);
});

test.each(Object.keys(FOREIGN_MANIFESTS))('%s keeps each of its comments and is a fixed point', (name) => {
  const content = manifestText(name);
  const file = hardened(content);
  const comments = (text: string) => text.match(/(?:^| )#.*/gm) ?? [];
  expect(file.problems).toEqual([]);
  expect(file.changes.length).toBeGreaterThan(0);
  expect(comments(file.content)).toEqual(comments(content));
  expect(hardened(file.content).content).toBe(file.content);
});

test('JSON in any indentation stays JSON, and is a fixed point', () => {
  fc.assert(fc.property(fc.array(workloads, { minLength: 1, maxLength: 3 }), fc.constantFrom(undefined, 2, 4, '\t'), (objects, indent) => {
    const content = objects.map((object) => JSON.stringify(object, undefined, indent)).join('\n');
    const file = hardened(content);
    expect(file.problems).toEqual([]);
    expect(hardened(file.content).content).toBe(file.content);
    if (objects.length === 1) {
      // No line is written otherwise than JSON.stringify does it.
      expect(file.content).toBe(JSON.stringify(JSON.parse(file.content), undefined, indent));
    }
  }), settings);
});

test('what was changed at random is changed rightly, or left as it was with a reason', () => {
  const all = [...samples(), ...Object.keys(FOREIGN_MANIFESTS).map(manifestText)];
  let done = 0;
  fc.assert(fc.property(fc.nat(), (seed) => {
    const content = mutated(all, numbersFrom(seed));
    const file = hardened(content);
    if (file.isWhole) {
      const [before, after] = [read(content), read(file.content)];
      expect(after.errors).toEqual([]);
      expect(after.objects.length).toBe(before.objects.length);
      done += file.edits.length > 0 ? 1 : 0;
    }
  }), { numRuns: 300 });
  expect(done).toBeGreaterThan(15);
});
