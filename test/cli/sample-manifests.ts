/** A Service that every node answers for: one finding, of medium severity. */
export const NODE_PORT = `apiVersion: v1
kind: Service
metadata: {name: shop, namespace: shop}
spec:
  type: NodePort
  ports: [{port: 80}]
`;

/** A Deployment `web` of the namespace `shop`. @param podSpec the lines of its pods' spec, which aren't indented */
export function webDeployment(podSpec: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
${podSpec.replace(/^(?=.)/gm, '      ')}`;
}
