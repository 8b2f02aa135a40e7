import { Token } from 'cdktf';
import { invalid, InvalidInput } from '../../core/errors';

/** Refuses values that are known at apply only: they can be neither checked nor counted here. */
export function requireLiteral(value: unknown, property: string, allowed: string, at?: InvalidInput['at']): void {
  if (Token.isUnresolved(value)) {
    throw invalid({
      at, property, got: '(a value that is not known until apply)', allowed, fix: 'Give it literally: what is known at apply only can\'t be checked here.',
    });
  }
}

/** Checks an ARN; one that is known at apply only passes. */
export function checkArn(arn: string, service: string, property: string, at?: InvalidInput['at']): string {
  if (!Token.isUnresolved(arn) && !new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:\\d{12}:.+$`).test(arn)) {
    throw invalid({ at, property, got: arn, allowed: `an ARN of the service ${service}`, fix: `Give the full ARN: arn:aws:${service}:…` });
  }
  return arn;
}
