import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { OutputFile, stageFiles, staleFiles, writeFiles } from '../../../src/app/synthesis/write-files';

let root: string;
let out: string;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'write-files-'));
  out = path.join(root, 'out');
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(root, { recursive: true });
});

function file(relative: string, content = relative, mode?: number): OutputFile {
  return { path: relative, content, mode };
}

function tree(folder = out): string[] {
  return (fs.readdirSync(folder, { recursive: true }) as string[]).sort();
}

function textOf(relative: string): string {
  return fs.readFileSync(path.join(out, relative), 'utf8');
}

function put(relative: string, text = 'foreign'): void {
  fs.mkdirSync(path.dirname(path.join(root, relative)), { recursive: true });
  fs.writeFileSync(path.join(root, relative), text);
}

describe('writing', () => {
  test('makes the folder, the folders in it and the files', () => {
    expect(writeFiles(out, [file('a'), file('b/c')], { folders: ['d/e'] })).toEqual({ written: ['a', 'b/c'], unchanged: [], removed: [] });
    expect(tree()).toEqual(['a', 'b', 'b/c', 'd', 'd/e']);
    expect(textOf('b/c')).toBe('b/c');
  });

  test('doesn\'t touch files that hold the content already', () => {
    writeFiles(out, [file('a'), file('b')]);
    fs.utimesSync(path.join(out, 'a'), 1000, 1000);
    expect(writeFiles(out, [file('a'), file('b', 'new')])).toEqual({ written: ['b'], unchanged: ['a'], removed: [] });
    expect(fs.statSync(path.join(out, 'a')).mtimeMs).toBe(1_000_000);
    expect(textOf('b')).toBe('new');
  });

  test('sets modes, also of files whose content is the same, whatever the umask', () => {
    const mode = (relative: string) => (fs.statSync(path.join(out, relative)).mode & 0o7777).toString(8);
    const umask = process.umask(0o077);
    try {
      writeFiles(out, [file('script', 'x', 0o755), file('key', 'x', 0o600), file('plain')]);
    } finally {
      process.umask(umask);
    }
    expect(['script', 'key', 'plain'].map(mode)).toEqual(['755', '600', '600']);
    expect(writeFiles(out, [file('script', 'x', 0o700)]).written).toEqual(['script']);
    expect(mode('script')).toBe('700');
  });

  test('keeps the mode of a file that it replaces', () => {
    put('out/a');
    fs.chmodSync(path.join(out, 'a'), 0o640);
    writeFiles(out, [file('a')]);
    expect(fs.statSync(path.join(out, 'a')).mode & 0o777).toBe(0o640);
  });

  test('replaces a symbolic link, and leaves what it points to alone', () => {
    put('elsewhere/target');
    fs.mkdirSync(out);
    fs.symlinkSync('../elsewhere/target', path.join(out, 'a'));
    writeFiles(out, [file('a', 'mine')]);
    expect(fs.readFileSync(path.join(root, 'elsewhere/target'), 'utf8')).toBe('foreign');
    expect(fs.lstatSync(path.join(out, 'a')).isFile()).toBe(true);
  });

  test('may go to a folder that is itself a symbolic link', () => {
    fs.mkdirSync(path.join(root, 'real'));
    fs.symlinkSync('real', out);
    writeFiles(out, [file('a')]);
    expect(tree(path.join(root, 'real'))).toEqual(['a']);
  });
});

