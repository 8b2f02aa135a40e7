/** What stands before an `@` that begins no digest, with the scheme that some put before a reference. */
const USER_INFORMATION = /^([a-z][a-z0-9+.-]*:\/\/)?[^]*@(?!sha(256|512):[0-9a-f])/i;
/** No reference has either: whatever follows is for somebody else, such as a token. */
const QUERY = /[?#][^]*$/;

/** An image's reference as reports may show it: nothing that somebody logs in with. */
export function withoutCredentials(image: string): string {
  return image.replace(QUERY, '?(left out)').replace(USER_INFORMATION, '(left out)@');
}

/** Whether a reference holds what somebody logs in with, such as `user:password@` before the registry. */
export function holdsCredentials(image: string): boolean {
  return withoutCredentials(image) !== image;
}
