/** Puts elements at the end of a list, however many: a call takes some ten thousands of arguments only. */
export function append<T>(list: T[], more: Iterable<T>): void {
  for (const each of more) {
    list.push(each);
  }
}