describe('something in the way is named before anything is written:', () => {
  function refuses(files: OutputFile[], message: string, folders: string[] = []): void {
    const before = tree(root);
    expect(() => writeFiles(out, files, { folders })).toThrow(new Error(message));
    expect(tree(root)).toEqual(before);
  }

  test('a file where the output folder should be', () => {
    put('out');
    refuses([file('a')], `[${out}] output folder: got "a file"; allowed: a folder, or nothing yet. Move it away, or choose another output folder. Nothing was written.`);
  });

  test('a file above the output folder', () => {
    put('out');
    const above = out;
    out = path.join(out, 'deep/folder');
    refuses([file('a')], `[${above}] output folder: got "a file"; allowed: a folder, or nothing yet. Move it away, or choose another output folder. Nothing was written.`);
  });

  test('a file where a folder below should be', () => {
    put('out/b');
    refuses([file('a'), file('b/c')],
      `[${path.join(out, 'b')}] output folder: got "a file"; allowed: a folder, or nothing yet. Move it away, or choose another output folder. Nothing was written.`);
    refuses([file('a')],
      `[${path.join(out, 'b')}] output folder: got "a file"; allowed: a folder, or nothing yet. Move it away, or choose another output folder. Nothing was written.`,
      ['b']);
  });

  test('a folder where a file should be', () => {
    put('out/b/foreign');
    refuses([file('a'), file('b')],
      `[${path.join(out, 'b')}] output file: got "a folder"; allowed: a file, or nothing yet. Move it away, or choose another output folder. Nothing was written.`);
  });

  test('a symbolic link that leads out of the folder', () => {
    put('elsewhere/target');
    fs.mkdirSync(out);
    fs.symlinkSync('../elsewhere', path.join(out, 'etc'));
    refuses([file('a'), file('etc/target')],
      `[${path.join(out, 'etc')}] output folder: got "a symbolic link"; allowed: a folder, or nothing yet. Move it away, or choose another output folder. Nothing was written.`);
  });

  test.each(['../a', '/etc/passwd', 'a/../../b', './a', 'a//b', 'a/', '..', ''])('the path %j, which is not one below the folder', (relative) => {
    refuses([file(relative, 'x')], `[${out}] path: got ${JSON.stringify(relative)}; allowed: a normalized relative path below the output folder. Write the file below the folder.`);
  });

  test('two files of one path', () => {
    refuses([file('a'), file('b'), file('a')], `[${path.join(out, 'a')}] path: allowed: a path that one file has. Give the other file another name.`);
  });

  test('a file that is also a folder', () => {
    refuses([file('a'), file('a/b')], `[${path.join(out, 'a')}] path: allowed: a file or a folder, not both. Give the file or the folder another name.`);
  });
});

describe('a write that fails', () => {
  /** Writes in a process that may not write files of more than 1 KiB or 512 bytes, as a full disk would refuse. */
  function writeWithLimit(files: OutputFile[]): string {
    const script = path.join(root, 'write.ts');
    const module = path.join(__dirname, '../../../src/app/synthesis/write-files');
    fs.writeFileSync(script, `
      import { writeFiles } from ${JSON.stringify(module)};
      try { writeFiles(${JSON.stringify(out)}, ${JSON.stringify(files)}); } catch (error) { console.log((error as Error).message); }
    `);
    const tsx = path.join(path.dirname(require.resolve('tsx/package.json')), 'dist/cli.mjs');
    const { stdout, stderr } = spawnSync('sh', ['-c', `ulimit -f 1 && exec "${process.execPath}" "${tsx}" "${script}"`], {
      encoding: 'utf8', env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    });
    expect(stderr).toBe('');
    fs.rmSync(script);
    return stdout.trim();
  }

  test('leaves every old file whole, no temporary file behind, and names the file', () => {
    put('out/small', 'old small');
    put('out/large', 'old large');
    const message = writeWithLimit([file('small', 'new small'), file('new/folder/file'), file('large', 'x'.repeat(5000))]);
    expect(message).toBe(`[${path.join(out, 'large')}] writing a file: got "EFBIG: file too large"; allowed: a place where files can be written. `
      + 'Free some space, mend the permissions or choose another folder, then run again.');
    expect(tree()).toEqual(['large', 'small']);
    expect([textOf('large'), textOf('small')]).toEqual(['old large', 'old small']);
  });

  test('and its twin below the limit doesn\'t', () => {
    expect(writeWithLimit([file('large', 'x'.repeat(400))])).toBe('');
    expect(textOf('large')).toHaveLength(400);
  });

  test('because a folder appeared where the file goes is told, and the temporary files go', () => {
    const staged = stageFiles(out, [file('a'), file('b')]);
    put('out/b/foreign');
    expect(() => staged.commit()).toThrow(`[${path.join(out, 'b')}] writing a file: got "EISDIR: illegal operation on a directory"; `);
    expect(tree()).toEqual(['a', 'b', 'b/foreign']);
  });
});

describe('staging', () => {
  test('shows nothing until it is committed, and takes everything back when it is discarded', () => {
    put('out/a', 'old');
    const staged = stageFiles(out, [file('a', 'new'), file('b/c')], { folders: ['d'] });
    expect(textOf('a')).toBe('old');
    staged.discard();
    expect(tree()).toEqual(['a']);
    stageFiles(out, [file('a', 'new')]).commit();
    expect(textOf('a')).toBe('new');
  });

  test('leaves a folder that somebody else used meanwhile', () => {
    const staged = stageFiles(out, [file('b/c')]);
    put('out/b/foreign');
    staged.discard();
    expect(tree()).toEqual(['b', 'b/foreign']);
  });
});

