/** What the Kubernetes API holds in a field. */
export type FieldType = {
  /** The minor in which the field appeared, where that is after 1.28: 30 for 1.30. */
  readonly since?: number;
} & (
  | { readonly kind: 'object'; readonly type: string }
  | { readonly kind: 'array' | 'map'; readonly of: FieldType }
  | { readonly kind: ScalarKind }
);

/** `intOrString` holds either, `quantity` a number or a text such as 100m, `any` whatever JSON has. */
export type ScalarKind = 'string' | 'integer' | 'number' | 'boolean' | 'intOrString' | 'quantity' | 'any';

/** A field's type in words: "a boolean", "an array of Container". */
export function describeFieldType(field: FieldType): string {
  switch (field.kind) {
    case 'object': return `an object (${field.type})`;
    case 'array': return `an array of ${nameOf(field.of)}`;
    case 'map': return `a map of ${nameOf(field.of)}`;
    case 'intOrString': return 'an integer or a string';
    case 'integer': return 'an integer';
    case 'any': return 'any value';
    default: return `a ${field.kind}`;
  }
}

function nameOf(field: FieldType): string {
  if (field.kind === 'object') {
    return field.type;
  }
  return field.kind === 'array' || field.kind === 'map' ? describeFieldType(field) : `${field.kind} values`;
}
