import { invalid, InvalidInput } from './errors';

/** What cdktf puts in place of a value that Terraform makes: in text, lists, keys of maps, and as a number. */
const TOKEN = /[$#&]\{TfToken\[|-8\.10956\d*e\+298|-1\.88815\d*e\+289/;

/**
 * Refuses text with a value of Terraform's: outside of a stack nobody replaces it, and a program would read `${TfToken[TOKEN.0]}`.
 * @param fix how the value gets there
 */
export function refuseTerraformToken(text: string, property: string, at: InvalidInput['at'], fix: string): void {
  if (TOKEN.test(text)) {
    throw invalid({ at, property, got: '(a value that is not known until Terraform applies it)', allowed: 'literal text', fix });
  }
}
