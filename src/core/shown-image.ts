import { withoutCredentials } from './image-credentials';
import { secretIn } from './secret-text';

/** An image's reference as reports may show it: without what somebody logs in with, and without secrets of known forms. */
export function shownImage(image: string): string {
  const shown = withoutCredentials(image);
  const secret = secretIn(shown);
  return secret === undefined ? shown : `(left out: it holds ${secret})`;
}
