import { createServer, Server } from 'https';
import { TLSSocket } from 'tls';
import { Machine } from './machine';

/** A server on loopback that is sent JSON, by whoever shows a certificate of its CA. */
export abstract class MutualTlsServer {
  /** Who sent something, by the common names of their certificates, once a request. */
  readonly clients: string[] = [];
  /** Handshakes that failed, on either side. */
  refusals = 0;
  private server?: Server;

  /**
   * @param name of its certificate and key, which lie at the machine's root
   * @param authority the name of the CA's certificate there
   */
  constructor(private readonly name: string, private readonly authority: string) {}

  async start(machine: Machine, port: number): Promise<this> {
    const [cert, key, ca] = [`/${this.name}.crt`, `/${this.name}.key`, `/${this.authority}.crt`].map((path) => machine.read(path));
    const server = createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: true }, (request, response) => {
      let text = '';
      this.clients.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
      request.setEncoding('utf8').on('data', (chunk) => text += chunk).on('end', () => {
        const answer = this.answer(JSON.parse(text));
        if (answer !== undefined) {
          response.setHeader('Content-Type', 'application/json');
        }
        response.end(answer && JSON.stringify(answer));
      });
    });
    server.on('tlsClientError', () => this.refusals += 1);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.server = server;
    return this;
  }

  /** Also where it has stopped. */
  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (server) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** What is said to something that was sent, or nothing. */
  protected abstract answer(sent: any): object | undefined;
}
