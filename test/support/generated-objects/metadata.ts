import * as fc from 'fast-check';
import { fields, oneOf, sometimes } from './arbitraries';

/** Labels beside those that selectors need. */
export const labels = fields({
  'app.kubernetes.io/name': sometimes(40, oneOf('app', 'web')),
  'app.kubernetes.io/part-of': sometimes(10, oneOf('shop', '')),
  'example.com/tier.1': sometimes(10, oneOf('a_b-c.d', 'UPPER')),
  'constructor': sometimes(3, fc.constant('x')),
});

export const annotations = fields({
  'example.com/owner': sometimes(20, oneOf('payments', 'größe, ✓ / {"a": 1}')),
  'kubectl.kubernetes.io/restartedAt': sometimes(8, fc.constant('2024-01-01T00:00:00Z')),
  'prometheus.io/scrape': sometimes(10, oneOf('true', 'false')),
  'cluster-autoscaler.kubernetes.io/safe-to-evict': sometimes(4, oneOf('true', 'false')),
  'empty': sometimes(4, fc.constant('')),
});
