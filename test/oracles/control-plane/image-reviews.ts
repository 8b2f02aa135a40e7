import { MutualTlsServer } from './mutual-tls-server';

/** Refuses images of one repository. */
export class ImageReviews extends MutualTlsServer {
  constructor() {
    super('image-policy', 'image-ca');
  }

  protected answer(review: any): object {
    const allowed = review.spec.containers.every(({ image }: any) => !image.includes('/bad/'));
    return { ...review, status: { allowed, reason: allowed ? '' : 'not from this registry' } };
  }
}
