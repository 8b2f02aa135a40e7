import { MutualTlsServer } from './mutual-tls-server';

/** Receives batches of audit records. */
export class AuditCollector extends MutualTlsServer {
  readonly batches: any[][] = [];

  constructor() {
    super('collector', 'collector-ca');
  }

  get events(): any[] {
    return this.batches.flat();
  }

  protected answer({ items }: any): undefined {
    this.batches.push(items);
  }
}