describe('pruning', () => {
  const write = (...files: OutputFile[]) => writeFiles(out, files, { prune: true });

  test('removes files of earlier runs, and the folders that this empties', () => {
    write(file('a'), file('b/c/d'), file('b/e'));
    expect(write(file('a'), file('b/e'))).toEqual({ written: [], unchanged: ['a', 'b/e'], removed: ['b/c/d'] });
    expect(tree()).toEqual(['.written-files.json', 'a', 'b', 'b/e']);
    expect(textOf('.written-files.json')).toBe('[\n  "a",\n  "b/e"\n]\n');
  });

  test('removes everything of its own, the list included, when nothing is written any more', () => {
    write(file('a'), file('b/c'));
    put('out/foreign');
    expect(write().removed).toEqual(['a', 'b/c']);
    expect(tree()).toEqual(['foreign']);
  });

  test('never removes foreign files or folders', () => {
    write(file('a/b'));
    put('out/a/foreign');
    put('out/other/foreign');
    write(file('c'));
    expect(tree()).toEqual(['.written-files.json', 'a', 'a/foreign', 'c', 'other', 'other/foreign']);
  });

  test('keeps a file that a run without pruning wrote', () => {
    writeFiles(out, [file('a')]);
    write(file('b'));
    expect(tree()).toEqual(['.written-files.json', 'a', 'b']);
  });

  test('never follows a symbolic link out of the folder', () => {
    write(file('etc/target'), file('link'));
    fs.rmSync(path.join(out, 'etc'), { recursive: true });
    fs.rmSync(path.join(out, 'link'));
    put('elsewhere/target');
    fs.symlinkSync('../elsewhere', path.join(out, 'etc'));
    fs.symlinkSync('../elsewhere/target', path.join(out, 'link'));
    expect(write(file('a')).removed).toEqual([]);
    expect(tree(path.join(root, 'elsewhere'))).toEqual(['target']);
    expect(fs.lstatSync(path.join(out, 'link')).isSymbolicLink()).toBe(true);
  });

  test.each(['../elsewhere/target', '/tmp/target', 'a/../../elsewhere/target', '..'])('doesn\'t believe a list that names %s', (entry) => {
    put('elsewhere/target');
    put('out/.written-files.json', JSON.stringify([entry]));
    expect(write(file('a')).removed).toEqual([]);
    expect(tree(path.join(root, 'elsewhere'))).toEqual(['target']);
  });

  test.each(['<<<<<<< HEAD', '{"a": 1}', '[1]'])('refuses a list that holds %j, before anything is written', (text) => {
    put('out/.written-files.json', text);
    expect(() => write(file('a'))).toThrow(new Error(`[${path.join(out, '.written-files.json')}] list of written files: allowed: the list as the last run wrote it. `
      + 'Remove the file, and by hand whatever is no longer wanted in its folder.'));
    expect(tree()).toEqual(['.written-files.json']);
  });

  test('makes no folder when there is nothing to write or remove', () => {
    write();
    expect(tree(root)).toEqual([]);
  });
});

describe('stale files', () => {
  test('are the manifests that this run didn\'t write, in the folder and one below', () => {
    ['a.k8s.yaml', 'old.k8s.yaml', 'notes.txt', 'chart/x.k8s.yaml', 'chart/old.k8s.yaml', 'a/b/deep.k8s.yaml'].forEach((each) => put(`out/${each}`));
    expect(staleFiles(out, ['a.k8s.yaml', 'chart/x.k8s.yaml'], '.k8s.yaml')).toEqual(['chart/old.k8s.yaml', 'old.k8s.yaml']);
    expect(tree()).toContain('old.k8s.yaml');
  });

  test('are not looked for through symbolic links', () => {
    put('elsewhere/old.k8s.yaml');
    fs.mkdirSync(out);
    fs.symlinkSync('../elsewhere', path.join(out, 'link'));
    expect(staleFiles(out, [], '.k8s.yaml')).toEqual([]);
  });

  test('are none in a folder that doesn\'t exist', () => {
    expect(staleFiles(out, [], '.k8s.yaml')).toEqual([]);
  });
});
