/**
 * Makes the properties that an object has now read-only at run time too. It is not frozen: jsii marks objects that it hands to other
 * languages with a property of its own, which a frozen object refuses.
 */
export function lock(value: object): void {
  for (const key of Object.keys(value)) {
    Object.defineProperty(value, key, { writable: false });
  }
}
