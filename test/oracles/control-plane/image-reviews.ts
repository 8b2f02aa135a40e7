import { createServer, Server } from 'https';
import { TLSSocket } from 'tls';
import { Machine } from './machine';

/** Refuses images of one repository; wants a certificate of its CA from whoever asks. */
export class ImageReviews {
  static async start(machine: Machine, port: number): Promise<ImageReviews> {
    const reviews = new ImageReviews();
    reviews.server = createServer({
      cert: machine.read('/image-policy.crt'), key: machine.read('/image-policy.key'), ca: machine.read('/image-ca.crt'), requestCert: true, rejectUnauthorized: true,
    }, (message, response) => {
      let text = '';
      reviews.clients.push(String((message.socket as TLSSocket).getPeerCertificate().subject.CN));
      message.setEncoding('utf8').on('data', (chunk) => text += chunk).on('end', () => {
        const review = JSON.parse(text);
        const allowed = review.spec.containers.every(({ image }: any) => !image.includes('/bad/'));
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify({ ...review, status: { allowed, reason: allowed ? '' : 'not from this registry' } }));
      });
    });
    await new Promise<void>((resolve) => reviews.server!.listen(port, '127.0.0.1', resolve));
    return reviews;
  }

  readonly clients: string[] = [];
  private server?: Server;

  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (server) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
