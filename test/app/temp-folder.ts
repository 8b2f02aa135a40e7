import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

/** Runs a test in an empty working directory of its own, with no CDK8S_OUTDIR. */
export function useTempFolder(): void {
  const home = process.cwd();
  const outdir = process.env.CDK8S_OUTDIR;
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hardened-'));
    process.chdir(folder);
    delete process.env.CDK8S_OUTDIR;
  });
  afterEach(() => {
    process.chdir(home);
    fs.rmSync(folder, { recursive: true, force: true });
    if (outdir !== undefined) {
      process.env.CDK8S_OUTDIR = outdir;
    } else {
      delete process.env.CDK8S_OUTDIR;
    }
  });
}

/** Every file below a folder, with its content. */
export function contents(folder: string): Record<string, string> {
  return Object.fromEntries(fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [path.relative(folder, file), fs.readFileSync(file, 'utf8')]));
}
