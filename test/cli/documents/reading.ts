import { DocumentProblem, problemText, Reading } from '../../../src/cli/documents/document';
import { readEditable } from '../../../src/cli/documents/editable-document';
import { readBytes } from '../../../src/cli/documents/read-documents';

/** What a file gives. */
export interface Outcome {
  readonly objects: unknown[];
  readonly errors: string[];
  readonly warnings: string[];
}

/** Reads text or bytes as the file `f.yaml`. */
export function read(content: string | Buffer): Outcome {
  return outcome([...readBytes('f.yaml', Buffer.from(content as string))]);
}

export function outcome(readings: readonly Reading[]): Outcome {
  const problems = readings.flatMap(reading => 'problem' in reading ? [reading.problem] : []);
  const texts = (level: DocumentProblem['level']) => problems.filter(problem => problem.level === level).map(problemText);
  return {
    objects: readings.flatMap(reading => 'document' in reading ? [reading.document.object] : []),
    errors: texts('error'),
    warnings: texts('warning'),
  };
}

/** The value that the reader for editing gives, or the problem's message. */
export function editableValue(text: string): { value: unknown } | { message: string } {
  const result = readEditable(text);
  return 'problem' in result ? { message: result.problem.message } : { value: result.value };
}

/** As JSON has it: the same for 0 and -0. */
export function json(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)
    .replace(/(?<=[:[,])-0(?=[\],}])/g, '0'));
}
